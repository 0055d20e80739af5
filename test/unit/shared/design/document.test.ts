import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDesign, parseDesignText } from '#shared/design/parse-design.ts'
import { template, templates } from './samples.ts'

type Path = readonly (string | number)[]

/** The debit card with one place changed. */
function changed(path: Path, value: unknown): unknown {
  const document: unknown = structuredClone(template('debit-card'))
  let at = document as Record<string | number, unknown>
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>
  const last = path.at(-1) ?? ''
  if (value === undefined) delete at[last]
  else at[last] = value
  return document
}

function mistakesOf(document: unknown): [string, string | undefined][] {
  const reading = parseDesign(document)
  return reading.ok ? [] : reading.mistakes.map((mistake) => [mistake.code, mistake.place])
}

describe('a design document', () => {
  test.each(templates)('%s is one', (name) => {
    expect(template(name).id).toBe(name)
  })

  test.each([
    [['id'], 'Debit Card', 'design.wrong-form', 'id'],
    [['name', 'ru'], undefined, 'design.missing', 'name.ru'],
    [['name', 'en'], '', 'design.too-small', 'name.en'],
    [['topping'], 'yes', 'design.wrong-type', 'topping'],
    [['colour'], 'red', 'design.unknown-member', 'colour'],
    [['lines', 2, 'colour'], 'red', 'design.unknown-member', 'lines[2].colour'],
    [['lines', 2, 'x'], undefined, 'design.missing', 'lines[2].x'],
    [['lines', 2, 'x'], 1.5, 'design.wrong-type', 'lines[2].x'],
    [['lines', 2, 'x'], 90_000, 'design.too-big', 'lines[2].x'],
    [['lines', 2, 'font'], 'comic', 'design.not-one-of', 'lines[2].font'],
    [['lines', 2, 'text'], 'uper(name)', 'design.expression-unknown-function', 'lines[2].text'],
    [['lines', 2, 'text'], 'upper(nobody)', 'design.unknown-column', 'lines[2].text'],
    [['tracks', 'track1', 'text'], 'name &', 'design.expression-unfinished', 'tracks.track1.text'],
    [['tracks', 'track4'], {}, 'design.unknown-member', 'tracks.track4'],
    [['compareTrack2'], 'missing', 'design.unknown-column', 'compareTrack2'],
    [['columns', 1, 'name'], 'NUMBER', 'design.column-twice', 'columns[1].name'],
    [['lines', 2, 'field'], 'number', 'design.field-twice', 'lines[2].field'],
    [['expiry'], undefined, 'design.no-expiry', 'lines[2].shows'],
    [['version'], 2, 'design.newer-version', 'version'],
    [['version'], 'one', 'design.not-one-of', 'version'],
    [['cardwright'], 'profile', 'design.not-a-design', 'cardwright'],
  ] as [Path, unknown, string, string][])('with %j = %j is refused', (path, value, code, place) => {
    expect(mistakesOf(changed(path, value))).toContainEqual([code, place])
  })

  test('that makes nothing is refused', () => {
    expect(mistakesOf({ ...template('id-card'), lines: [] })).toEqual([['design.makes-nothing', 'lines']])
  })

  test('tells all its mistakes at once', () => {
    const document = { ...template('debit-card'), id: 'A B', topping: 1, colour: 'red' }
    expect(mistakesOf(document).map(([, place]) => place).sort()).toEqual(['colour', 'id', 'topping'])
  })

  test('is never anything that makes the reader fail', () => {
    fc.assert(fc.property(fc.anything(), (anything) => !parseDesign(anything).ok))
    fc.assert(fc.property(fc.string(), (text) => !parseDesignText(text).ok))
  })

  test('may begin with a byte order mark', () => {
    expect(parseDesignText(`\uFEFF${JSON.stringify(template('id-card'))}`).ok).toBe(true)
  })
})
