/**
 * A question of the machine, attached to the place that it is about: what happened, what is certain of the card, what to do,
 * and choices that name their consequence. Esc puts it away without deciding; it stays open as a bar until it is answered.
 */
import { CircleCheck, CircleHelp, CircleSlash2, MessageCircleWarning } from 'lucide-react'
import { useState } from 'react'
import type { LucideIcon } from 'lucide-react'
import type { Operation } from '#shared/card/life.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import type { Prompt, RunView } from '#shared/job/job.ts'
import { call } from '../../../client/client.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { useJob } from '../../../store/live.ts'
import { AttachedSheet, Button, CardPicture, FaultPanel } from '../../../ui/index.ts'
import { ChoiceList, LastQuestion } from './choices.tsx'
import type { Second } from './choices.tsx'
import { useContacts } from '../contacts.ts'
import { recordOf, usePreviewOf } from './preview-of.ts'

type Choice = Prompt['choices'][number]

export interface PromptSheetProps {
  prompt: Prompt
  run: RunView | undefined
  /** Questions that wait behind this one. */
  more: number
  anchor: number
  onClose(): void
}

export function PromptSheet({ prompt, run, more, anchor, onClose }: PromptSheetProps) {
  const words = useWords()
  const preview = usePreviewOf(isAboutABlank(prompt) ? prompt.attempt : undefined, run)
  const contacts = useContacts(useJob(prompt.attempt && recordOf(prompt.attempt).job)?.design)
  const [asking, setAsking] = useState<Choice>()
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const answer = async (choice: Choice, second?: Second) => {
    setBusy(true)
    setFaults([])
    try {
      await call('prompt.answer', { prompt: prompt.id, choice: choice.id, ...(second && { second }) })
    } catch (thrown) {
      setFaults(faultsOf(thrown))
    }
    setBusy(false)
  }
  const choose = (choice: Choice) => {
    setFaults([])
    if (choice.final || choice.needsSecond) setAsking(choice)
    else void answer(choice)
  }
  const tone = prompt.reason.severity === 'operator' ? 'doubt' : 'bad'
  return (
    <AttachedSheet title={words.say(`prompt.${prompt.kind}.title`)} anchor={anchor} tone={tone} onClose={asking ? () => setAsking(undefined) : onClose}>
      <div className="prompt">
        <div className="prompt-blocks" data-card={preview !== undefined || undefined}>
          {preview && <CardPicture preview={preview} chip={contacts} />}
          {asking ? (
            <LastQuestion kind={prompt.kind} choice={asking} busy={busy} faults={faults} onAnswer={(second) => void answer(asking, second)} onBack={() => setAsking(undefined)} />
          ) : (
            <>
              <WhatHappened prompt={prompt} />
              <WhatIsCertain certain={prompt.certain} />
              <section>
                <h3>{words.say('prompt.do')}</h3>
                <p>{whatToDo(words, prompt)}</p>
              </section>
            </>
          )}
        </div>
        {!asking && <FaultPanel faults={faults} />}
        {!asking && <ChoiceList kind={prompt.kind} choices={prompt.choices} busy={busy} onChoose={choose} />}
        {more > 0 && <p className="soft small">{words.say('prompt.more', { count: more })}</p>}
      </div>
    </AttachedSheet>
  )
}

/** Questions that somebody answers with the card in hand: its picture stands beside them. */
function isAboutABlank({ kind }: Prompt): boolean {
  return kind === 'in-doubt' || kind === 'half-made' || kind === 'remove-card' || kind === 'void-delivered'
}

function WhatHappened({ prompt }: { prompt: Prompt }) {
  const words = useWords()
  return (
    <section>
      <h3>{words.say('prompt.happened')}</h3>
      <p>{words.reason(prompt.reason)}.</p>
      {prompt.number !== undefined && (
        <p>
          {words.say('prompt.card')} <strong className="prompt-number">{words.number(prompt.number)}</strong>
        </p>
      )}
      <p className="soft small">
        {words.time(prompt.openedAt)}
        {prompt.attempt !== undefined && ` · ${prompt.attempt}`}
        {prompt.reason.status !== undefined && ` · ${words.say('prompt.status', { status: prompt.reason.status })}`}
      </p>
    </section>
  )
}

function whatToDo(words: ReturnType<typeof useWords>, prompt: Prompt): string {
  const own = words.say(`prompt.${prompt.kind}.do`)
  const { action } = prompt.reason
  if (prompt.kind !== 'attention' && prompt.kind !== 'refused') return own
  return action === 'none' || action === 'wait' ? own : `${words.say(`action.${action}`)} ${own}`
}

function WhatIsCertain({ certain }: { certain: Prompt['certain'] }) {
  const { say } = useWords()
  const touched = certain.done.length + certain.unknown.length > 0
  return (
    <section>
      <h3>{say('prompt.certain')}</h3>
      {!touched && <p>{say('prompt.certain.untouched')}</p>}
      <ul className="prompt-certain">
        <Certainty icon={CircleCheck} tone="done" label={say('prompt.certain.done')} operations={certain.done} />
        {touched && <Certainty icon={CircleSlash2} tone="not" label={say('prompt.certain.not-done')} operations={certain.notDone} />}
        <Certainty icon={CircleHelp} tone="unknown" label={say('prompt.certain.unknown')} operations={certain.unknown} />
      </ul>
    </section>
  )
}

function Certainty({ icon: Icon, tone, label, operations }: { icon: LucideIcon; tone: string; label: string; operations: readonly Operation[] }) {
  const { say } = useWords()
  if (operations.length === 0) return null
  return (
    <li data-tone={tone}>
      <Icon size={18} strokeWidth={2.25} aria-hidden />
      <span>
        {label} {operations.map((operation) => say(`operation.${operation}`)).join(', ')}
      </span>
    </li>
  )
}

/** The question put away: one line that brings it back. */
export function WaitingPrompt({ prompt, onOpen }: { prompt: Prompt; onOpen(): void }) {
  const words = useWords()
  return (
    <div className="prompt-bar" data-tone={prompt.reason.severity === 'operator' ? 'doubt' : 'bad'}>
      <MessageCircleWarning size={20} aria-hidden />
      <span>
        {words.reason(prompt.reason)} · {words.say(`prompt.${prompt.kind}.title`)}
      </span>
      <Button onPress={onOpen}>{words.say('prompt.answer')}</Button>
    </div>
  )
}
