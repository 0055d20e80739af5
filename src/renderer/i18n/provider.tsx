/** The language of the page, for our own sentences and for those of the controls. */
import { useMemo } from 'react'
import type { ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { RawIntlProvider } from 'react-intl'
import type { Fault } from '#shared/faults.ts'
import type { Reason } from '#shared/device/device.ts'
import type { Language } from '#shared/texts/index.ts'
import { usePreferences } from '../store/preferences.ts'
import { formatCount, formatDate, formatDateTime, formatDuration, formatNumber, formatTime } from './format.ts'
import { faultText, intlFor, reasonText, sayIfKnown, sayIn } from './text.ts'
import type { FaultText, Say, TextValues } from './text.ts'

export function LanguageProvider({ children }: { children: ReactNode }) {
  const language = usePreferences((preferences) => preferences.language)
  return (
    <RawIntlProvider value={intlFor(language)}>
      <I18nProvider locale={language}>{children}</I18nProvider>
    </RawIntlProvider>
  )
}

export interface Words {
  language: Language
  say: Say
  /** A sentence whose key is composed of data; undefined where there is none. */
  sayIfKnown(key: string, values?: TextValues): string | undefined
  fault(fault: Fault): FaultText
  reason(reason: Pick<Reason, 'code' | 'status'>): string
  number(number: string): string
  time(at: number): string
  date(at: number): string
  dateTime(at: number): string
  count(count: number): string
  duration(milliseconds: number): string
}

/** Everything that a page needs to write in the person's language. */
export function useWords(): Words {
  const language = usePreferences((preferences) => preferences.language)
  return useMemo(() => wordsIn(language), [language])
}

function wordsIn(language: Language): Words {
  const say = sayIn(language)
  return {
    language,
    say,
    sayIfKnown: (key, values) => sayIfKnown(say, key, values),
    fault: (fault) => faultText(say, fault),
    reason: (reason) => reasonText(say, reason),
    number: formatNumber,
    time: formatTime,
    date: (at) => formatDate(language, at),
    dateTime: (at) => formatDateTime(language, at),
    count: (count) => formatCount(language, count),
    duration: (milliseconds) => formatDuration(say, milliseconds),
  }
}
