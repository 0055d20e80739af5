/** How this person likes the screen: language and theme, kept in this browser or window alone. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import type { Language } from '#shared/texts/index.ts'

type Theme = 'system' | 'light' | 'dark'

interface Preferences {
  language: Language
  theme: Theme
  setLanguage(language: Language): void
  setTheme(theme: Theme): void
}

/** Russian where the browser prefers it, English otherwise. */
export function preferredLanguage(languages: readonly string[]): Language {
  for (const language of languages) {
    if (/^ru\b/i.test(language)) return 'ru'
    if (/^en\b/i.test(language)) return 'en'
  }
  return 'en'
}

export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      language: preferredLanguage(typeof navigator === 'undefined' ? [] : navigator.languages),
      theme: 'system',
      setLanguage: (language) => set({ language }),
      setTheme: (theme) => set({ theme }),
    }),
    { name: 'cardwright.preferences', version: 1, partialize: ({ language, theme }) => ({ language, theme }) },
  ),
)

/** Lays theme and language on the document, now and at every change: one set of tokens, two schemes (see `ui/style/tokens.css`). */
export function applyPreferences(root: HTMLElement): void {
  const apply = ({ language, theme }: Preferences) => {
    root.lang = language
    if (theme === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = theme
  }
  apply(usePreferences.getState())
  usePreferences.subscribe(apply)
}
