/** Rows of a long list, fetched page by page as they come into view. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'

/** What a `DataTable` draws from. */
export interface RowSource<Row> {
  readonly total: number
  /** Undefined while it is on its way. */
  row(index: number): Row | undefined
  /** These are in view, both ends included. */
  need(first: number, last: number): void
}

export interface PagedRows<Row> extends RowSource<Row> {
  /** Nothing has been answered yet. */
  readonly waiting: boolean
  readonly faults: readonly Fault[]
  reload(): void
}

export interface PageAnswer<Row> {
  total: number
  rows: Row[]
}

const pageSize = 200

/** Which pages hold the rows `first` to `last`. */
export function pagesBetween(first: number, last: number, size = pageSize): number[] {
  const from = Math.floor(Math.max(0, first) / size)
  const to = Math.floor(Math.max(0, last) / size)
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/**
 * @param query names what is listed: another query starts again from nothing
 * @param revision another revision of the same list: what is shown stays until its new rows have come
 */
export function usePagedRows<Row>(query: string, revision: number, load: (offset: number, limit: number) => Promise<PageAnswer<Row>>): PagedRows<Row> {
  const [, redraw] = useState(0)
  const book = useRef(emptyBook<Row>(query))
  const latest = useRef(load)
  latest.current = load
  if (book.current.query !== query) book.current = emptyBook<Row>(query)

  const fetchPage = useCallback(async (page: number) => {
    const mine = book.current
    const edition = mine.edition
    if (mine.asked.get(page) === edition) return
    mine.asked.set(page, edition)
    try {
      const answer = await latest.current(page * pageSize, pageSize)
      if (mine !== book.current || edition !== mine.edition) return
      mine.total = answer.total
      mine.pages.set(page, answer.rows)
      mine.faults = []
    } catch (thrown) {
      if (mine !== book.current) return
      mine.faults = faultsOf(thrown)
    }
    mine.waiting = false
    redraw((count) => count + 1)
  }, [])

  const need = useCallback(
    (first: number, last: number) => {
      book.current.inView = [first, last]
      for (const page of pagesBetween(first, last)) void fetchPage(page)
    },
    [fetchPage],
  )

  const reload = useCallback(() => {
    const mine = book.current
    mine.edition++
    const kept = new Set(pagesBetween(...mine.inView))
    for (const page of mine.pages.keys()) if (!kept.has(page)) mine.pages.delete(page)
    need(...mine.inView)
  }, [need])

  useEffect(reload, [query, revision, reload])

  const { total, pages, waiting, faults } = book.current
  return {
    total,
    row: (index) => pages.get(Math.floor(index / pageSize))?.[index % pageSize],
    need,
    waiting,
    faults,
    reload,
  }
}

interface Book<Row> {
  query: string
  edition: number
  total: number
  pages: Map<number, Row[]>
  /** The edition in which a page was last asked for. */
  asked: Map<number, number>
  inView: [number, number]
  waiting: boolean
  faults: readonly Fault[]
}

function emptyBook<Row>(query: string): Book<Row> {
  return { query, edition: 0, total: 0, pages: new Map(), asked: new Map(), inView: [0, 0], waiting: true, faults: [] }
}
