/** The card on the bench: its answer to reset, faults to arm on a practice card, and commands typed by hand. */
import { SendHorizontal, X } from 'lucide-react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { useWords } from '../../../i18n/provider.tsx'
import { Button, Checkbox, IconButton, TextField } from '../../../ui/index.ts'
import { FaultForm, chipFaultText } from '../fault-form.tsx'
import { grouped } from './reading.ts'
import { armFaults, changeBench, isBusy, putCardAway, sendByHand, useBench } from './session.ts'

export function CardPane() {
  const { say } = useWords()
  const { target, atr, bench, state, keepCard } = useBench()
  return (
    <div className="bench-card stack">
      <dl className="facts">
        <dt>{say('bench.card')}</dt>
        <dd>{target.kind === 'practice' ? say(`practice-card.${target.type}`) : target.reader}</dd>
        <dt>{say('bench.atr')}</dt>
        <dd className="code">{atr === undefined ? say('bench.atr.none') : grouped(atr)}</dd>
      </dl>
      {target.kind === 'practice' && (
        <div className="row">
          <Checkbox isSelected={keepCard} onChange={(keep) => changeBench({ keepCard: keep })}>
            {say('bench.keep-card')}
          </Checkbox>
          <Button kind="quiet" isDisabled={bench === undefined || isBusy(state)} onPress={() => void putCardAway()}>
            {say('bench.put-away')}
          </Button>
        </div>
      )}
      {target.kind === 'practice' && <Faults />}
      <ByHand />
    </div>
  )
}

function Faults() {
  const words = useWords()
  const { target } = useBench()
  if (target.kind !== 'practice') return null
  const { faults } = target
  return (
    <section className="stack" data-tight aria-label={words.say('bench.faults')}>
      <h2>{words.say('bench.faults')}</h2>
      <p className="soft small">{words.say('bench.faults.lead')}</p>
      <FaultForm onArm={(fault) => armFaults([...faults, fault])} />
      <ul className="bench-armed" aria-label={words.say('practice.armed')}>
        {faults.map((fault, index) => (
          <li key={index} className="spread">
            <span>{chipFaultText(words, fault)}</span>
            <IconButton label={words.say('practice.disarm')} onPress={() => armFaults(faults.toSpliced(index, 1))}>
              <X size={18} />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

function ByHand() {
  const { say } = useWords()
  const { state } = useBench()
  const [command, setCommand] = useState('')
  const digits = command.replaceAll(/\s/g, '')
  const wrong = command !== '' && (/[^0-9A-Fa-f]/.test(digits) || digits.length % 2 === 1 || digits.length < 8)
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (digits !== '' && !wrong) void sendByHand(digits)
  }
  return (
    <form className="stack" data-tight onSubmit={send} aria-label={say('bench.by-hand')}>
      <h2>{say('bench.by-hand')}</h2>
      <div className="bench-by-hand">
        <TextField label={say('bench.command')} placeholder="00 A4 04 00" value={command} onChange={setCommand} error={wrong ? say('bench.command.wrong') : undefined} spellCheck="false" />
        <Button type="submit" icon={<SendHorizontal size={18} aria-hidden />} isDisabled={isBusy(state) || digits === '' || wrong}>
          {say('bench.send')}
        </Button>
      </div>
    </form>
  )
}
