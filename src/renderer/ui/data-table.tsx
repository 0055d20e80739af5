/**
 * A table of any length: only the rows in view are in the document, the rest is counted for screen readers.
 * One tab stop; arrows, Page Up and Down, Home and End move the active row, Enter opens it, Space chooses it.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { memo, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { CSSProperties, KeyboardEvent, MouseEvent, ReactNode } from 'react'
import { useWords } from '../i18n/provider.tsx'
import type { RowSource } from './paged-rows.ts'

export interface Column<Row> {
  id: string
  header: string
  /** Heard but not seen, where what stands in the column says it already. */
  hideHeader?: boolean
  /** A grid track, such as `12ch`, `minmax(16ch, 1fr)`. */
  width: string
  align?: 'start' | 'end'
  cell(row: Row): ReactNode
  /** The value to order by; only for rows that are all here. */
  sort?(row: Row): string | number
}

export interface DataTableProps<Row> {
  label: string
  columns: readonly Column<Row>[]
  /** All rows, or a source that fetches them by page. */
  rows: readonly Row[] | RowSource<Row>
  keyOf(row: Row): string
  onOpen?(row: Row): void
  /** Chosen rows, by key; with `onSelect`, clicking or Space chooses. */
  selected?: ReadonlySet<string>
  onSelect?(row: Row): void
  rowHeight?: number
  /** Makes this row the active one and brings it into view, whenever the number changes. */
  reveal?: number | undefined
  /** Shown in place of rows when there are none. */
  empty?: ReactNode
}

interface Order {
  column: string
  descending: boolean
}

