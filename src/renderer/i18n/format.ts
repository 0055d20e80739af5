/** Numbers, times and durations as the screens write them. */
import { groupNumber } from '#shared/card/number.ts'
import type { Language } from '#shared/texts/index.ts'
import { intlFor } from './text.ts'
import type { Say } from './text.ts'

/** `4000 00•• •••• 7899`, with no-break spaces: a card number never wraps. */
export function formatNumber(number: string): string {
  return groupNumber(number).replaceAll(' ', '\u00a0')
}

/** `13:04:22`, in this computer's time zone. */
export function formatTime(at: number): string {
  const time = new Date(at)
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}

/** `27 July 2026, 13:04:22`. */
export function formatDateTime(language: Language, at: number): string {
  return `${formatDate(language, at)}, ${formatTime(at)}`
}

export function formatDate(language: Language, at: number): string {
  return intlFor(language).formatDate(at, { day: 'numeric', month: 'long', year: 'numeric' })
}

export function formatCount(language: Language, count: number): string {
  return intlFor(language).formatNumber(count)
}

/**
 * A duration in words, coarser the longer it is: `8 s`, `1 min 20 s`, `12 min`, `2 h 5 min`.
 * Above two minutes seconds are left out: an estimate does not know them.
 */
export function formatDuration(say: Say, milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return say('duration.seconds', { seconds })
  if (seconds < 120) return say('duration.minutes-seconds', { minutes: 1, seconds: seconds - 60 })
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return say('duration.minutes', { minutes })
  return say('duration.hours-minutes', { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
}
