/** Sentences of the catalogues with their values, in one language; pure, so that tests and pages share it. */
import { createIntl, createIntlCache } from 'react-intl'
import type { IntlShape } from 'react-intl'
import type { Reason } from '#shared/device/device.ts'
import type { Fault } from '#shared/faults.ts'
import { texts } from '#shared/texts/index.ts'
import type { Language, TextKey } from '#shared/texts/index.ts'

export type TextValues = Record<string, string | number>
export type Say = (key: TextKey, values?: TextValues) => string

const cache = createIntlCache()
const made = new Map<Language, IntlShape>()

export function intlFor(language: Language): IntlShape {
  const known = made.get(language)
  if (known) return known
  const intl = createIntl({ locale: language, messages: texts[language], onError: report }, cache)
  made.set(language, intl)
  return intl
}

/** A catalogue that lacks a value is a builder's mistake: it is reported, and the sentence stands without it. */
function report(error: Error): void {
  console.error(error.message)
}

export function sayIn(language: Language): Say {
  const intl = intlFor(language)
  return (key, values) => intl.formatMessage({ id: key }, values)
}

export function hasText(key: string): key is TextKey {
  return Object.hasOwn(texts.en, key)
}

/** A sentence whose key is composed of data, or undefined where the catalogues have none. */
export function sayIfKnown(say: Say, key: string, values?: TextValues): string | undefined {
  return hasText(key) ? say(key, values) : undefined
}

export interface FaultText {
  what: string
  do: string
  place: string | undefined
}

/** What happened and what to do, in words. A fault unknown to the catalogues is named by its code. */
export function faultText(say: Say, fault: Fault): FaultText {
  return {
    what: sayIfKnown(say, `fault.${fault.code}.what`, fault.values) ?? say('fault.unknown.what', { code: fault.code }),
    do: sayIfKnown(say, `fault.${fault.code}.do`, fault.values) ?? say(`fault.class.${fault.class}.do`),
    place: fault.place,
  }
}

/** Why the machine stopped or a card was rejected; a reason unknown to the catalogues is shown by its word and status. */
export function reasonText(say: Say, reason: Pick<Reason, 'code' | 'status'>): string {
  const known = sayIfKnown(say, `reason.${reason.code}`)
  if (known !== undefined) return known
  return reason.status === undefined ? say('reason-unknown.word', { code: reason.code }) : say('reason-unknown.status', { code: reason.code, status: reason.status })
}
