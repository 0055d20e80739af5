/**
 * The program itself, killed with SIGKILL at fifty seeded moments while the machine lives on in a process of its own: its
 * ledger of blanks and the program's journal must tell the same story.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readEmbossing, readStripe } from '#drivers/cpx/simulator/plastic.ts'
import { seededRandom } from '#drivers/random/random.ts'
import { luhnHolds } from '#shared/card/number.ts'
import { openWorkspace, workspaceFiles } from '../../src/main/shell/compose.ts'
import { signIn } from '../../src/main/shell/demo-workspace.ts'
import { openStore } from '../../src/main/store/store.ts'
import { openControl } from './control.ts'

const rounds = 50
const seed = process.env['CARDWRIGHT_SEED'] ?? 'a hard day at branch 12'
const folder = mkdtempSync(join(tmpdir(), 'cardwright-crash-'))
const random = seededRandom(seed)

interface Spoken {
  child: ChildProcess
  /** Calls back for every line; set anew as the test wants. */
  onLine(line: Record<string, unknown>): void
}

function start(file: string, ...parameters: string[]): Spoken {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] })
  const spoken: Spoken = { child, onLine: () => {} }
  createInterface({ input: child.stdout! }).on('line', (line) => spoken.onLine(JSON.parse(line) as Record<string, unknown>))
  return spoken
}

const exited = ({ child }: Spoken) =>
  new Promise<number | null>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode)
    else child.once('exit', (code) => resolve(code))
  })

let machine: Spoken
let control: number
const numbers = Array.from({ length: 90 }, (_, index) => {
  const body = `40000077${String(index).padStart(7, '0')}`
  return body + Array.from('0123456789').find((digit) => luhnHolds(body + digit))!
})

/** A practice workspace with the served machine and a job of its own. */
beforeAll(async () => {
  machine = start('machine.ts')
  const where = await new Promise<Record<string, unknown>>((resolve) => (machine.onLine = resolve))
  control = Number(where['control'])
  const core = await openWorkspace({ folder, host: 'cli', demo: true })
  const as = await signIn(core, 'administrator')
  await as('device.save', { name: 'Served', profile: 'dc450', mode: 'standard', link: { kind: 'tcp', host: '127.0.0.1', port: Number(where['port']) } })
  const path = join(folder, 'crash.csv')
  const row = (number: string) => `${number},2029-12,ANNA KARENINA,,201,1234,123,456`
  writeFileSync(path, ['number,expiry,name,company,service_code,pvv,cvv,cvv2', ...numbers.map(row)].join('\n'))
  const upload = core.addUpload({ path, name: 'crash.csv' })
  const { options } = await as('intake.preview', { upload, design: 'debit-card' })
  const imported = await as('intake.import', { upload, options, design: 'debit-card', name: 'Crash' })
  expect(imported).toMatchObject({ accepted: true })
  await core.close()
}, 120_000)

afterAll(async () => {
  machine.child.kill('SIGKILL')
  await exited(machine)
  rmSync(folder, { recursive: true, force: true })
})

/** Starts the program and kills it at the `count`th word of the program or the machine. Answers whether it had finished. */
async function liveAndDie(listenTo: 'program' | 'machine', count: number): Promise<boolean> {
  const program = start('program.ts', folder, String(control))
  let left = count
  let closed = false
  const hear = (speaker: 'program' | 'machine') => (line: Record<string, unknown>) => {
    if (line['closed'] === true) closed = true
    else if (speaker === listenTo && --left === 0) program.child.kill('SIGKILL')
  }
  program.onLine = hear('program')
  machine.onLine = hear('machine')
  await exited(program)
  machine.onLine = () => {}
  return closed
}

test(`${rounds} times killed at a moment of seed “${seed}”: ledgers agree, nothing issued twice, nothing lost`, async () => {
  let kills = 0
  for (let round = 0; round < rounds; round++) {
    // A program that is killed by the machine's word needs the machine to move; the program's own words always come.
    const listenTo = random.below(2) === 0 ? 'program' : 'machine'
    if (await liveAndDie(listenTo, 1 + random.below(listenTo === 'program' ? 24 : 10))) break
    kills++
  }
  expect(kills, 'the job ended before the kills did').toBe(rounds)
  const program = start('program.ts', folder, String(control))
  expect(await exited(program)).toBe(0)

  const eye = openControl(control)
  const blanks = await eye.ledger()
  eye.close()
  const store = openStore({ path: workspaceFiles(folder).database, readOnly: true })
  const job = store.jobs().at(-1)!
  const attempts = [...store.logRows({ job: job.job })]
  const check = store.verify()
  const found = store.timeline({ job: job.job }).some(({ fact }) => fact.kind === 'recovery.found')
  store.close()

  expect(check.brokenAt).toBeUndefined()
  expect(job.state).toBe('closed')
  expect(job.counts).toMatchObject({ good: numbers.length, queued: 0, inDoubt: 0, inWork: 0 })

  const used = blanks.filter(({ place }) => place.kind !== 'hopper')
  const good = used.filter(({ place }) => place.kind === 'output-tray')
  expect(used).toHaveLength(job.counts.blanks.picked)
  expect(good).toHaveLength(numbers.length)
  expect(attempts.filter(({ state }) => state === 'rejected')).toHaveLength(used.length - good.length)

  const issued = good.map((blank) => {
    const { track2 } = readStripe(blank)
    const onStripe = 'data' in track2 ? track2.data.split('=')[0]! : 'unreadable'
    const embossed = readEmbossing(blank).map(({ text }) => text.replaceAll(' ', ''))
    expect(embossed, blank.id).toContain(onStripe)
    return onStripe
  })
  expect(issued.toSorted()).toEqual(numbers.toSorted())
  expect(found, 'no crash ever left a card in doubt: the moments are too tame').toBe(true)
}, 1_200_000)
