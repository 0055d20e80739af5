/** Faults of practice cards as a person picks them; the workbench and the practice machine share it. */
import { useState } from 'react'
import type { ChipFault } from '#shared/chip/practice-card.ts'
import { instructionName } from '#shared/chip/instructions.ts'
import type { Words } from '../../i18n/provider.tsx'
import { useWords } from '../../i18n/provider.tsx'
import { Button, NumberField, Select, TextField } from '../../ui/index.ts'

type Kind = ChipFault['kind']
type Moment = Extract<ChipFault, { kind: 'removed' }>['moment']

const kinds: readonly Kind[] = ['removed', 'mute', 'reader-lost', 'status', 'wrong-key', 'torn-write', 'silent-loss', 'full-memory', 'retry-counter-spent', 'slow', 'dead']
const moments: readonly Moment[] = ['before', 'during', 'after']
/** Faults that strike at a command. */
const placed: ReadonlySet<Kind> = new Set(['removed', 'mute', 'reader-lost', 'status', 'torn-write', 'silent-loss', 'slow'])

export function FaultForm({ onArm }: { onArm(fault: ChipFault): void }) {
  const { say } = useWords()
  const [kind, setKind] = useState<Kind>('removed')
  const [moment, setMoment] = useState<Moment>('during')
  const [command, setCommand] = useState(12)
  const [status, setStatus] = useState('6985')
  const [bytes, setBytes] = useState(64)
  const [milliseconds, setMilliseconds] = useState(2000)
  const wrongStatus = !/^[0-9A-Fa-f]{4}$/.test(status)
  const fault = (): ChipFault => {
    const when = { command }
    switch (kind) {
      case 'removed':
      case 'reader-lost':
        return { kind, ...when, moment }
      case 'mute':
        return { kind, ...when, executed: moment !== 'before' }
      case 'status':
        return { kind, ...when, status: Number.parseInt(status, 16) }
      case 'torn-write':
        return { kind, ...when, byte: bytes }
      case 'silent-loss':
        return { kind, ...when }
      case 'slow':
        return { kind, ...when, milliseconds }
      case 'full-memory':
        return { kind, bytes }
      case 'wrong-key':
      case 'retry-counter-spent':
      case 'dead':
        return { kind }
    }
  }
  return (
    <div className="fault-form">
      <Select<Kind> label={say('chip-fault.kind')} value={kind} onChange={setKind} options={kinds.map((id) => ({ id, text: say(`chip-fault.kind.${id}`) }))} />
      {placed.has(kind) && <NumberField label={say('chip-fault.command')} value={command} onChange={setCommand} minValue={1} maxValue={100_000} />}
      {(kind === 'removed' || kind === 'reader-lost' || kind === 'mute') && (
        <Select<Moment> label={say('chip-fault.moment')} value={moment} onChange={setMoment} options={moments.map((id) => ({ id, text: say(`chip-fault.moment.${id}`) }))} />
      )}
      {kind === 'status' && <TextField label={say('chip-fault.status')} value={status} onChange={setStatus} maxLength={4} error={wrongStatus ? say('chip-fault.status.wrong') : undefined} spellCheck="false" />}
      {(kind === 'torn-write' || kind === 'full-memory') && <NumberField label={say(`chip-fault.bytes.${kind}`)} value={bytes} onChange={setBytes} minValue={0} maxValue={100_000} />}
      {kind === 'slow' && <NumberField label={say('chip-fault.milliseconds')} value={milliseconds} onChange={setMilliseconds} minValue={1} maxValue={120_000} />}
      <Button isDisabled={kind === 'status' && wrongStatus} onPress={() => onArm(fault())}>
        {say('practice.arm')}
      </Button>
    </div>
  )
}

/** An armed fault in words. */
export function chipFaultText({ say }: Words, fault: ChipFault): string {
  const parts = [say(`chip-fault.kind.${fault.kind}`)]
  if ('command' in fault && fault.command !== undefined) parts.push(say('chip-fault.at', { command: fault.command }))
  if ('ins' in fault && fault.ins !== undefined) parts.push(instructionName(0x80, fault.ins) ?? fault.ins.toString(16).toUpperCase())
  if ('moment' in fault) parts.push(say(`chip-fault.moment.${fault.moment}`))
  if (fault.kind === 'status') parts.push(fault.status.toString(16).toUpperCase().padStart(4, '0'))
  return parts.join(' · ')
}