export function DataTable<Row>({ label, columns, rows, keyOf, onOpen, selected, onSelect, rowHeight = 44, reveal, empty }: DataTableProps<Row>) {
  const words = useWords()
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const [order, setOrder] = useState<Order>()
  const source = useSource(rows, columns, order, words.language)
  const virtualizer = useVirtualizer({
    count: source.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: rowHeight,
  })
  const items = virtualizer.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  const { need } = source
  useEffect(() => need(first, last), [need, first, last])
  useEffect(() => {
    if (reveal === undefined) return
    setActive(reveal)
    virtualizer.scrollToIndex(reveal, { align: 'center' })
  }, [reveal, virtualizer])

  const inView = Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 1)
  const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: inView, PageUp: -inView, Home: -Infinity, End: Infinity }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current) return
    const row = source.row(active)
    const move = moves[event.key]
    if (move !== undefined) {
      const next = Math.min(source.total - 1, Math.max(0, active + move))
      setActive(next)
      virtualizer.scrollToIndex(next)
    } else if (event.key === 'Enter' && row !== undefined && onOpen) onOpen(row)
    else if (event.key === ' ' && row !== undefined && onSelect) onSelect(row)
    else return
    event.preventDefault()
  }

  const turn = (column: string) => setOrder((now) => (now?.column !== column ? { column, descending: false } : now.descending ? undefined : { column, descending: true }))
  const waiting = words.say('control.loading-row')
  /** A press anywhere in a row, except on a control of its own. */
  const onClick = (event: MouseEvent) => {
    const target = event.target as HTMLElement
    const index = Number(target.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? NaN)
    if (Number.isNaN(index)) return
    setActive(index)
    const row = source.row(index)
    if (row !== undefined && target.closest('button, a, label, input') === null) (onOpen ?? onSelect)?.(row)
  }
  const activeShown = items.some((item) => item.index === active)
  return (
    <div
      ref={scroller}
      className="table"
      role="grid"
      aria-label={label}
      aria-rowcount={source.total + 1}
      aria-colcount={columns.length}
      aria-multiselectable={onSelect ? true : undefined}
      aria-activedescendant={activeShown ? `${id}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={onClick}
      style={{ '--columns': columns.map((column) => column.width).join(' ') } as CSSProperties}
    >
      <div className="table-inner" role="presentation">
        <div className="table-head" role="rowgroup">
          <div className="table-row" role="row" aria-rowindex={1} style={{ minHeight: rowHeight }}>
            {columns.map((column) => (
              <Header key={column.id} column={column} order={order} sortable={Array.isArray(rows) && column.sort !== undefined} onTurn={turn} />
            ))}
          </div>
        </div>
        <div className="table-rows" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = source.row(item.index)
            const key = row === undefined ? undefined : keyOf(row)
            return (
              <TableRow
                key={key ?? `waiting-${item.index}`}
                id={`${id}-${item.index}`}
                index={item.index}
                start={item.start}
                size={item.size}
                row={row}
                columns={columns}
                selected={onSelect || selected ? key !== undefined && (selected?.has(key) ?? false) : undefined}
                active={item.index === active}
                opens={(onOpen ?? onSelect) !== undefined}
                waiting={waiting}
              />
            )
          })}
        </div>
      </div>
      {source.total === 0 && empty}
    </div>
  )
}

interface TableRowProps<Row> {
  id: string
  index: number
  start: number
  size: number
  row: Row | undefined
  columns: readonly Column<Row>[]
  /** Undefined where rows can't be chosen. */
  selected: boolean | undefined
  active: boolean
  opens: boolean
  waiting: string
}

/** Drawn anew only when it changes: while one scrolls, that is the few rows that come into view. */
const TableRow = memo(function TableRow({ id, index, start, size, row, columns, selected, active, opens, waiting }: TableRowProps<unknown>) {
  return (
    <div
      id={id}
      className="table-row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-row={index}
      data-active={active || undefined}
      data-opens={opens || undefined}
      style={{ height: size, transform: `translateY(${start}px)` }}
    >
      {columns.map((column, at) => (
        <div key={column.id} className="table-cell" role="gridcell" aria-colindex={at + 1} data-align={column.align}>
          {row === undefined ? <span className="table-waiting">{at === 0 ? waiting : ''}</span> : column.cell(row)}
        </div>
      ))}
    </div>
  )
}) as <Row>(props: TableRowProps<Row> & { key?: string }) => ReactNode

interface HeaderProps<Row> {
  column: Column<Row>
  order: Order | undefined
  sortable: boolean
  onTurn(column: string): void
}

function Header<Row>({ column, order, sortable, onTurn }: HeaderProps<Row>) {
  const { say } = useWords()
  const mine = order?.column === column.id ? order : undefined
  return (
    <div
      className="table-cell"
      role="columnheader"
      data-align={column.align}
      aria-sort={sortable ? (mine === undefined ? 'none' : mine.descending ? 'descending' : 'ascending') : undefined}
    >
      {sortable ? (
        <button type="button" className="table-sort" title={say('control.sort', { column: column.header })} onClick={() => onTurn(column.id)}>
          {column.header}
          {mine && (mine.descending ? <ArrowDown size={14} aria-hidden /> : <ArrowUp size={14} aria-hidden />)}
        </button>
      ) : (
        <span className={column.hideHeader ? 'only-heard' : undefined}>{column.header}</span>
      )}
    </div>
  )
}

function useSource<Row>(rows: readonly Row[] | RowSource<Row>, columns: readonly Column<Row>[], order: Order | undefined, language: string): RowSource<Row> {
  const local = useMemo(() => {
    if (!isList(rows)) return undefined
    const by = order && columns.find((column) => column.id === order.column)?.sort
    const shown = by ? sortRows(rows, by, order.descending, language) : rows
    return { total: shown.length, row: (index: number) => shown[index], need: () => {} }
  }, [rows, columns, order, language])
  return local ?? (rows as RowSource<Row>)
}

function isList<Row>(rows: readonly Row[] | RowSource<Row>): rows is readonly Row[] {
  return Array.isArray(rows)
}

/** Rows ordered by a value, words as the language orders them, equal ones as they came. */
export function sortRows<Row>(rows: readonly Row[], by: (row: Row) => string | number, descending: boolean, language: string): Row[] {
  const collator = new Intl.Collator(language, { numeric: true })
  return rows.toSorted((left, right) => {
    const [a, b] = [by(left), by(right)]
    const difference = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
    return descending ? -difference : difference
  })
}
