/** Keys for cards from the command line: which there are, and a new one, whose value is never an argument. */
import { KeyAlgorithm, type KeyView } from '#shared/chip/keys.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Words } from '../../../reports/words.ts'
import { type Setting, type SignInOptions, withSession } from '../setting.ts'
import { textTable } from '../table.ts'

export function listKeys(setting: Setting, { json = false, ...signIn }: SignInOptions & { json?: boolean }): Promise<void> {
  return withSession(setting, signIn, async (client) => {
    const { words, terminal } = setting
    const keys = await client.call('chip.keys', {})
    if (json) return terminal.print(JSON.stringify(keys, undefined, 2))
    terminal.print(keysTable(words, keys))
  })
}

export interface ImportKeyOptions extends SignInOptions {
  algorithm: string
  purpose: 'master' | 'transport'
  /** The value is the next line of standard input, after a password that is read from there. */
  valueStdin?: boolean
}

/** Throws `cli.no-key-value` and whatever the key store refuses. */
export function importKey(setting: Setting, name: string, { algorithm, purpose, valueStdin = false, ...signIn }: ImportKeyOptions): Promise<void> {
  return withSession(setting, signIn, async (client) => {
    const { words, terminal } = setting
    const question = words.say('cli.ask.key-value', { name })
    const given = valueStdin ? await terminal.readLine() : terminal.interactive ? await terminal.askHidden(question) : undefined
    const value = given?.replace(/\s+/g, '')
    if (value === undefined || !/^([0-9A-Fa-f]{2})+$/.test(value)) throw new CardwrightError({ code: 'cli.no-key-value', class: 'operator' })
    const key = await client.call('chip.importKey', { name, algorithm: KeyAlgorithm.parse(algorithm), purpose, value })
    terminal.print(words.say('cli.keys.imported', { name, checkValue: key.checkValue }))
  })
}

export function removeKey(setting: Setting, name: string, signIn: SignInOptions): Promise<void> {
  return withSession(setting, signIn, async (client) => {
    await client.call('chip.removeKey', { name })
    setting.terminal.print(setting.words.say('cli.keys.removed', { name }))
  })
}

function keysTable(words: Words, keys: readonly KeyView[]): string {
  return textTable(
    [
      { heading: words.say('cli.column.name'), cell: ({ name }: KeyView) => name },
      { heading: words.say('cli.column.algorithm'), cell: ({ algorithm }: KeyView) => algorithm },
      { heading: words.say('cli.column.purpose'), cell: ({ purpose }: KeyView) => words.say(`cli.key-purpose.${purpose}`) },
      { heading: words.say('cli.column.check-value'), cell: ({ checkValue }: KeyView) => checkValue },
      { heading: words.say('cli.column.demo'), cell: ({ demo }: KeyView) => (demo ? words.say('cli.yes') : '') },
    ],
    keys,
  )
}
