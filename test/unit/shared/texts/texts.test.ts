import { readdirSync } from 'node:fs'
import { createIntl } from '@formatjs/intl'
import { describe, expect, test } from 'vitest'
import { texts } from '#shared/texts/index.ts'

const keys = Object.keys(texts.en) as (keyof typeof texts.en)[]

const intl = createIntl({ locale: 'en', messages: {} })

/** The sentence taken apart; throws where it is not ICU MessageFormat. */
const parse = (text: string) => intl.formatters.getMessageFormat(text, 'en').getAst()
type Elements = ReturnType<typeof parse>
const plain = parse('text')[0]?.type

/** Names of the values that a sentence asks for, also inside its branches. */
function valuesOf(elements: Elements): string[] {
  return elements.flatMap((element) => {
    if ('children' in element) return valuesOf(element.children)
    if ('options' in element) return [element.value, ...Object.values(element.options).flatMap(({ value }) => valuesOf(value))]
    // The two that hold no value: plain text, and the number sign of a plural.
    return 'value' in element && element.type !== plain ? [element.value] : []
  })
}

const asked = (text: string) => [...new Set(valuesOf(parse(text)))].toSorted()

describe('catalogues', () => {
  test.each(['en', 'ru'] as const)('every sentence is ICU MessageFormat: %s', (language) => {
    const broken = keys.filter((key) => {
      try {
        parse(texts[language][key])
        return false
      } catch {
        return true
      }
    })
    expect(broken).toEqual([])
  })

  test('both languages ask for the same values', () => {
    const differing = keys.filter((key) => asked(texts.en[key]).join() !== asked(texts.ru[key]).join())
    expect(differing).toEqual([])
  })

  test('no subject takes a key from another one', async () => {
    const folder = new URL('../../../../src/shared/texts/', import.meta.url)
    const files = readdirSync(folder).filter((name) => name !== 'index.ts' && name !== 'define.ts')
    const owned = await Promise.all(
      files.map(async (name) => {
        const catalogues = Object.values((await import(new URL(name, folder).href)) as Record<string, { en: Record<string, string> }>)
        return catalogues.flatMap(({ en }) => Object.keys(en))
      }),
    )
    expect(owned.flat().toSorted()).toEqual(keys.toSorted())
  })

  test('no sentence was left in English', () => {
    const names = new Set<string>(['product.name', 'fact.by.system', 'session.version', 'cli.option.role', 'font.gothic', 'font.farrington-7b'])
    const left = keys.filter((key) => /[a-z]{4}/.test(texts.en[key].replace(/\{[^{}]*\}/g, '')) && !/[а-яё]/i.test(texts.ru[key]))
    expect(left.filter((key) => !names.has(key))).toEqual([])
  })
})
