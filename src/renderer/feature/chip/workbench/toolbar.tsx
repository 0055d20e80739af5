/** What is tried on what, and the four deeds: run, step, continue, stop. */
import { FastForward, Play, Square, StepForward } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { BenchTarget, ChipQuestion } from '#shared/contract/chip-calls.ts'
import { PracticeCardType } from '#shared/chip/practice-card.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../../client/client.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { Button, IconButton, Select } from '../../../ui/index.ts'
import { draftsOf } from '../drafts.ts'
import { QuestionsDialog } from '../questions-dialog.tsx'
import { MakeCard } from './make-card.tsx'
import { changeBench, continueRun, isBusy, startRun, stepRun, stopRun, taskSource, useBench } from './session.ts'
import type { Choices } from './use-choices.ts'

export interface Starter {
  start(step: boolean): void
  ready: boolean
  /** What the extension module asks first. */
  dialog: ReactNode
}

export function useStart({ task }: Choices): Starter {
  const [asked, setAsked] = useState<{ questions: readonly ChipQuestion[]; step: boolean }>()
  const { task: id, chip } = useBench()
  const ready = id !== undefined && chip !== undefined
  const start = async (step: boolean) => {
    if (!ready) return
    if (task?.extension === undefined) return startRun({ step, answers: {} })
    try {
      const questions = await call('bench.questions', { task: await taskSource(id), extensions: draftsOf('extension') })
      if (questions.length === 0) return await startRun({ step, answers: {} })
      setAsked({ questions, step })
    } catch (thrown) {
      changeBench({ faults: faultsOf(thrown) })
    }
  }
  const dialog = asked && (
    <QuestionsDialog
      questions={asked.questions}
      onClose={() => setAsked(undefined)}
      onAnswer={(answers) => {
        setAsked(undefined)
        void startRun({ step: asked.step, answers })
      }}
    />
  )
  return { start: (step) => void start(step), ready, dialog }
}

export function Toolbar({ choices, starter }: { choices: Choices; starter: Starter }) {
  const { say, language, sayIfKnown } = useWords()
  const { task, target, design, state } = useBench()
  const busy = isBusy(state)
  const targets = [
    ...PracticeCardType.options.map((type) => ({ id: `practice ${type}`, text: say(`practice-card.${type}`), hint: say('bench.target.practice') })),
    ...choices.readers.map(({ name, state: reader }) => ({ id: `reader ${name}`, text: name, hint: sayIfKnown(`reader.${reader}`) })),
  ]
  return (
    <div className="bench-bar">
      <div className="bench-choices">
        <Select
          label={say('bench.task')}
          value={task}
          onChange={(next) => changeBench({ task: next })}
          options={choices.tasks.map(({ id, name }) => ({ id, text: id === task ? (choices.task?.name[language] ?? name) : name, hint: id }))}
          isDisabled={busy}
        />
        <Select label={say('bench.target')} value={keyOfTarget(target)} onChange={(key) => changeBench({ target: targetOf(key, target) })} options={targets} isDisabled={busy} />
        <Select
          label={say('bench.data')}
          value={design}
          onChange={(next) => changeBench({ design: next, sample: undefined, chip: undefined })}
          options={choices.designs.map(({ design: id, name }) => ({ id, text: name }))}
          isDisabled={busy}
        />
      </div>
      <div className="row bench-deeds" role="group" aria-label={say('bench.deeds')}>
        <Button kind="primary" icon={<Play size={18} aria-hidden />} isDisabled={busy || !starter.ready} onPress={() => starter.start(false)}>
          {say('bench.run')}
        </Button>
        <IconButton kind="plain" label={say('bench.step')} isDisabled={!starter.ready || state === 'opening'} onPress={() => (busy ? stepRun() : starter.start(true))}>
          <StepForward size={18} />
        </IconButton>
        <IconButton kind="plain" label={say('bench.continue')} isDisabled={state !== 'halted'} onPress={continueRun}>
          <FastForward size={18} />
        </IconButton>
        <IconButton kind="plain" label={say('bench.stop')} isDisabled={!busy} onPress={stopRun}>
          <Square size={18} />
        </IconButton>
        <MakeCard />
      </div>
    </div>
  )
}

const keyOfTarget = (target: BenchTarget) => (target.kind === 'practice' ? `practice ${target.type}` : `reader ${target.reader}`)

/** Faults stay armed from one practice card to the next. */
function targetOf(key: string, before: BenchTarget): BenchTarget {
  const name = key.slice(key.indexOf(' ') + 1)
  if (key.startsWith('reader ')) return { kind: 'reader', reader: name }
  return { kind: 'practice', type: PracticeCardType.parse(name), seed: 1, faults: before.kind === 'practice' ? before.faults : [] }
}
