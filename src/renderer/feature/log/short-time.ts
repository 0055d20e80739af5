/** A moment as a column of a table has room for: the time alone for today, else the day before it. */
import { formatTime } from '../../i18n/format.ts'

/** `21:47:36`, `Nov 23, 21:47:36`, `Nov 23, 2025, 21:47:36`. */
export function shortTime(language: string, at: number, now = new Date()): string {
  const day = new Date(at)
  const sameYear = day.getFullYear() === now.getFullYear()
  if (sameYear && day.getMonth() === now.getMonth() && day.getDate() === now.getDate()) return formatTime(at)
  const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', ...(!sameYear && { year: 'numeric' }) }).format(at)
  return `${date}, ${formatTime(at)}`
}
