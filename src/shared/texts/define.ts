/** Catalogues: one file per subject, both languages side by side, ICU MessageFormat values. */

/** Keeps the two languages equal in keys, so that a missing sentence does not compile. */
export function defineTexts<const Keys extends string>(texts: { en: Record<Keys, string>; ru: Record<NoInfer<Keys>, string> }): {
  en: Record<Keys, string>
  ru: Record<Keys, string>
} {
  return texts
}

export type Language = 'en' | 'ru'
