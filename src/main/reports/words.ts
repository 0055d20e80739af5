/** Sentences, dates and numbers of reports and of the command line, in one language and one time zone. */
import { createIntl, createIntlCache } from '@formatjs/intl'
import type { Reason } from '#shared/device/device.ts'
import type { Fault } from '#shared/faults.ts'
import type { Words as FactWords } from '#shared/journal/fact-sentence.ts'
import { type Language, type TextKey, texts } from '#shared/texts/index.ts'

type Values = Record<string, string | number>

export interface Words extends FactWords {
  readonly language: Language
  readonly timeZone: string
  /** What happened and what to do. A fault unknown to the catalogues is named by its code. */
  fault(fault: Fault): { what: string; do: string }
  /** `2026-07-27 13:04:22` in the time zone of these words. */
  time(at: number): string
  /** `27 July 2026, 13:04:22` */
  longTime(at: number): string
  count(count: number): string
}

const cache = createIntlCache()

/** @param timeZone as the tz database names it, such as `Europe/Moscow`; that of this computer where absent */
export function wordsIn(language: Language, timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone): Words {
  const intl = createIntl({ locale: language, messages: texts[language], timeZone, onError: refuse }, cache)
  const say = (key: TextKey, values?: Values) => intl.formatMessage({ id: key }, values)
  const sayIfKnown = (key: string, values?: Values) => (Object.hasOwn(texts.en, key) ? say(key as TextKey, values) : undefined)
  const clock = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone })
  return {
    language,
    timeZone,
    say,
    sayIfKnown,
    reason: ({ code, status }: Pick<Reason, 'code' | 'status'>) =>
      sayIfKnown(`reason.${code}`) ?? (status === undefined ? say('reason-unknown.word', { code }) : say('reason-unknown.status', { code, status })),
    fault: ({ code, class: kind, values }) => ({
      what: sayIfKnown(`fault.${code}.what`, values) ?? say('fault.unknown.what', { code }),
      do: sayIfKnown(`fault.${code}.do`, values) ?? say(`fault.class.${kind}.do`),
    }),
    time: (at) => clock.format(at),
    longTime: (at) => intl.formatDate(at, { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
    count: (count) => intl.formatNumber(count),
  }
}

/** A sentence without one of its values would be a false report. */
function refuse(error: Error): never {
  throw error
}
