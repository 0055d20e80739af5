import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { guessSource, sampleRows } from '#main/intake/guess.ts'
import { guessEncoding } from '#main/intake/decode.ts'
import { readSource, type SourceRecord } from '#main/intake/read-source.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { SourceOptions } from '#shared/design/source.ts'

const csv = { format: 'delimited', encoding: 'utf-8', delimiter: ',', quote: '"', header: true, skipLines: 0 } as const satisfies SourceOptions

async function* stream(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

async function read(options: SourceOptions, ...chunks: Uint8Array[]): Promise<{ columns: readonly string[]; records: SourceRecord[]; mistakes: unknown[]; bytes: number }> {
  const all = { columns: [] as readonly string[], records: [] as SourceRecord[], mistakes: [] as unknown[], bytes: 0 }
  for await (const batch of readSource(stream(...chunks), options)) {
    all.columns = batch.columns
    all.records.push(...batch.records)
    all.mistakes.push(...batch.mistakes)
    all.bytes = batch.bytes
    expect(batch.records.length).toBeLessThanOrEqual(1000)
  }
  return all
}

const text = 'number,name\r\n4000,Анна Ёлкина\r\n4001,"Щукин, Юрий"\r\n'

describe('encodings', () => {
  test.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1251', 'cp866', 'koi8-r', 'iso-8859-5', 'maccyrillic'])('%s is read, and the same for every cut', async (encoding) => {
    const bytes = iconv.encode(text, encoding)
    const expected = [
      { line: 2, values: ['4000', 'Анна Ёлкина'] },
      { line: 3, values: ['4001', 'Щукин, Юрий'] },
    ]
    expect((await read({ ...csv, encoding }, bytes)).records).toEqual(expected)
    for (const size of [1, 3, 7]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
      const found = await read({ ...csv, encoding }, ...chunks)
      expect(found.records).toEqual(expected)
      expect(found.bytes).toBe(bytes.length)
    }
  })

  test.each(['utf-8', 'utf-16le', 'utf-16be'])('a byte order mark of %s is no part of the first name', async (encoding) => {
    const bytes = iconv.encode(text, encoding, { addBOM: true })
    expect((await read({ ...csv, encoding }, bytes)).columns).toEqual(['number', 'name'])
  })

  test.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1251', 'cp866', 'koi8-r'])('%s is guessed from Russian names', (encoding) => {
    const names = ['Щербаков Юрий', 'Объедкова Софья', 'Ёлкина Марья', 'ЦОЙ ЭМИЛИЯ', 'Хабибуллин Рустам'].join('\r\n')
    expect(guessEncoding(iconv.encode(names, encoding)).encoding).toBe(encoding)
  })

  test('Western accents are told from Cyrillic', () => {
    const names = ['Zoë Müller', 'José Peña', 'François Lefèvre', 'Åsa Öberg'].join('\r\n')
    expect(guessEncoding(iconv.encode(names, 'windows-1252')).encoding).toBe('windows-1252')
    expect(guessEncoding(iconv.encode(names, 'utf-8'))).toEqual({ encoding: 'utf-8', certainty: 'certain' })
  })

  test('a sample that ends inside a character is still UTF-8', () => {
    const bytes = iconv.encode(text, 'utf-8')
    const inside = bytes.indexOf(0xd0) + 1
    expect(guessEncoding(bytes.subarray(0, inside + 2)).encoding).toBe('utf-8')
    expect(guessEncoding(bytes.subarray(0, inside)).encoding).toBe('utf-8')
  })

  test('an unknown one is refused', async () => {
    await expect(read({ ...csv, encoding: 'klingon' }, Buffer.from(text))).rejects.toMatchObject({ faults: [{ code: 'intake.unknown-encoding', class: 'operator' }] })
  })

  test('bytes that are none of its characters are a mistake of their record alone', async () => {
    const bytes = Buffer.concat([Buffer.from('number,name\n1,Anna\n2,Bo'), Buffer.from([0xff]), Buffer.from('b\n3,Cy\n')])
    const found = await read(csv, bytes)
    expect(found.records.map((record) => record.line)).toEqual([2, 4])
    expect(found.mistakes).toMatchObject([{ code: 'data.undecodable', line: 3, column: 'name', values: { position: 3 } }])
  })
})

