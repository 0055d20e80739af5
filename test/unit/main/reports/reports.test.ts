import fc from 'fast-check'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { toCsv } from '#main/reports/csv.ts'
import { LogDocument, ProtocolDocument } from '#main/reports/documents.ts'
import { buildProtocol } from '#main/reports/protocol.ts'
import { renderLog, renderProtocol } from '#main/reports/render.ts'
import { cellOf } from '#main/reports/table.ts'
import { wordsIn } from '#main/reports/words.ts'
import { sampleSource, start } from './sample.ts'

const english = wordsIn('en', 'Europe/Moscow')
const russian = wordsIn('ru', 'Europe/Moscow')
const bytesOf = ({ base64 }: { base64: string }) => Buffer.from(base64, 'base64')
const pages = (bytes: Buffer) => bytes.toString('latin1').match(/\/Type \/Page\n/g)?.length ?? 0

describe('model', () => {
  const protocol = buildProtocol(sampleSource())

  test('says what was asked for, from which file and under which design', () => {
    expect(protocol.file).toEqual({ name: 'branch-12-debit.csv', digest: 'f'.repeat(64) })
    expect(protocol.design).toEqual({ id: 'debit', name: 'Debit card', revision: 3, digest: 'd'.repeat(64) })
    expect(protocol).toMatchObject({ createdBy: 'Ольга Смирнова', closedBy: 'Ann Bell' })
  })

  test('counts the blanks of each run, and the reasons of the rejected ones alone', () => {
    expect(protocol.runs).toMatchObject([
      { run: 'R-000020', device: 'Front desk', operator: 'Ольга Смирнова', good: 2, rejected: 1, why: 'device-lost', startedAt: start + 60_000, endedAt: start + 150_000 },
      { run: 'R-000021', operator: 'Ann Bell', good: 1, rejected: 0, why: 'complete', range: { from: 2, to: 2 } },
    ])
    expect(protocol.reasons).toMatchObject([{ reason: { code: 'jam' }, count: 1 }])
    const { good, rejected } = protocol.job.counts.blanks
    expect(protocol.runs.reduce((sum, run) => sum + run.good, 0)).toBe(good)
    expect(protocol.reasons.reduce((sum, { count }) => sum + count, 0)).toBe(rejected)
  })

  test('names both people of a settled doubt', () => {
    expect(protocol.doubts).toEqual([
      { attempt: 'J-000012/3.1', at: start + 140_000, verdict: 'good', basis: 'people', choice: 'card-good', by: 'Ann Bell', second: 'Pavel Orlov' },
    ])
  })

  test('who did what leaves out the steps that every card takes', () => {
    expect(protocol.actions.map(({ fact }) => fact.kind)).toEqual([
      'job.created', 'run.started', 'prompt.answered', 'attempt.resolved', 'run.ended', 'record.requeued', 'run.started', 'run.ended', 'job.closed',
    ])
  })

  test('ends with the last row of the chain and the seal', () => {
    expect(protocol.chain).toEqual({ sequence: 114, hash: '3'.repeat(64), seal: { head: 'b'.repeat(64), mac: 'c'.repeat(64) } })
  })

  test('a job that is still open has neither end nor seal', () => {
    const { rows } = sampleSource()
    const open = buildProtocol(sampleSource({ rows: rows.slice(0, 7) }))
    expect(open.closedBy).toBeUndefined()
    expect(open.chain.seal).toBeUndefined()
    expect(open.runs[0]).not.toHaveProperty('endedAt')
  })
})

describe('CSV', () => {
  test('RFC 4180: CR LF, quotes doubled, and a reader gets back what was written', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (rows) => {
        const width = rows[0]!.length
        const even = rows.map((row) => Array.from({ length: width }, (_, index) => row[index] ?? ''))
        const read = parse(toCsv(even), { bom: true, record_delimiter: '\r\n' }) as string[][]
        expect(read.map((row) => row.map((cell) => cell.replace(/^'/, '')))).toEqual(even.map((row) => row.map((cell) => cell.replace(/^'/, ''))))
      }),
    )
  })

  test.each(['=1+1', '+7 495', '-2', '@SUM(A1)', '\t=1', '  =1', '＝1', '|calc', '%0A'])('no spreadsheet takes %j for a formula', (text) => {
    const [row] = parse(toCsv([[text]]), { bom: true }) as string[][]
    expect(row![0]).toBe(`'${text}`)
  })

  test('numbers and common texts stay as they are', () => {
    expect(toCsv([[7, 'Ольга', 'a,b', 'say "x"', '400000••••••7891']])).toBe('\u{FEFF}7,Ольга,"a,b","say ""x""",400000••••••7891\r\n')
  })

  test('a protocol lists every blank in words, times in the named zone', async () => {
    const file = await renderProtocol(buildProtocol(sampleSource()), 'csv', english)
    expect(file).toMatchObject({ name: 'protocol-J-000012.csv', mediaType: 'text/csv; charset=utf-8' })
    const [heads, first, second] = parse(bytesOf(file), { bom: true }) as string[][]
    expect(heads!.slice(0, 6)).toEqual(['Blank', 'Job', 'Name of the job', 'Card', 'Number', 'Began (Europe/Moscow)'])
    expect(first).toContain('2026-07-27 10:05:34')
    expect(second).toContain('taken out by the operator')
  })
})

