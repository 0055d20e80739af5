/** The journal's health and the journal itself, row by row as it is stored. */
import { Download, ShieldCheck } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { JournalRow } from '#shared/journal/events.ts'
import { call } from '../../client/client.ts'
import { saveText } from '../../client/save-file.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { useWords } from '../../i18n/provider.tsx'
import type { Words } from '../../i18n/provider.tsx'
import { useLive, useLogRevision } from '../../store/live.ts'
import { attempt, notify } from '../../store/notices.ts'
import { Button, DataTable, FaultPanel, NumberField, Page, Progress, usePagedRows, useShortcuts } from '../../ui/index.ts'
import type { Column } from '../../ui/index.ts'
import { actorName, factSentence, subjectOf } from '#shared/journal/fact-sentence.ts'
import type { Names } from '#shared/journal/fact-sentence.ts'
import { shortTime } from '../log/short-time.ts'
import { ChainState } from './chain-state.tsx'
import type { Verified } from './chain-state.tsx'
import { askFor, countRows, indexOf, journalLines, readAll } from './journal-rows.ts'
import { RowDetails } from './row-details.tsx'
import './audit-page.css'

const fetchRows = (after: number, limit: number) => call('audit.journal', { after, limit })

export default function AuditPage() {
  const words = useWords()
  const { say } = words
  const journal = useLive((state) => state.journal)
  const [verified, setVerified] = useState<Verified>()
  const [verifying, setVerifying] = useState(false)
  const [row, setRow] = useState<JournalRow>()
  const [reveal, setReveal] = useState<number>()
  const total = useJournalLength(journal.rows, verified?.rows ?? 0)
  const rows = usePagedRows('journal', total, async (offset, limit) => {
    const asked = askFor(total, offset, limit)
    return { total, rows: asked ? (await fetchRows(asked.after, asked.limit)).toReversed() : [] }
  })
  const names = useNames()
  const narrow = row !== undefined
  const columns = useMemo(() => columnsOf(words, names, narrow), [words, names, narrow])
  const go = useRef<HTMLDivElement>(null)
  const goTo = (sequence: number) => {
    if (sequence >= 1 && sequence <= total) setReveal(indexOf(total, sequence))
  }
  const verify = () =>
    void attempt(async () => {
      setVerifying(true)
      try {
        setVerified({ ...(await call('audit.verify', {})), at: Date.now() })
      } finally {
        setVerifying(false)
      }
    })
  useShortcuts([
    { key: 'v', label: say('audit.shortcut.verify'), run: verify },
    { key: '/', label: say('audit.shortcut.go'), run: () => go.current?.querySelector('input')?.focus() },
  ])
  return (
    <Page
      title={say('audit.title')}
      lead={say('audit.lead')}
      fill
      actions={
        <>
          <ExportJournal total={total} />
          <Button kind="primary" icon={<ShieldCheck size={18} aria-hidden />} onPress={verify} isPending={verifying}>
            {say('audit.verify')}
          </Button>
        </>
      }
    >
      {verifying ? (
        <div className="audit-state" data-tone="wait">
          <Progress label={say('audit.verifying')} />
        </div>
      ) : (
        <ChainState journal={journal} verified={verified} onGoTo={goTo} />
      )}
      <details className="audit-seals">
        <summary>{say('audit.seals')}</summary>
        <p>{say('audit.seals.text')}</p>
      </details>
      <FaultPanel faults={rows.faults} action={<Button onPress={rows.reload}>{say('control.retry')}</Button>} />
      <div className="audit-split">
        <div className="audit-table">
          <div className="spread">
            <h2>
              {say('audit.journal')} <span className="small soft">{say('audit.journal.rows', { rows: total })}</span>
            </h2>
            <div ref={go} className="audit-go">
              <NumberField label={say('audit.go')} minValue={1} maxValue={Math.max(1, total)} step={1} onChange={goTo} />
            </div>
          </div>
          <DataTable
            label={say('audit.journal.table')}
            columns={columns}
            rows={rows}
            keyOf={(one) => String(one.sequence)}
            selected={new Set(row ? [String(row.sequence)] : [])}
            onOpen={(one: JournalRow) => setRow(one)}
            rowHeight={40}
            reveal={reveal}
          />
        </div>
        {row && <RowDetails row={row} names={names} onClose={() => setRow(undefined)} />}
      </div>
    </Page>
  )
}

/** How many rows the journal has by now: what is known, and what has come since, looked up with every ended attempt. */
function useJournalLength(...known: number[]): number {
  const least = Math.max(...known)
  const revision = useLogRevision()
  const [count, setCount] = useState(least)
  const look = useCallback(() => {
    let mine = true
    void attempt(async () => {
      const rows = await countRows(least, fetchRows)
      if (mine) setCount(rows)
    })
    return () => {
      mine = false
    }
  }, [least])
  useEffect(look, [look, revision])
  return Math.max(count, least)
}

function useNames(): Names {
  const { value: people } = useAnswer('people.list', {})
  const devices = useLive((state) => state.devices)
  return useMemo(
    () => ({
      people: new Map(people?.map(({ person, name }) => [person, name])),
      devices: new Map(devices.map(({ device, name }) => [device, name])),
    }),
    [people, devices],
  )
}

function columnsOf(words: Words, names: Names, narrow: boolean): Column<JournalRow>[] {
  const { say } = words
  const columns: Column<JournalRow>[] = [
    { id: 'sequence', header: say('audit.column.sequence'), width: '7ch', align: 'end', cell: (row) => words.count(row.sequence) },
    { id: 'time', header: say('audit.column.time'), width: '17ch', cell: (row) => shortTime(words.language, row.at) },
    { id: 'by', header: say('audit.column.by'), width: '13ch', cell: (row) => actorName(words, names, row.by) },
    { id: 'about', header: say('audit.column.about'), width: '17ch', cell: (row) => subjectOf(row.fact) },
    {
      id: 'fact',
      header: say('audit.column.fact'),
      width: 'minmax(30ch, 1fr)',
      cell: (row) => {
        const sentence = factSentence(words, names, row.fact)
        return <span title={sentence}>{sentence}</span>
      },
    },
  ]
  return narrow ? columns.filter(({ id }) => id !== 'by' && id !== 'about') : columns
}

/** The journal as a file, a row a line: whoever has it can recompute every hash. */
function ExportJournal({ total }: { total: number }) {
  const { say } = useWords()
  const [done, setDone] = useState<number>()
  const save = () =>
    void attempt(async () => {
      setDone(0)
      try {
        const rows = await readAll(fetchRows, setDone)
        const name = 'journal.jsonl'
        saveText(name, 'application/x-ndjson', journalLines(rows))
        notify('audit.exported', { name })
      } finally {
        setDone(undefined)
      }
    })
  return (
    <Button icon={<Download size={18} aria-hidden />} isPending={done !== undefined} isDisabled={total === 0} onPress={save}>
      {done === undefined ? say('audit.export') : say('audit.exporting', { done, rows: total })}
    </Button>
  )
}
