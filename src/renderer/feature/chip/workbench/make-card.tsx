/** From the workbench to a real card: the data at hand is made in the reader as a job of one card, journaled like any other. */
import { CreditCard } from 'lucide-react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { groupNumber, maskNumber } from '#shared/card/number.ts'
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import { cardNumberOf } from '#shared/design/desk-design.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../../client/client.ts'
import { goTo, routeTo } from '../../../frame/route.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { useMay } from '../../../store/session.ts'
import { Button, Dialog, FaultPanel, TextField } from '../../../ui/index.ts'
import { askBeforeRun, RunQuestions } from '../../produce/questions.tsx'
import { isBusy, putCardAway, useBench } from './session.ts'

/** Nothing where the card is no real one, or the person makes no cards. */
export function MakeCard() {
  const { say } = useWords()
  const { task, chip, target, state } = useBench()
  const mayMake = useMay('chip.makeCard')
  const [open, setOpen] = useState(false)
  if (target.kind !== 'reader' || !mayMake) return undefined
  return (
    <>
      <Button icon={<CreditCard size={18} aria-hidden />} isDisabled={isBusy(state) || task === undefined || chip === undefined} onPress={() => setOpen(true)}>
        {say('bench.make')}
      </Button>
      {open && task !== undefined && chip !== undefined && <MakeDialog reader={target.reader} chip={{ ...chip, task }} onClose={() => setOpen(false)} />}
      <RunQuestions />
    </>
  )
}

function MakeDialog({ reader, chip, onClose }: { reader: string; chip: PreparedChip; onClose(): void }) {
  const { say } = useWords()
  const known = cardNumberOf(chip)
  const [number, setNumber] = useState('')
  const [making, setMaking] = useState(false)
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const make = async () => {
    setMaking(true)
    setFaults([])
    try {
      const device = await makeCard(reader, known === undefined ? number.trim() : undefined, chip)
      if (device !== undefined) goTo(routeTo('produce', [device]))
    } catch (thrown) {
      setFaults(faultsOf(thrown))
    }
    setMaking(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void make()
  }
  return (
    <Dialog title={say('bench.make.title', { reader })} open onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p className="soft">{say('bench.make.lead')}</p>
        {known === undefined ? (
          <TextField label={say('bench.make.number')} hint={say('bench.make.number.hint')} value={number} onChange={setNumber} maxLength={40} autoComplete="off" autoFocus spellCheck="false" />
        ) : (
          <p>{say('bench.make.number.known', { number: groupNumber(maskNumber(known)) })}</p>
        )}
        <FaultPanel faults={faults} />
        <div className="dialog-actions">
          <Button onPress={onClose}>{say('control.cancel')}</Button>
          <Button type="submit" kind="primary" isDisabled={making || (known === undefined && number.trim() === '')}>
            {say('bench.make.go')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Answers the device on which the card is being made; undefined where the person put the task's questions away. */
async function makeCard(reader: string, number: string | undefined, chip: PreparedChip): Promise<string | undefined> {
  const { source } = await call('chip.document', { document: 'task', id: chip.task })
  const answers = await askBeforeRun(await call('bench.questions', { task: source, extensions: {} }))
  if (answers === undefined) return undefined
  // The bench lets go of the reader first: a card has one master.
  await putCardAway()
  return (await call('chip.makeCard', { reader, chip, answers, ...(number !== undefined && { number }) })).device
}
