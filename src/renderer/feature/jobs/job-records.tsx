/** The cards of a job by state; some may be skipped, others put back into the queue; and each as it will look. */
import { RotateCcw, SkipForward, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { JobView, RecordState, RecordView } from '#shared/job/job.ts'
import { call } from '../../client/client.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { goTo, routeTo, useRoute } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import type { Words } from '../../i18n/provider.tsx'
import { attempt, notify } from '../../store/notices.ts'
import { useMay } from '../../store/session.ts'
import { Button, CardPicture, Checkbox, ConfirmDialog, DataTable, FaultPanel, IconButton, Progress, resultOfRecord, ResultMark, Select, usePagedRows, useShortcuts } from '../../ui/index.ts'
import type { Column } from '../../ui/index.ts'
import { countsByState } from './counts.tsx'

const all = 'all'

export function JobRecords({ job }: { job: JobView }) {
  const words = useWords()
  const { say } = words
  const { query } = useRoute()
  const mayProduce = useMay('job.skip')
  const maySee = useMay('job.card')
  const open = job.state !== 'closed' && job.state !== 'discarded'
  const state = countsByState(job.counts).find((entry) => entry.state === query.get('state'))?.state
  const [chosen, setChosen] = useState<ReadonlyMap<number, RecordState>>(new Map())
  const [shown, setShown] = useState<number>()
  const filter = useMemo(() => (state === undefined ? {} : { states: [state] }), [state])
  const revision = useRevision(job)
  const rows = usePagedRows(`${job.job} ${state ?? all}`, revision, (offset, limit) => call('job.records', { job: job.job, ...filter, offset, limit }))
  const toggle = mayProduce && open ? (row: RecordView) => setChosen((before) => toggled(before, row)) : undefined
  const columns = columnsOf(words, chosen, toggle)
  useShortcuts([
    { key: ' ', label: say('job.shortcut.choose') },
    { key: 'Enter', label: say('job.shortcut.open') },
  ])
  return (
    <div className="job-split">
      <div className="job-table">
        <div className="row records-bar">
          <Select
            label={say('job.records.filter')}
            hideLabel
            options={[
              { id: all, text: say('job.records.all', { count: words.count(job.counts.records) }) },
              ...countsByState(job.counts).map((entry) => ({
                id: entry.state,
                text: say('job.records.state', { state: say(`result.${resultOfRecord(entry.state)}`), count: words.count(entry.count) }),
                disabled: entry.count === 0,
              })),
            ]}
            value={state ?? all}
            onChange={(next) => goTo(routeTo('jobs', [job.job], { state: next === all ? undefined : next }), { replace: true })}
          />
          {toggle && <RecordDeeds job={job} chosen={chosen} onDone={() => setChosen(new Map())} />}
        </div>
        <FaultPanel faults={rows.faults} action={<Button onPress={rows.reload}>{say('control.retry')}</Button>} />
        <DataTable
          label={say('job.records')}
          columns={columns}
          rows={rows}
          keyOf={(row) => String(row.record)}
          selected={new Set([...chosen.keys()].map(String))}
          onOpen={(row) => (maySee ? setShown(row.record) : goTo(blanksOf(job, row.record)))}
          {...(toggle && { onSelect: toggle })}
          rowHeight={32}
          empty={rows.waiting ? <Progress label={say('frame.loading')} /> : <p className="job-none soft">{say('job.records.none')}</p>}
        />
      </div>
      {maySee && <CardOf job={job} record={shown} onClose={() => setShown(undefined)} />}
    </div>
  )
}

/** Grows with every change of the job's counts: its rows are asked for again. */
function useRevision(job: JobView): number {
  const text = JSON.stringify(job.counts)
  const [known, setKnown] = useState({ text, number: 0 })
  if (known.text === text) return known.number
  const next = { text, number: known.number + 1 }
  setKnown(next)
  return next.number
}

function toggled(chosen: ReadonlyMap<number, RecordState>, row: RecordView): ReadonlyMap<number, RecordState> {
  const next = new Map(chosen)
  if (!next.delete(row.record)) next.set(row.record, row.state)
  return next
}

function columnsOf(words: Words, chosen: ReadonlyMap<number, RecordState>, toggle: ((row: RecordView) => void) | undefined): Column<RecordView>[] {
  const { say } = words
  const choice: Column<RecordView> = {
    id: 'choice',
    header: say('job.column.choice'),
    hideHeader: true,
    width: '28px',
    cell: (row) => (
      <span className="job-choice">
        <Checkbox isSelected={chosen.has(row.record)} onChange={() => toggle?.(row)}>
          <span className="only-heard">{say('job.card', { record: row.record })}</span>
        </Checkbox>
      </span>
    ),
  }
  return [
    ...(toggle ? [choice] : []),
    { id: 'record', header: say('job.column.record'), width: '8ch', align: 'end', cell: (row) => words.count(row.record) },
    { id: 'number', header: say('job.column.number'), width: 'minmax(22ch, 1fr)', cell: (row) => words.number(row.number) },
    { id: 'state', header: say('job.column.state'), width: '16ch', cell: (row) => <ResultMark result={resultOfRecord(row.state)} /> },
    { id: 'attempts', header: say('job.column.attempts'), width: '11ch', align: 'end', cell: (row) => (row.attempts === 0 ? '' : words.count(row.attempts)) },
  ]
}

function RecordDeeds({ job, chosen, onDone }: { job: JobView; chosen: ReadonlyMap<number, RecordState>; onDone(): void }) {
  const { say } = useWords()
  const [skipping, setSkipping] = useState(false)
  const records = (states: readonly RecordState[]) => [...chosen].flatMap(([record, state]) => (states.includes(state) ? [record] : []))
  const skippable = records(['queued', 'rejected'])
  const returnable = records(['rejected', 'skipped'])
  const requeue = (which: number[] | undefined) =>
    void attempt(async () => {
      const { requeued } = await call('job.requeue', { job: job.job, ...(which && { records: which }) })
      notify('job.requeued', { count: requeued })
      onDone()
    })
  if (chosen.size === 0) {
    return (
      <>
        {job.counts.rejected === 0 ? (
          <span className="small soft job-hint">{say('job.chosen', { count: 0 })}</span>
        ) : (
          <Button icon={<RotateCcw size={18} aria-hidden />} onPress={() => requeue(undefined)}>
            {job.counts.rejected === 1 ? say('job.requeue.one') : say('job.requeue-all', { count: job.counts.rejected })}
          </Button>
        )}
      </>
    )
  }
  return (
    <>
      <span className="job-hint" role="status">
        {say('job.chosen', { count: chosen.size })}
      </span>
      <IconButton label={say('job.choose-none')} onPress={onDone}>
        <X size={18} />
      </IconButton>
      <Button icon={<SkipForward size={18} aria-hidden />} isDisabled={skippable.length !== chosen.size} onPress={() => setSkipping(true)}>
        {say('job.skip')}
      </Button>
      <Button icon={<RotateCcw size={18} aria-hidden />} isDisabled={returnable.length !== chosen.size} onPress={() => requeue(returnable)}>
        {say('job.requeue')}
      </Button>
      <ConfirmDialog
        title={say('job.skip.title', { count: skippable.length })}
        open={skipping}
        onClose={() => setSkipping(false)}
        action={say('job.skip.do', { count: skippable.length })}
        onConfirm={() =>
          attempt(async () => {
            await call('job.skip', { job: job.job, records: skippable })
            notify('job.skipped', { count: skippable.length })
            onDone()
          })
        }
      >
        <p>{say('job.skip.text')}</p>
      </ConfirmDialog>
    </>
  )
}

/** The address of the log with all blanks of one card. */
function blanksOf(job: JobView, record: number): string {
  return routeTo('log', [], { find: `${job.job}/${record}` })
}

function CardOf({ job, record, onClose }: { job: JobView; record: number | undefined; onClose(): void }) {
  const { say } = useWords()
  const { value: design } = useAnswer('design.get', { design: job.design })
  const { value: preview, faults } = useAnswer('job.card', record === undefined || job.purged ? undefined : { job: job.job, record })
  if (record === undefined || job.purged) {
    return <aside className="job-card soft">{job.purged ? say('job.card.none') : say('job.card.pick')}</aside>
  }
  return (
    <aside className="job-card stack" data-tight aria-label={say('job.card', { record })}>
      <div className="spread">
        <h2>{say('job.card', { record })}</h2>
        <IconButton label={say('control.close')} onPress={onClose}>
          <X size={20} />
        </IconButton>
      </div>
      <FaultPanel faults={faults} />
      {preview && (
        <>
          <CardPicture preview={preview} side="front" chip={design?.contacts ?? false} />
          <CardPicture preview={preview} side="back" />
        </>
      )}
      <a href={blanksOf(job, record)}>{say('job.card.log')}</a>
    </aside>
  )
}
