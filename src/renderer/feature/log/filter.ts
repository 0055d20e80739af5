/** What the log shows, as a person sets it, as the address of the page keeps it, and as the core is asked. */
import type { LogQuery } from '#shared/contract/calls.ts'
import type { AttemptState } from '#shared/card/life.ts'

/** What became of a blank, in the words of the log. */
export const logResults = ['good', 'rejected', 'in-doubt', 'in-work', 'unused'] as const
export type LogResult = (typeof logResults)[number]

/** The states of an attempt that each result stands for. A blank that is known to be spoiled is no good card any more. */
export const statesOfResult: Readonly<Record<LogResult, readonly AttemptState[]>> = {
  good: ['good'],
  rejected: ['rejected', 'spoiled'],
  'in-doubt': ['in-doubt'],
  'in-work': ['claimed', 'intended', 'working'],
  unused: ['unused'],
}

export interface LogFilter {
  /** None means all. */
  readonly results: readonly LogResult[]
  readonly reason?: string
  readonly device?: string
  readonly operator?: string
  readonly job?: string
  /** First and last day, both included, as `2026-07-27` in this computer's time zone. */
  readonly from?: string
  readonly to?: string
  /** Last four digits, or an attempt such as `J-000012/7.2`. */
  readonly find?: string
}

export const everything: LogFilter = { results: [] }

const words = ['reason', 'device', 'operator', 'job', 'from', 'to', 'find'] as const
type Word = (typeof words)[number]

export function isEverything(filter: LogFilter): boolean {
  return filter.results.length === 0 && words.every((word) => filter[word] === undefined)
}

/** The filter with one part set, or taken away where `value` is undefined or empty. */
export function withPart(filter: LogFilter, word: Word, value: string | undefined): LogFilter {
  const { [word]: _, ...rest } = filter
  return value ? { ...rest, [word]: value } : rest
}

export function withResult(filter: LogFilter, result: LogResult, shown: boolean): LogFilter {
  const results = logResults.filter((candidate) => (candidate === result ? shown : filter.results.includes(candidate)))
  return { ...filter, results }
}

export function filterToAddress(filter: LogFilter): URLSearchParams {
  const address = new URLSearchParams()
  if (filter.results.length > 0) address.set('result', filter.results.join(','))
  for (const word of words) {
    const value = filter[word]
    if (value !== undefined) address.set(word, value)
  }
  return address
}

/** Reads an address; parts that make no sense are left out, so that an old link still opens. */
export function filterFromAddress(address: URLSearchParams): LogFilter {
  const named = (address.get('result') ?? '').split(',')
  let filter: LogFilter = { results: logResults.filter((result) => named.includes(result)) }
  for (const word of words) {
    const value = address.get(word)?.trim()
    if (!value || ((word === 'from' || word === 'to') && startOfDay(value) === undefined)) continue
    filter = withPart(filter, word, value)
  }
  return filter
}

/** The question for the core: days become moments, `to` the beginning of the day after. */
export function filterToQuery(filter: LogFilter): LogQuery {
  const from = filter.from === undefined ? undefined : startOfDay(filter.from)
  const to = filter.to === undefined ? undefined : startOfDay(filter.to, 1)
  const find = filter.find === undefined ? undefined : findWords(filter.find)
  return {
    ...(filter.results.length > 0 && { states: filter.results.flatMap((result) => statesOfResult[result]) }),
    ...(filter.reason !== undefined && { reason: filter.reason }),
    ...(filter.device !== undefined && { device: filter.device }),
    ...(filter.operator !== undefined && { operator: filter.operator }),
    ...(filter.job !== undefined && { job: filter.job }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(find && { find }),
  }
}

/** What is looked for: of a number only the last four digits count, whatever of it was typed; else an attempt's name. */
export function findWords(typed: string): string {
  const text = typed.trim()
  if (/^[\d\s•*-]+$/.test(text)) return text.replace(/\D/g, '').slice(-4)
  return text.toUpperCase().slice(0, 40)
}

function startOfDay(day: string, later = 0): number | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!parts) return undefined
  const [year, month, date] = parts.slice(1).map(Number) as [number, number, number]
  const moment = new Date(year, month - 1, date)
  if (moment.getMonth() !== month - 1 || moment.getDate() !== date) return undefined
  return new Date(year, month - 1, date + later).getTime()
}
