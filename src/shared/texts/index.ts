/** All sentences of the product. Every subject registers here; react-intl and the command line read from it. */
import { general } from './general.ts'

export type { Language } from './define.ts'

export const texts = {
  en: { ...general.en },
  ru: { ...general.ru },
} as const

export type TextKey = keyof typeof texts.en