describe('records', () => {
  test('columns are named by the header, by the options, or by number', async () => {
    const body = Buffer.from('1,2\n')
    expect((await read(csv, Buffer.from('a, \n'), body)).columns).toEqual(['a', '2'])
    expect((await read({ ...csv, header: false, columns: ['x', 'y'] }, body)).columns).toEqual(['x', 'y'])
    expect((await read({ ...csv, header: false }, body)).columns).toEqual(['1', '2'])
  })

  test('lines before the header are skipped and counted', async () => {
    const found = await read({ ...csv, skipLines: 2 }, Buffer.from('Bank of "Somewhere\nReport\na,b\n1,2\n1\n'))
    expect(found.records).toEqual([{ line: 4, values: ['1', '2'] }])
    expect(found.mistakes).toMatchObject([{ code: 'data.column-count', line: 5, values: { count: 1, expected: 2 } }])
  })

  test('a file without a header is refused where it should have one', async () => {
    await expect(read(csv, Buffer.from('\n'))).rejects.toBeInstanceOf(CardwrightError)
    expect((await read({ ...csv, header: false }, Buffer.from(''))).records).toEqual([])
  })

  test('control characters are mistakes of their record', async () => {
    const found = await read(csv, Buffer.from('a,b\n1,x\u0005y\n2,z\u007f\n3,tab\there\n'))
    expect(found.mistakes).toMatchObject([
      { code: 'data.control-character', line: 2, column: 'b', values: { position: 2, character: 'U+0005' } },
      { code: 'data.control-character', line: 3, column: 'b' },
    ])
    expect(found.records).toHaveLength(1)
  })

  test('fixed width: columns by place, a line that is too short told', async () => {
    const options: SourceOptions = { format: 'fixed', encoding: 'utf-8', skipLines: 1, columns: [{ name: 'number', start: 1, length: 4 }, { name: 'name', start: 6, length: 10 }] }
    const found = await read(options, Buffer.from('a heading\r\n4000 Анна\r\n4001 Bo Li      beyond\r\n40\r\n\r\n4002 C'))
    expect(found.records).toEqual([
      { line: 2, values: ['4000', 'Анна'] },
      { line: 3, values: ['4001', 'Bo Li'] },
      { line: 6, values: ['4002', 'C'] },
    ])
    expect(found.mistakes).toMatchObject([{ code: 'data.line-too-short', line: 4, values: { length: 2, needed: 6 } }])
  })

  test('bureau lines: named lines and the tracks', async () => {
    const options: SourceOptions = { format: 'dcc', encoding: 'utf-8', lines: ['number', 'name'] }
    const found = await read(options, Buffer.from('#DCC##EMB#1"A"#ENC#;1=2?#END#@@@@@@\r\nnoise\r\n#DCC##EMB#1"2"3"#END#@\r\n'))
    expect(found.columns).toEqual(['number', 'name', 'track1', 'track2', 'track3', 'compareTrack2'])
    expect(found.records).toEqual([{ line: 1, values: ['1', 'A', '', '1=2', '', ''] }])
    expect(found.mistakes).toMatchObject([{ code: 'data.dcc-frame', line: 2 }, { code: 'data.dcc-lines', line: 3 }])
  })

  test('any cut of the bytes gives the same records and mistakes', async () => {
    const unit = fc.constantFrom('a', 'Ж', '€', ',', '"', '\r\n', '\n', '\u0001', '😀', ';1=2?#END#@\n', '#DCC##EMB#a"#ENC#')
    const options = fc.constantFrom<SourceOptions>(
      { ...csv, header: false },
      { format: 'fixed', encoding: 'utf-8', skipLines: 0, columns: [{ name: 'a', start: 1, length: 2 }, { name: 'b', start: 3, length: 2 }] },
      { format: 'dcc', encoding: 'utf-8', lines: ['a'] },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(unit, { maxLength: 30 }), options, fc.integer({ min: 1, max: 9 }), async (units, how, size) => {
        const bytes = Buffer.from(units.join(''))
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
        expect(await read(how, ...chunks)).toEqual(await read(how, bytes))
      }),
      { numRuns: 500 },
    )
  })

  test('one large chunk comes in batches of a thousand', async () => {
    const bytes = Buffer.from(`a,b\n${Array.from({ length: 2500 }, (_, index) => `${index},x\n`).join('')}`)
    const { records } = await read(csv, bytes)
    expect(records.map((record) => record.values[0])).toEqual(Array.from({ length: 2500 }, (_, index) => String(index)))
  })
})

describe('the guess', () => {
  const guess = (sample: string): SourceOptions => guessSource(Buffer.from(sample)).options

  test.each([
    ['number,name\n4000,A\n4001,B\n', ','],
    ['number;name;city\n4000;A;"B;C"\n4001;B, C;D\n', ';'],
    ['number\tname\n4000\tA, B\n', '\t'],
    ['number|name\n4000|A\n', '|'],
  ])('%j has its delimiter', (sample, delimiter) => {
    expect(guess(sample)).toMatchObject({ format: 'delimited', delimiter, header: true })
  })

  test('a first line with a number in it is a record', () => {
    expect(guess('4000001234567899,2029-12,A\n4000001234567881,2029-12,B\n')).toMatchObject({ header: false, columns: ['1', '2', '3'] })
  })

  test('lines of one length without delimiters are fixed width', () => {
    expect(guess('4000001234567899 Anna Maria   12\n4000001234567881 Bo           12\n')).toEqual({
      format: 'fixed', encoding: 'utf-8', skipLines: 0,
      columns: [{ name: '1', start: 1, length: 17 }, { name: '2', start: 18, length: 5 }, { name: '3', start: 23, length: 8 }, { name: '4', start: 31, length: 2 }],
    })
  })

  test('a bureau’s file is known by its first line', () => {
    expect(guess('#DCC##EMB#1"A"B"#END#@@@@@@\r\n')).toEqual({ format: 'dcc', encoding: 'utf-8', lines: ['number', 'name', 'company'] })
  })

  test('any bytes have one', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => guessSource(bytes).options.encoding !== ''))
  })

  test('shows rows without numbers and verification values', async () => {
    const sample = Buffer.from('number,name,cvv2\n4000001234567899,Anna 4000 0012 3456 7899,123\n')
    expect(await sampleRows(sample, csv, 5)).toEqual({
      columns: ['number', 'name', 'cvv2'],
      rows: [['400000••••••7899', 'Anna 4000 00•• •••• 7899', '•••']],
    })
    const bare = Buffer.from('4000001234567899,123,Bo\n')
    expect((await sampleRows(bare, { ...csv, header: false }, 5)).rows).toEqual([['400000••••••7899', '•••', 'Bo']])
  })
})