describe('JSON', () => {
  test('a protocol fits its schema and says the times in UTC', async () => {
    const document = ProtocolDocument.parse(JSON.parse(String(bytesOf(await renderProtocol(buildProtocol(sampleSource()), 'json', russian)))))
    expect(document.job).toMatchObject({ createdAt: '2026-07-27T07:04:22.000Z', closedBy: 'Ann Bell' })
    expect(document.counts.blanks).toEqual({ picked: 4, good: 3, rejected: 1, inDoubt: 0, resolved: 1 })
    expect(document.attempts[1]).toMatchObject({ attempt: 'J-000012/2.1', state: 'rejected', reason: { code: 'jam', status: 'D' }, place: 'operator' })
    expect(document.chain.seal?.mac).toBe('c'.repeat(64))
  })

  test('a log fits its schema', async () => {
    const { attempts } = sampleSource()
    const file = await renderLog({ workspace: 'Branch 12', attempts, madeAt: start, madeBy: 'Ann Bell' }, 'json', english)
    expect(file.name).toBe('card-log-2026-07-27.json')
    expect(LogDocument.parse(JSON.parse(String(bytesOf(file)))).attempts).toHaveLength(4)
  })
})

describe('what became of a chip', () => {
  const source = sampleSource()
  const [first, second, ...others] = source.attempts
  const attempts = [
    { ...first!, done: ['chip' as const, ...first!.done], chip: { station: 'chip', atr: '3B00', number: 'C0FFEE', apdus: 31, verified: 4, lastStatus: '9000', accompanying: { batch: 'B7' } } },
    { ...second!, chip: { station: 'chip', atr: '3B00', apdus: 12, verified: 0, application: 'debit', step: 'store data', line: 7, lastStatus: '6A80', accompanying: {} } },
    ...others,
  ]
  const log = { workspace: 'Branch 12', attempts, madeAt: start, madeBy: 'Ann Bell' }
  const columns = async (words: typeof english) => (parse(bytesOf(await renderLog(log, 'csv', words)), { bom: true }) as string[][]).map((row) => row.slice(-7))

  test('has columns of its own', async () => {
    expect(await columns(english)).toEqual([
      ['Chip', 'Commands to the chip', 'Ended in', 'Step', 'Line', 'Last answer', 'Told with it'],
      ['C0FFEE', '31', '', '', '', '9000', 'batch: B7'],
      ['', '12', 'debit', 'store data', '7', '6A80', ''],
      ...others.map(() => Array.from({ length: 7 }, () => '')),
    ])
    expect((await columns(russian))[0]![0]).toBe('Чип')
  })

  test('stands in the documents', async () => {
    expect(LogDocument.parse(JSON.parse(String(bytesOf(await renderLog(log, 'json', english))))).attempts[1]).toMatchObject({ chip: { step: 'store data', line: 7, lastStatus: '6A80' } })
    const protocol = buildProtocol({ ...source, attempts })
    expect(ProtocolDocument.parse(JSON.parse(String(bytesOf(await renderProtocol(protocol, 'json', english))))).attempts[0]).toMatchObject({ chip: { number: 'C0FFEE', apdus: 31 } })
  })

  test('has a table on paper where there were chips, in words', async () => {
    const [without, withChips] = [buildProtocol(source), buildProtocol({ ...source, attempts })]
    for (const words of [english, russian]) {
      const length = async (protocol: typeof without) => bytesOf(await renderProtocol(protocol, 'pdf', words)).length
      expect(await length(withChips)).toBeGreaterThan(await length(without))
      expect(bytesOf(await renderLog(log, 'pdf', words)).subarray(0, 5).toString()).toBe('%PDF-')
    }
    expect(cellOf(english, attempts[1]!, 'chip-ended')).toBe('debit, step “store data”, line 7, last answer 6A80')
    expect(cellOf(russian, attempts[1]!, 'chip-ended')).toBe('debit, шаг «store data», строка 7, последний ответ 6A80')
    expect(cellOf(english, attempts[0]!, 'chip-ended'), 'one that was made ended nowhere').toBe('')
  })
})

describe('PDF', () => {
  test('a protocol and a log are printed in both languages', async () => {
    const protocol = buildProtocol(sampleSource())
    for (const words of [english, russian]) {
      for (const file of [await renderProtocol(protocol, 'pdf', words), await renderLog({ ...protocol, job: 'J-000012' }, 'pdf', words)]) {
        expect(file.mediaType).toBe('application/pdf')
        expect(bytesOf(file).subarray(0, 5).toString()).toBe('%PDF-')
        expect(bytesOf(file).subarray(-6).toString()).toContain('%%EOF')
      }
    }
  })

  test('the same protocol printed twice is the same file', async () => {
    const protocol = buildProtocol(sampleSource())
    expect((await renderProtocol(protocol, 'pdf', english)).base64).toBe((await renderProtocol(protocol, 'pdf', english)).base64)
  })

  test('heads repeat on every page: a long log has more pages, and too long a one is refused with what to do', async () => {
    const { attempts } = sampleSource()
    const many = Array.from({ length: 200 }, (_, index) => ({ ...attempts[index % 4]!, record: index + 1 }))

    expect(pages(bytesOf(await renderLog({ workspace: 'Branch 12', attempts: many, madeAt: start, madeBy: 'Ann Bell' }, 'pdf', russian)))).toBeGreaterThan(4)
    const tooMany = Array.from({ length: 5001 }, () => attempts[0]!)
    await expect(renderLog({ workspace: 'Branch 12', attempts: tooMany, madeAt: start, madeBy: 'Ann Bell' }, 'pdf', russian)).rejects.toMatchObject({
      faults: [{ code: 'report.too-long', values: { limit: 5000, rows: 5001 } }],
    })
  })
})
