import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { functions, signature } from '#shared/design/expression/functions.ts'
import { texts } from '#shared/texts/index.ts'

const page = (name: string): string => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8')

test('the page on designs lists every function as it is, with its example', () => {
  const text = page('card-designs.md')
  for (const entry of functions) {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${signature(entry)}\` |`))
    expect(row, signature(entry)).toContain(`| \`${entry.example.expression}\` | \`${entry.example.result}\` |`)
  }
})

test('the page on data files lists every rule', () => {
  const text = page('data-files.md')
  const listed = text.split('\n').filter((line) => line.startsWith('| `data.')).map((line) => line.split('|')[1] ?? '').flatMap((cell) => {
    const names = [...cell.matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? '')
    const stem = names[0]?.replace(/-[a-z]+(-[a-z]+)?$/, '') ?? ''
    return names.flatMap((name) => (name.startsWith('data.') ? [name] : [`${stem}${name}`, `${names[0]?.replace(/-[^-]+$/, '')}${name}`]))
  })
  const rules = Object.keys(texts.en).flatMap((key) => /^fault\.(data\..*)\.what$/.exec(key)?.[1] ?? [])
  expect(rules.filter((rule) => !listed.includes(rule))).toEqual([])
})
