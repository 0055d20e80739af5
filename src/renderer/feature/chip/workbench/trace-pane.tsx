/** What was exchanged: the runs so far, the commands of one of them or of two side by side, and how it ended. */
import { CircleCheck, CornerDownRight, FlaskConical, OctagonX, PauseCircle } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import { useWords } from '../../../i18n/provider.tsx'
import type { Words } from '../../../i18n/provider.tsx'
import { Button, DataTable, EmptyPage, Select } from '../../../ui/index.ts'
import type { Column } from '../../../ui/index.ts'
import { AnswerCell, CommandCell } from './cells.tsx'
import { ComparePane } from './compare-pane.tsx'
import { EntryDetail } from './entry-detail.tsx'
import { readResponse } from './reading.ts'
import { changeBench, isBusy, useBench } from './session.ts'
import type { Run } from './session.ts'

export function TracePane({ onShowLine }: { onShowLine(application: string, line: number): void }) {
  const { say } = useWords()
  const { runs, shown, against, state } = useBench()
  const run = runs.find(({ number }) => number === shown)
  const other = runs.find(({ number }) => number === against)
  if (run === undefined) {
    return (
      <section className="bench-trace" aria-label={say('bench.trace')}>
        <EmptyPage icon={<FlaskConical size={40} aria-hidden />} title={say('bench.empty')}>
          {say('bench.empty.do')}
        </EmptyPage>
      </section>
    )
  }
  const live = run.number === runs.at(-1)?.number
  return (
    <section className="bench-trace" aria-label={say('bench.trace')}>
      <div className="bench-trace-head">
        <Ending run={run} busy={live && isBusy(state)} halted={live && state === 'halted'} onShowLine={onShowLine} />
        <RunChoice />
      </div>
      {other ? <ComparePane left={run} right={other} /> : <RunTrace key={run.number} run={run} follow={live && isBusy(state)} onShowLine={onShowLine} />}
    </section>
  )
}

function RunChoice() {
  const words = useWords()
  const { say } = words
  const { runs, shown, against } = useBench()
  const none = 'none'
  const hint = ({ result, at }: Run) => say('bench.run.hint', { time: words.time(at), result: result === undefined ? 'open' : result.good ? 'good' : 'bad' })
  if (runs.length < 2) return null
  return (
    <div className="bench-runs">
      <Select label={say('bench.shown')} hideLabel value={String(shown)} onChange={(id) => changeBench({ shown: Number(id), against: undefined })} options={runs.toReversed().map((run) => ({ id: String(run.number), text: say('bench.run.name', { number: run.number }), hint: hint(run) }))} />
      <Select
        label={say('bench.against')}
        hideLabel
        value={against === undefined ? none : String(against)}
        onChange={(id) => changeBench({ against: id === none ? undefined : Number(id) })}
        options={[{ id: none, text: say('bench.against.none') }, ...runs.filter(({ number }) => number !== shown).map((run) => ({ id: String(run.number), text: say('bench.against.run', { number: run.number }) }))]}
      />
    </div>
  )
}

interface EndingProps {
  run: Run
  busy: boolean
  halted: boolean
  onShowLine(application: string, line: number): void
}

/** The state in a colour, a shape and a word; of a failure why, where, and the card's last answer. */
function Ending({ run: { result, entries, task }, busy, halted, onShowLine }: EndingProps) {
  const words = useWords()
  const { say } = words
  const commands = entries.filter(({ kind }) => kind === 'apdu').length
  if (halted || busy) {
    return (
      <p className="bench-ending" data-tone={halted ? 'doubt' : 'work'} role="status">
        {halted && <PauseCircle size={20} aria-hidden />}
        {say(halted ? 'bench.halted' : 'bench.running', { commands })}
      </p>
    )
  }
  if (result === undefined) return <p className="bench-ending">{task === '' ? say('bench.by-hand') : say('bench.commands', { commands })}</p>
  if (result.good) {
    return (
      <p className="bench-ending" data-tone="good" role="status">
        <CircleCheck size={20} aria-hidden />
        {say('bench.good', { commands })}
      </p>
    )
  }
  const { application, line, step, lastStatus, fault } = result
  const last = entries.findLast((entry) => entry.kind === 'end')
  const where = [application, step, lastStatus && /^[0-9A-F]{4}$/.test(lastStatus) ? `${lastStatus}: ${readResponse(lastStatus).words[words.language]}` : lastStatus].filter(Boolean).join(' · ')
  return (
    <div className="bench-ending" data-tone="bad" role="status">
      <OctagonX size={20} aria-hidden />
      <span>
        <strong>{fault === undefined ? say('bench.failed') : words.reason({ code: fault })}</strong>
        {where !== '' && <span className="small"> {where}</span>}
        {last?.kind === 'end' && last.fault !== undefined && last.fault !== fault && <span className="small soft"> {last.fault}</span>}
      </span>
      {application !== undefined && line !== undefined && (
        <Button icon={<CornerDownRight size={16} aria-hidden />} onPress={() => onShowLine(application, line)}>
          {say('bench.to-line', { line })}
        </Button>
      )}
    </div>
  )
}

function RunTrace({ run, follow, onShowLine }: { run: Run; follow: boolean; onShowLine(application: string, line: number): void }) {
  const words = useWords()
  const { say } = words
  const [chosen, setChosen] = useState<number>()
  const { entries } = run
  // Commands are counted, as faults count them; what is only said in between is not.
  const counted = useMemo(() => new Map(entries.filter(({ kind }) => kind === 'apdu').map(({ number }, index) => [number, index + 1])), [entries])
  const columns = useMemo(() => columnsOf(words, counted), [words, counted])
  const picked = chosen === undefined ? undefined : entries.find(({ number }) => number === chosen)
  const shown = follow ? entries.at(-1) : (picked ?? entries.findLast(({ kind }) => kind === 'apdu'))
  return (
    <>
      <DataTable<ChipTraceEntry>
        label={say('bench.trace')}
        columns={columns}
        rows={entries}
        keyOf={({ number }) => String(number)}
        rowHeight={34}
        onSelect={({ number }) => setChosen(number)}
        selected={new Set(shown ? [String(shown.number)] : [])}
        reveal={entries.length - 1}
      />
      {shown && <EntryDetail entry={shown} onShowLine={onShowLine} />}
    </>
  )
}

function columnsOf({ say, language }: Words, counted: ReadonlyMap<number, number>): Column<ChipTraceEntry>[] {
  return [
    { id: 'number', header: '#', width: '4ch', align: 'end', cell: ({ number }) => <span className="soft">{counted.get(number)}</span> },
    { id: 'command', header: say('bench.column.command'), width: 'minmax(22ch, 2fr)', cell: (entry) => <CommandCell entry={entry} /> },
    { id: 'answer', header: say('bench.column.answer'), width: 'minmax(12ch, 1fr)', cell: (entry) => <AnswerCell entry={entry} language={language} /> },
    { id: 'time', header: say('bench.column.time'), width: '5ch', align: 'end', cell: (entry) => <span className="soft">{entry.kind === 'apdu' && entry.milliseconds !== undefined ? Math.round(entry.milliseconds) : ''}</span> },
  ]
}
