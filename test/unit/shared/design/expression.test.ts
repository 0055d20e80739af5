import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileExpression, evaluate, expressionMistake } from '#shared/design/expression/compile.ts'
import { functions } from '#shared/design/expression/functions.ts'
import { Unfit } from '#shared/design/expression/unfit.ts'
import { columnReference, parseExpression } from '#shared/design/expression/syntax.ts'
import { texts } from '#shared/texts/index.ts'

const columns = ['number', 'name', 'Дата выдачи', 'expiry']

function value(source: string, row: readonly string[] = []): string | Unfit {
  const compiled = compileExpression(source, { indexOf: (name) => columns.indexOf(name) >= 0 ? columns.indexOf(name) : undefined, shared: new Map() })
  if (!compiled.ok) throw new Error(`${compiled.mistake.code} at ${compiled.mistake.position}`)
  return evaluate(compiled.expression, row)
}

describe('the language', () => {
  test('joins texts, columns and calls', () => {
    expect(value('"B" & number & \'^\' & upper(name)', ['4000', 'Ivan'])).toBe('B4000^IVAN')
  })

  test('reads columns with spaces and of any alphabet', () => {
    expect(value('[Дата выдачи]', ['', '', '01.02.2029'])).toBe('01.02.2029')
  })

  test('a doubled quote stands for itself', () => {
    expect(value('"say ""yes"""')).toBe('say "yes"')
    expect(value("'it''s'")).toBe("it's")
  })

  test('a column that the file does not have, and a row that is too short, read as empty', () => {
    expect(value('nowhere & name & "."', ['1'])).toBe('.')
  })

  test.each([
    ['', 'design.expression-empty', 1],
    ['   ', 'design.expression-empty', 1],
    ['upper(name', 'design.expression-unfinished', 11],
    ['name &', 'design.expression-unfinished', 7],
    ['name name', 'design.expression-unexpected', 6],
    ['name + 1', 'design.expression-unexpected', 6],
    ['12', 'design.expression-unexpected', 1],
    ['"open', 'design.expression-text-open', 1],
    ['name & [open', 'design.expression-name-open', 8],
    ['name & []', 'design.expression-unexpected', 9],
    ['name & upcase(name)', 'design.expression-unknown-function', 8],
    ['left(name)', 'design.expression-argument-count', 1],
    ['upper(name, name)', 'design.expression-argument-count', 1],
    ['left(name, "4")', 'design.expression-argument', 12],
    ['left(name, -1)', 'design.expression-argument', 12],
    ['word(name, 0)', 'design.expression-argument', 12],
    ['padLeft(name, 4, "ab")', 'design.expression-argument', 18],
    ['date(expiry, "MM/QQ")', 'design.expression-argument', 14],
    ['date(expiry, name)', 'design.expression-argument', 14],
    ['upper(1)', 'design.expression-argument', 7],
    [`${'upper('.repeat(50)}name${')'.repeat(50)}`, 'design.expression-too-deep', 247],
    ['"x" & '.repeat(200), 'design.expression-too-long', 1],
  ])('tells what is wrong with %j and where', (source, code, position) => {
    expect(expressionMistake(source)).toMatchObject({ code, position, values: { position } })
  })

  test('proposes the function that was meant', () => {
    expect(expressionMistake('uper(name)')?.values).toMatchObject({ suggestion: 'upper' })
    expect(expressionMistake('transliterat(name)')?.values).toMatchObject({ suggestion: 'transliterate' })
  })

  test('writes a column name so that it is read as that column', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => !name.includes(']') && name.trim() === name), (name) => {
        expect(parseExpression(columnReference(name))).toMatchObject({ ok: true, node: { kind: 'column', name } })
      }),
    )
  })

  test('no text is anything but an expression or a mistake with its place', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('upper(', 'left(name,', ')', '&', '"', "'", '[', ']', ',', '1', 'number', 'date(expiry,"MM/YY")'))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const source = parts.join('')
        const mistake = expressionMistake(source)
        if (mistake === undefined) return
        expect(mistake.position).toBeGreaterThanOrEqual(1)
        expect(mistake.position).toBeLessThanOrEqual(source.length + 1)
        expect(Object.keys(texts.en)).toContain(`fault.${mistake.code}.what`)
      }),
      { numRuns: 2000 },
    )
  })

  test('no row makes an expression throw: a text comes back, or why not', () => {
    const source = fc.constantFrom(
      ...functions.filter((entry) => entry.parameters[0]?.kind === 'text').map((entry) => entry.example.expression.replace(/"[^"]*"/, 'name')),
      'tlv("5F34", name)',
      'grouping("0101", name)',
      'date(name, "DD.MM.YYYY")',
      'joinWith("-", upper(name), transliterate(name), shorten(name, 5), trackName(trim(name)))',
      `${'replace('.repeat(12)}name${', "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")'.repeat(12)}`,
    )
    fc.assert(
      fc.property(source, fc.string({ unit: 'binary', maxLength: 60 }), (text, name) => {
        const result = value(text, ['', name])
        expect(typeof result === 'string' || result instanceof Unfit).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('the functions', () => {
  test.each(functions.map((entry) => [entry.example.expression, entry.example.result]))('%s makes %j', (source, result) => {
    expect(value(source)).toBe(result)
  })

  test('each is explained in both languages', () => {
    for (const { name } of functions) {
      expect(texts.en).toHaveProperty([`function.${name}`])
      expect(texts.ru).toHaveProperty([`function.${name}`])
    }
  })

  test('numbers are grouped as they are embossed', () => {
    expect(value('group(number)', ['400000123456789'])).toBe('4000 001234 56789')
    expect(value('group(number)', ['4000001234567899001'])).toBe('4000 0012 3456 7899 001')
    expect(value('group(number, "6-3-10")', ['4000001234567899001'])).toBe('400000 123 4567899001')
    expect(value('group(number, "2-2")', ['12345'])).toBe('12 34 5')
  })

  test('compact keeps what does not belong in a number, so that it is found', () => {
    expect(value('compact(number)', ['4OOO-0012 34'])).toBe('4OOO001234')
  })

  test('transliteration follows ICAO Doc 9303', () => {
    expect(value('transliterate("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ")')).toBe('ABVGDEEZHZIIKLMNOPRSTUFKHTSCHSHSHCHIEYEIUIA')
    expect(value('transliterate("Объедкова Юлия")')).toBe('Obieedkova Iuliia')
    expect(value('transliterate("Щукин")')).toBe('Shchukin')
    expect(value('transliterate("ЩУКИН Ж")')).toBe('SHCHUKIN ZH')
    expect(value("transliterate(\"O'Brien\")")).toBe("O'Brien")
  })

  test('accents go, letters of their own stay', () => {
    expect(value('unaccent("Zoë Müller")')).toBe('Zoe Muller')
    expect(value('unaccent("Йёлкин")')).toBe('Йёлкин')
  })

  test('a name is shortened by its given names, and its surname never', () => {
    expect(value('shorten("JOHN RONALD REUEL TOLKIEN", 19)')).toBe('JOHN R R TOLKIEN')
    expect(value('shorten("JOHN RONALD REUEL TOLKIEN", 13)')).toBe('J R R TOLKIEN')
    expect(value('shorten("JOHN RONALD REUEL TOLKIEN", 10)')).toBe('J TOLKIEN')
    expect(value('shorten("JOHN RONALD REUEL TOLKIEN", 4)')).toBe('TOLKIEN')
    expect(value('shorten("JOHN TOLKIEN", 26)')).toBe('JOHN TOLKIEN')
  })

  test('track 1 has the surname first', () => {
    expect(value('trackName("JOHN R TOLKIEN")')).toBe('TOLKIEN/JOHN R')
    expect(value('trackName("TOLKIEN/JOHN")')).toBe('TOLKIEN/JOHN')
    expect(value('trackName("PRINCE")')).toBe('PRINCE')
  })

  test('the empty ends of texts', () => {
    expect(value('right(name, 0)', ['', 'abc'])).toBe('')
    expect(value('left(name, 9)', ['', 'abc'])).toBe('abc')
    expect(value('mid(name, 9, 2)', ['', 'abc'])).toBe('')
    expect(value('word(name, 5)', ['', 'one two'])).toBe('')
    expect(value('before(name, "=")', ['', 'abc'])).toBe('abc')
    expect(value('after(name, "=")', ['', 'abc'])).toBe('')
    expect(value('date(name, "MM/YY")', ['', ''])).toBe('')
    expect(value('trim(name)', ['', '  Anna\t Maria\u00a0 '])).toBe('Anna Maria')
  })
})

describe('dates', () => {
  const read = (text: string, call = 'date(expiry, "YYYY-MM")'): string => {
    const result = value(call, ['', '', '', text])
    return typeof result === 'string' ? result : result.code
  }

  test.each(['2029-12', '2029-12-31', '31.12.2029', '12.2029', '12/2029', '12/29', '20291231'])('%s can not be mistaken', (text) => {
    expect(read(text)).toBe('2029-12')
  })

  test.each(['1229', '2912', '122029', '12-29', '12.31.29', '31/12/2029'])('%s is not guessed at', (text) => {
    expect(read(text)).toBe('data.date-ambiguous')
  })

  test('a named pattern tells what is meant', () => {
    expect(read('1229', 'date(expiry, "YYYY-MM", "MMYY")')).toBe('2029-12')
    expect(read('2912', 'date(expiry, "MM/YY", "YYMM")')).toBe('12/29')
    expect(read('31.12.29', 'date(expiry, "YYYYMMDD", "DD.MM.YY")')).toBe('20291231')
    expect(read('12/29', 'date(expiry, "YYYY-MM", "MMYY")')).toBe('data.date-unreadable')
  })

  test('days and months have to exist', () => {
    expect(read('2029-13')).toBe('data.date-impossible')
    expect(read('00/29')).toBe('data.date-impossible')
    expect(read('29.02.2028')).toBe('2028-02')
    expect(read('29.02.2029')).toBe('data.date-impossible')
    expect(read('29.02.2100')).toBe('data.date-impossible')
    expect(read('soon')).toBe('data.date-unreadable')
  })

  test('a day is not invented', () => {
    expect(read('12/29', 'date(expiry, "DD.MM.YYYY")')).toBe('data.date-without-day')
  })

  test('a bad date after a good one is still bad, and tells its column', () => {
    const compiled = compileExpression('"x" & date(expiry, "MM/YY")', { indexOf: (name) => columns.indexOf(name), shared: new Map() })
    if (!compiled.ok) throw new Error('mistake')
    expect(evaluate(compiled.expression, ['', '', '', '2029-12'])).toBe('x12/29')
    expect(evaluate(compiled.expression, ['', '', '', 'never'])).toMatchObject({ code: 'data.date-unreadable', columns: ['expiry'] })
    expect(evaluate(compiled.expression, ['', '', '', '2029-12'])).toBe('x12/29')
  })
})
