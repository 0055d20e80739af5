import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limitsOf, modeOf, shippedProfiles } from '#drivers/cpx/profile.ts'
import { checkFile, reportedMistakes, type CheckedBatch } from '#main/intake/check-file.ts'
import { guessSource } from '#main/intake/guess.ts'
import { checkFileInThread, workerEntry } from '#main/intake/worker-host.ts'
import type { SourceOptions } from '#shared/design/source.ts'
import { debitRecord, machine, template, type templates } from '../../shared/design/samples.ts'

const csv: SourceOptions = { format: 'delimited', encoding: 'utf-8', delimiter: ',', quote: '"', header: true, skipLines: 0 }
const context = { limits: machine, today: '2026-11-23' }
const debit = template('debit-card')
const dc450 = shippedProfiles.find((profile) => profile.profile === 'dc450')!
const limits = limitsOf(dc450, modeOf(dc450, 'standard'))

async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function collect(batches: AsyncIterable<CheckedBatch>): Promise<CheckedBatch & { batches: number }> {
  let all: CheckedBatch = { columns: [], cards: [], mistakes: [], mistakeCount: 0, records: 0, bytes: 0 }
  let count = 0
  for await (const batch of batches) {
    count++
    all = { ...batch, cards: [...all.cards, ...batch.cards], mistakes: [...all.mistakes, ...batch.mistakes] }
  }
  return { ...all, batches: count }
}

const header = Object.keys(debitRecord).join(',')
const line = (change: Partial<typeof debitRecord> = {}): string => Object.values({ ...debitRecord, ...change }).join(',')
const fileOf = (...lines: string[]): Buffer => Buffer.from([header, ...lines].join('\n'))

/** A number with its check digit, by the doubling rule of ISO/IEC 7812-1 annex B written out. */
function numberOf(index: number): string {
  const body = `400000${String(index).padStart(9, '0')}`
  const sum = Array.from(body, Number).reduce((total, digit, at) => total + (at % 2 === 0 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit), 0)
  return body + String((10 - (sum % 10)) % 10)
}

describe('a whole file', () => {
  test('that is good gives all its cards, with their lines', async () => {
    const found = await collect(checkFile(stream(fileOf(line(), line({ number: numberOf(2) }))), csv, debit, context))
    expect(found).toMatchObject({ records: 2, mistakeCount: 0, mistakes: [] })
    expect(found.cards.map((card) => [card.line, card.card.number])).toEqual([[2, '4000001234567899'], [3, numberOf(2)]])
    expect(found.cards[0]?.card.lines.map((made) => made.text)).toEqual(['7899 890', '4000 0012 3456 7899', '    12/29', 'IVAN PETROV'])
  })

  test('tells its mistakes in the order of its lines, whatever found them', async () => {
    const found = await collect(checkFile(stream(fileOf(line({ expiry: 'x' }), '1,2', line({ name: '' }))), csv, debit, context))
    expect(found.mistakes.map((mistake) => [mistake.line, mistake.code])).toEqual([
      [2, 'data.date-unreadable'],
      [3, 'data.column-count'],
      [4, 'data.empty'],
      [4, 'data.duplicate-number'],
    ])
    expect(found.records).toBe(3)
  })

  test('without a column that the design needs says so once, and of no record', async () => {
    const found = await collect(checkFile(stream(Buffer.from('number,name\n1,2\n3,4\n')), csv, debit, context))
    expect(found.mistakes.map((mistake) => mistake.values?.['name'])).toEqual(['expiry', 'service_code', 'pvv', 'cvv', 'cvv2'])
    expect(new Set(found.mistakes.map((mistake) => mistake.code))).toEqual(new Set(['data.missing-column']))
  })

  test('with a column twice, or with columns in another order and case', async () => {
    const twice = await collect(checkFile(stream(Buffer.from(`${header},Number\n${line()},1\n`)), csv, debit, context))
    expect(twice.mistakes).toMatchObject([{ code: 'data.column-twice', values: { name: 'number' } }])
    const names = Object.keys(debitRecord).reverse()
    const mixed = `${names.map((name) => name.toUpperCase()).join(',')},extra\n${names.map((name) => debitRecord[name as keyof typeof debitRecord]).join(',')},1\n`
    expect(await collect(checkFile(stream(Buffer.from(mixed)), csv, debit, context))).toMatchObject({ mistakeCount: 0, records: 1 })
  })

  test('without records says so', async () => {
    expect((await collect(checkFile(stream(fileOf()), csv, debit, context))).mistakes).toMatchObject([{ code: 'data.no-records' }])
    expect((await collect(checkFile(stream(Buffer.from('')), { ...csv, header: false } as SourceOptions, debit, context))).mistakeCount).toBeGreaterThan(0)
  })

  test('of nothing but mistakes counts them all and tells the first thousand', async () => {
    const lines = Array.from({ length: 1700 }, () => '1')
    const found = await collect(checkFile(stream(fileOf(...lines)), csv, debit, context))
    expect(found.mistakeCount).toBe(1700)
    expect(found.mistakes).toHaveLength(reportedMistakes)
  })
})

