/** The mistakes of a file, rule by rule: what to do once for each rule, and under it every place that breaks it. */
import { ClipboardCopy, FileDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Mistake } from '#shared/contract/calls.ts'
import { saveText } from '../../client/save-file.ts'
import { useWords } from '../../i18n/provider.tsx'
import { attempt, notify } from '../../store/notices.ts'
import { Button, SearchField } from '../../ui/index.ts'
import { filterMistakes, groupsOf, mistakesCsv } from './mistakes.ts'

interface MistakeListProps {
  mistakes: readonly Mistake[]
  /** All mistakes of the file, those that are not listed included. */
  total: number
  /** Name for the saved list. */
  name: string
}

export function MistakeList({ mistakes, total, name }: MistakeListProps) {
  const words = useWords()
  const { say } = words
  const [find, setFind] = useState('')
  const groups = useMemo(() => groupsOf(filterMistakes(mistakes, find, words.fault)), [mistakes, find, words])
  const shown = groups.flatMap((group) => group.mistakes)
  const headings = (['line', 'column', 'what', 'do', 'rule'] as const).map((column) => say(`import.column.${column}`))
  const csv = () => mistakesCsv(shown, headings, words.fault)
  const copy = () =>
    void attempt(async () => {
      await navigator.clipboard.writeText(csv())
      notify('import.mistakes.copied', { count: shown.length })
    })
  return (
    <section className="import-mistakes stack" data-tight aria-label={say('import.mistakes.table')}>
      <div role="status">
        <h2>
          {say('import.mistakes', { count: total })}
          {total > mistakes.length && <span className="small"> · {say('import.mistakes.shown', { shown: words.count(mistakes.length) })}</span>}
        </h2>
        <p>{say('import.mistakes.explain')}</p>
      </div>
      <div className="import-mistake-bar">
        {mistakes.length > 8 ? <SearchField label={say('import.mistakes.find')} value={find} onChange={setFind} /> : <span />}
        <Button icon={<ClipboardCopy size={18} aria-hidden />} onPress={copy}>
          {say('import.mistakes.copy')}
        </Button>
        <Button icon={<FileDown size={18} aria-hidden />} onPress={() => saveText(`${name}-mistakes.csv`, 'text/csv;charset=utf-8', csv())}>
          {say('import.mistakes.save')}
        </Button>
      </div>
      {groups.length === 0 && <p className="soft">{say('import.mistakes.none')}</p>}
      {groups.map((group) => (
        <Rule key={group.rule} mistakes={group.mistakes} />
      ))}
    </section>
  )
}

function Rule({ mistakes }: { mistakes: readonly Mistake[] }) {
  const words = useWords()
  const { say } = words
  const [first] = mistakes
  if (first === undefined) return null
  return (
    <details className="import-rule" open>
      <summary>
        <span className="import-rule-count">{words.count(mistakes.length)}</span>
        <span>{words.fault(first).do}</span>
      </summary>
      <table>
        <thead className="only-heard">
          <tr>
            <th scope="col">{say('import.column.line')}</th>
            <th scope="col">{say('import.column.column')}</th>
            <th scope="col">{say('import.column.what')}</th>
          </tr>
        </thead>
        <tbody>
          {mistakes.map((mistake, index) => (
            <tr key={index}>
              <td>{mistake.line === undefined ? '' : say('import.mistakes.line', { line: mistake.line })}</td>
              <td>{mistake.column ?? ''}</td>
              <td>{words.fault(mistake).what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
