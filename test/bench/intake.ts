/**
 * How fast a file of cards is read and checked, against csv-parse reading the same file and doing nothing else; and how much
 * memory a million records take.
 */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'csv-parse'
import { limitsOf, modeOf, shippedProfiles } from '#drivers/cpx/profile.ts'
import { checkFileInThread } from '#main/intake/worker-host.ts'
import type { SourceOptions } from '#shared/design/source.ts'
import { parseDesignText } from '#shared/design/parse-design.ts'
import { luhnHolds } from '#shared/card/number.ts'
import { metric, type Metric } from './metric.ts'

const columns = 'number,expiry,name,company,service_code,pvv,cvv,cvv2'
const names = ['Ivan Petrov', 'Maria-Luisa Hernandez', 'Alexander Konstantinopolsky', "Siobhan O'Brien", 'Li Wei', 'Bartholomew Featherstonehaugh']
const options: SourceOptions = { format: 'delimited', encoding: 'utf-8', delimiter: ',', quote: '"', header: true, skipLines: 0 }
const today = '2026-01-01'

/** The record number `index`; every card of the file is good, and no two are the same. */
function row(index: number): string {
  const body = `400000${String(index).padStart(9, '0')}`
  const check = Array.from('0123456789').find((digit) => luhnHolds(body + digit)) ?? '0'
  const four = String(index % 10_000).padStart(4, '0')
  const company = index % 3 === 0 ? '"Northern Trading, Ltd"' : ''
  return `${body}${check},${2029 + (index % 4)}-${String(1 + (index % 12)).padStart(2, '0')},${names[index % names.length]},${company},201,${four},${four.slice(1)},${four.slice(0, 3)}\r\n`
}

async function writeFileOf(path: string, records: number): Promise<void> {
  const file = createWriteStream(path)
  file.write(`${columns}\r\n`)
  for (let index = 0; index < records; ) {
    let text = ''
    for (const end = Math.min(records, index + 1000); index < end; index++) text += row(index)
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
}

/** The whole way that an import takes, short of the store: read, decoded, split, checked, and handed to the main thread. */
async function checkAll(path: string): Promise<number> {
  const reading = parseDesignText(await readFile(new URL('../../assets/templates/debit-card.json', import.meta.url), 'utf8'))
  const profile = shippedProfiles.find((candidate) => candidate.profile === 'dc450')
  if (!reading.ok || profile === undefined) throw new Error('the sample design or the profile can not be read')
  let cards = 0
  for await (const batch of checkFileInThread(path, options, reading.design, { limits: limitsOf(profile, modeOf(profile, 'standard')), today })) {
    if (batch.mistakeCount > 0) throw new Error(`the generated file has mistakes: ${JSON.stringify(batch.mistakes[0])}`)
    cards += batch.cards.length
  }
  return cards
}

async function parseAlone(path: string): Promise<number> {
  let records = 0
  const parser = createReadStream(path).pipe(parse({ bom: true }))
  parser.on('data', () => records++)
  await once(parser, 'end')
  return records - 1
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const start = performance.now()
  const records = await work()
  return records / ((performance.now() - start) / 1000)
}

/** Records per second; the limit is csv-parse alone on the same file. Rounds alternate and the best of each counts. */
export async function measureIntake(records = 200_000, rounds = 3): Promise<Metric[]> {
  return withFolder(async (folder) => {
    const path = join(folder, 'cards.csv')
    await writeFileOf(path, records)
    let value = 0
    let limit = 0
    for (let round = 0; round < rounds; round++) {
      limit = Math.max(limit, await perSecond(() => parseAlone(path)))
      value = Math.max(value, await perSecond(() => checkAll(path)))
    }
    return [metric('intake_rows_per_second', value, 'rows/s', limit)]
  })
}

/** Highest resident memory of a process that does nothing but check a million records, in megabytes. */
export async function measurePeakMemory(records = 1_000_000): Promise<Metric[]> {
  return withFolder(async (folder) => {
    const path = join(folder, 'cards.csv')
    await writeFileOf(path, records)
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), path])
    const measured = JSON.parse(stdout) as { cards: number; peak: number }
    if (measured.cards !== records) throw new Error(`${measured.cards} of ${records} records came through`)
    return [metric('peak_mb_million_rows', measured.peak, 'MB', 300)]
  })
}

async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'cardwright-bench-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

// The measured process of `measurePeakMemory`.
const [, program, path] = process.argv
if (program === fileURLToPath(import.meta.url) && path !== undefined) {
  const cards = await checkAll(path)
  process.stdout.write(JSON.stringify({ cards, peak: process.resourceUsage().maxRSS / 1024 }))
}
