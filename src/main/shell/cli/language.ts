/** The language of the command line: asked for, or that of the computer. */
import type { Language } from '#shared/texts/index.ts'

/** `--lang ru` or `--lang=ru`; else what `LC_ALL`, `LC_MESSAGES` or `LANG` say (POSIX.1-2024, XBD 8.2); else English. */
export function languageOf(argv: readonly string[], variables: Readonly<Record<string, string | undefined>>): Language {
  const at = argv.indexOf('--lang')
  const asked = at >= 0 ? argv[at + 1] : argv.find((argument) => argument.startsWith('--lang='))?.slice('--lang='.length)
  const locale = asked ?? [variables['LC_ALL'], variables['LC_MESSAGES'], variables['LANG']].find((value) => value !== undefined && value !== '')
  return locale?.toLowerCase().startsWith('ru') ? 'ru' : 'en'
}
