/** The run's numbers and its buttons: large, tabular, readable at arm's length. */
import { useRef, useState } from 'react'
import type { DeviceView } from '#shared/contract/live.ts'
import type { JobCounts, JobView, RunView } from '#shared/job/job.ts'
import type { RecordRange } from '#shared/journal/events.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useOpenJobs } from '../../store/live.ts'
import { ResultMark, Select, useShortcuts } from '../../ui/index.ts'
import { RunControls, toggleRun } from './run-controls.tsx'
import { StartControls } from './start-controls.tsx'
import type { Step } from './step.ts'
import { doneOf } from './step.ts'

export interface RunPanelProps {
  device: DeviceView
  job: JobView | undefined
  step: Step
  /** A question about this machine waits. */
  asked: boolean
  onChooseJob(job: string): void
}

export function RunPanel({ device, job, step, asked, onChooseJob }: RunPanelProps) {
  const words = useWords()
  const panel = useRef<HTMLElement>(null)
  const [chosen, setChosen] = useState<{ job: string; range: RecordRange }>()
  const range = chosen !== undefined && chosen.job === job?.job ? chosen.range : undefined
  const run = step.step === 'run' ? step.run : undefined
  useShortcuts([{ key: ' ', label: words.say('produce.shortcut.space'), within: panel, run: () => void (asked || toggleRun(step, device, range)) }])
  return (
    <section
      ref={panel}
      className="run-panel"
      aria-label={words.say('produce.run')}
      tabIndex={0}
    >
      <JobHead job={job} running={run !== undefined} onChoose={onChooseJob} />
      {job && <Numbers job={job} run={run} />}
      {run ? <RunControls run={run} asked={asked} /> : <StartControls device={device} step={step} asked={asked} range={range} onRange={(next) => setChosen(job && next && { job: job.job, range: next })} />}
    </section>
  )
}

/** The job's name; while nothing runs, a choice of all jobs that are open. */
function JobHead({ job, running, onChoose }: { job: JobView | undefined; running: boolean; onChoose(job: string): void }) {
  const { say } = useWords()
  const open = useOpenJobs()
  const known = job && !open.some((other) => other.job === job.job) ? [job, ...open] : open
  if (job === undefined) return null
  return (
    <div className="run-job">
      {running || known.length < 2 ? (
        <h2>{job.name}</h2>
      ) : (
        <Select
          label={say('produce.job')}
          hideLabel
          value={job.job}
          onChange={onChoose}
          options={known.map(({ job: id, name, counts }) => ({ id, text: name, hint: say('produce.job.hint', { queued: counts.queued, records: counts.records }) }))}
        />
      )}
      <p className="soft">
        {job.designName} · {job.fileName}
      </p>
    </div>
  )
}

function Numbers({ job, run }: { job: JobView; run: RunView | undefined }) {
  const words = useWords()
  const { counts } = job
  return (
    <div className="run-numbers">
      <div className="run-done">
        <p className="run-big">
          <strong>{words.count(doneOf(counts))}</strong>
          <span>{words.say('produce.of', { records: words.count(counts.records) })}</span>
        </p>
        {run && (
          <div className="run-now">
            <p className="run-state" role="status">
              {words.say(`run-state.${run.state}`)}
            </p>
            <p>{pace(words, run)}</p>
          </div>
        )}
      </div>
      <JobBar counts={counts} />
      <ul className="run-results">
        <li>
          <ResultMark result="good" many /> <strong>{words.count(counts.good)}</strong>
        </li>
        <li>
          <ResultMark result="rejected" many /> <strong>{words.count(counts.rejected)}</strong>
        </li>
        {counts.inDoubt > 0 && (
          <li>
            <ResultMark result="in-doubt" many /> <strong>{words.count(counts.inDoubt)}</strong>
          </li>
        )}
        {counts.skipped > 0 && (
          <li>
            <ResultMark result="skipped" many /> <strong>{words.count(counts.skipped)}</strong>
          </li>
        )}
        <li>
          <ResultMark result="waiting" many /> <strong>{words.count(counts.queued + counts.inWork)}</strong>
        </li>
      </ul>
    </div>
  )
}

function pace(words: ReturnType<typeof useWords>, run: RunView): string {
  const parts = []
  if (run.cardsPerHour !== undefined) parts.push(words.say('produce.pace', { cards: words.count(Math.round(run.cardsPerHour)) }))
  if (run.millisecondsLeft !== undefined && run.state === 'running') parts.push(words.say('produce.left', { duration: words.duration(run.millisecondsLeft) }))
  return parts.join(' · ')
}

/** The whole job as one bar: good, rejected, in doubt, in work, and what waits. The words stand under it. */
function JobBar({ counts }: { counts: JobCounts }) {
  const { say } = useWords()
  const parts = [
    ['good', counts.good],
    ['rejected', counts.rejected],
    ['skipped', counts.skipped],
    ['in-doubt', counts.inDoubt],
    ['in-work', counts.inWork],
    ['waiting', counts.queued],
  ] as const
  return (
    <div
      className="job-bar"
      role="progressbar"
      aria-label={say('produce.progress')}
      aria-valuemin={0}
      aria-valuemax={counts.records}
      aria-valuenow={doneOf(counts)}
      aria-valuetext={say('produce.done-of', { done: doneOf(counts), records: counts.records })}
    >
      {parts.map(([result, count]) => count > 0 && <span key={result} data-result={result} style={{ flexGrow: count }} />)}
    </div>
  )
}