describe('the samples that ship', () => {
  const sample = (name: string): Buffer => readFileSync(new URL(`../../../../assets/samples/${name}`, import.meta.url))

  test.each([
    ['branch-12-debit.csv', 'debit-card', 25],
    ['staff-id-1251.csv', 'id-card', 10],
    ['bureau.dcc', 'bureau-card', 8],
  ] as [string, (typeof templates)[number], number][])('%s is guessed and good', async (name, design, cards) => {
    const bytes = sample(name)
    const found = await collect(checkFile(stream(bytes), guessSource(bytes).options, template(design), { ...context, limits }))
    expect(found.mistakes).toEqual([])
    expect(found.cards).toHaveLength(cards)
  })

  test('loyalty-fixed.txt is good once its columns are named', async () => {
    const { options } = guessSource(sample('loyalty-fixed.txt'))
    if (options.format !== 'fixed') throw new Error(options.format)
    const named = { ...options, columns: options.columns.map((column, index) => ({ ...column, name: ['number', 'name', 'since'][index] ?? column.name })) }
    const found = await collect(checkFile(stream(sample('loyalty-fixed.txt')), named, template('loyalty-card'), { ...context, limits }))
    expect(found.mistakes).toEqual([])
    expect(found.cards).toHaveLength(10)
  })

  test('branch-12-mistakes.csv has a mistake of nearly every kind, one a line', async () => {
    const found = await collect(checkFile(stream(sample('branch-12-mistakes.csv')), csv, debit, { ...context, limits }))
    expect(found.mistakes.map((mistake) => `${mistake.line} ${mistake.code.slice(5)} ${mistake.column ?? ''}`.trim())).toEqual([
      '3 check-digit number', '4 number-length number', '5 number-characters number', '6 duplicate-number number', '7 expired expiry',
      '8 date-impossible expiry', '9 date-ambiguous expiry', '10 expiry-too-far expiry', '11 character-not-on-wheel name', '12 line-too-long name',
      '13 frame-character name', '14 empty name', '15 not-digits service_code', '16 not-digits cvv', '17 column-count', '18 quote-misplaced',
      '19 empty cvv2', '20 track-name-length name', '21 line-too-long company', '22 control-character name', '24 quote-open',
    ])
    expect(found.mistakeCount).toBe(21)
  })
})

describe('in a thread of its own', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cardwright-intake-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const put = async (name: string, content: string | Buffer): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, content)
    return path
  }

  test('a file gives what it gives without one', async () => {
    const content = readFileSync(fileURLToPath(new URL('../../../../assets/samples/branch-12-mistakes.csv', import.meta.url)))
    const path = await put('mistakes.csv', content)
    const inThread = await collect(checkFileInThread(path, csv, debit, { ...context, limits }))
    expect(inThread).toEqual(await collect(checkFile(stream(content), csv, debit, { ...context, limits })))
  })

  test('a longer one comes in batches, each number asked for once', async () => {
    const path = await put('long.csv', [header, ...Array.from({ length: 3000 }, (_, index) => line({ number: numberOf(index) }))].join('\n'))
    const asked: string[] = []
    const issued = async (numbers: readonly string[]): Promise<number[]> => {
      asked.push(...numbers)
      return numbers.flatMap((number, index) => (number === numberOf(1234) ? [index] : []))
    }
    const found = await collect(checkFileInThread(path, csv, debit, { ...context, issued }))
    expect(found.records).toBe(3000)
    expect(found.cards.map((card) => card.card.number)).toEqual(Array.from({ length: 3000 }, (_, index) => numberOf(index)).filter((_, index) => index !== 1234))
    expect(found.mistakes).toMatchObject([{ code: 'data.already-issued', line: 1236 }])
    expect(found.batches).toBeGreaterThan(2)
    expect(asked).toHaveLength(3000)
  })

  test('the consumer may stop early', async () => {
    const path = await put('stopped.csv', [header, ...Array.from({ length: 5000 }, (_, index) => line({ number: numberOf(index) }))].join('\n'))
    for await (const batch of checkFileInThread(path, csv, debit, context)) {
      expect(batch.cards.length).toBeGreaterThan(0)
      break
    }
  })

  test('what makes a file or a design unusable arrives as the fault it is', async () => {
    const path = await put('good.csv', fileOf(line()))
    await expect(collect(checkFileInThread(join(folder, 'absent.csv'), csv, debit, context))).rejects.toMatchObject({ faults: [{ code: 'intake.unreadable-file', class: 'operator' }] })
    await expect(collect(checkFileInThread(path, { ...csv, encoding: 'klingon' } as SourceOptions, debit, context))).rejects.toMatchObject({ faults: [{ code: 'intake.unknown-encoding' }] })
    await expect(collect(checkFileInThread(path, csv, debit, { ...context, limits: { ...machine, maximumLines: 2 } }))).rejects.toMatchObject({ faults: [{ code: 'design.too-many-lines', place: 'lines' }] })
  })

  test('the bundle looks for its thread beside itself', () => {
    expect(workerEntry('file:///opt/app/out/main/index.js').href).toBe('file:///opt/app/out/main/intake-worker.js')
    expect(workerEntry('file:///src/main/intake/worker-host.ts').href).toBe('file:///src/main/intake/worker.ts')
  })
})
