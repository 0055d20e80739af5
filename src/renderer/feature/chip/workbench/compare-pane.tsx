/** Two runs side by side, aligned by their commands; what differs stands out by a word and a shape. */
import { Equal, EqualNot, PanelLeft, PanelRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useWords } from '../../../i18n/provider.tsx'
import type { Words } from '../../../i18n/provider.tsx'
import { Checkbox, DataTable } from '../../../ui/index.ts'
import type { Column } from '../../../ui/index.ts'
import { compareRuns } from './compare.ts'
import type { Pair } from './compare.ts'
import { EntryDetail } from './entry-detail.tsx'
import type { Run } from './session.ts'
import { AnswerCell, CommandCell } from './cells.tsx'

const shapes = { same: Equal, differs: EqualNot, left: PanelLeft, right: PanelRight } as const

interface Numbered extends Pair {
  index: number
}

export function ComparePane({ left, right }: { left: Run; right: Run }) {
  const words = useWords()
  const { say } = words
  const [onlyDifferent, setOnlyDifferent] = useState(true)
  const [chosen, setChosen] = useState<number>()
  const pairs = useMemo(() => compareRuns(left.entries, right.entries).map((pair, index): Numbered => ({ ...pair, index })), [left.entries, right.entries])
  const different = pairs.filter(({ kind }) => kind !== 'same')
  const rows = onlyDifferent ? different : pairs
  const columns = useMemo(() => columnsOf(words, left.number, right.number), [words, left.number, right.number])
  const pair = rows.find(({ index }) => index === chosen) ?? rows[0]
  return (
    <>
      <div className="row bench-compare-head">
        <span>{say('bench.compare.count', { different: different.length, all: pairs.length })}</span>
        <Checkbox isSelected={onlyDifferent} onChange={setOnlyDifferent}>
          {say('bench.compare.only')}
        </Checkbox>
      </div>
      <DataTable<Numbered>
        label={say('bench.compare')}
        columns={columns}
        rows={rows}
        keyOf={({ index }) => String(index)}
        rowHeight={34}
        onSelect={({ index }) => setChosen(index)}
        selected={new Set(pair ? [String(pair.index)] : [])}
        empty={<p className="empty">{say('bench.compare.none')}</p>}
      />
      {pair && (
        <div className="bench-compare-detail">
          {pair.left && <EntryDetail entry={pair.left} run={left.number} />}
          {pair.right && <EntryDetail entry={pair.right} run={right.number} />}
        </div>
      )}
    </>
  )
}

function Kind({ kind }: { kind: Pair['kind'] }) {
  const { say } = useWords()
  const Shape = shapes[kind]
  return (
    <span className="bench-kind" data-kind={kind}>
      <Shape size={16} aria-hidden /> {say(`bench.compare.${kind}`)}
    </span>
  )
}

function columnsOf({ say, language }: Words, left: number, right: number): Column<Numbered>[] {
  const side = (which: 'left' | 'right', run: number): Column<Numbered>[] => [
    { id: `${which} command`, header: say('bench.compare.command', { number: run }), width: 'minmax(14ch, 1fr)', cell: (pair) => pair[which] && <CommandCell entry={pair[which]} /> },
    { id: `${which} answer`, header: say('bench.column.answer'), width: 'minmax(8ch, 0.6fr)', cell: (pair) => pair[which] && <AnswerCell entry={pair[which]} language={language} /> },
  ]
  return [{ id: 'kind', header: say('bench.compare.kind'), hideHeader: true, width: '12ch', cell: ({ kind }) => <Kind kind={kind} /> }, ...side('left', left), ...side('right', right)]
}
