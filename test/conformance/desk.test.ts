/**
 * A payment card made at a desk, of real parts throughout: `cardwright chip run` in one process, pcscd with its reader, and a practice card in
 * another process.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { createPcscReaders } from '#drivers/pcsc/readers.ts'
import type { ChipStation } from '#main/ports/chip-station.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { findTlv } from '#shared/tlv/ber.ts'
import { noPcscdBecause, type PcscService, startPcscd } from '../support/pcscd.ts'

const missing = noPcscdBecause()
const project = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
/** No card of the practice batches. */
const number = '4000001213999999'

/** The first card of the sample file, with a number of its own. */
function sampleRecord(): object {
  const [head = '', row = ''] = readFileSync(project('assets/samples/chip-debit-cards.csv'), 'utf8').split('\n')
  const cells = new Map(head.split(',').map((name, index) => [name, row.split(',')[index] ?? '']))
  const entry = '61184F07A0000000031010500A44454D4F204445424954870101'
  return {
    number,
    payment: cells.get('emv')?.replaceAll(cells.get('number') ?? '', number),
    directory: { '0101': `701A${entry}`, '9102': 'A50E8801015F2D047275656E9F110101' },
    proximity: { '9102': `A51DBF0C1A${entry}` },
  }
}

describe.skipIf(missing !== undefined && !process.env['CI'])(`a card made at a desk${missing === undefined ? '' : ` (skipped: ${missing})`}`, { timeout: 90_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-desk-'))
  const record = join(folder, 'record.json')
  let service: PcscService
  let station: ChipStation
  let card: ChildProcess | undefined

  beforeAll(async () => {
    service = await startPcscd()
    station = createPcscReaders({ clock: systemClock }).station(service.readers[0])
    writeFileSync(record, JSON.stringify(sampleRecord()))
    expect(await cardwright('init', '--demo').ended).toBe(0)
  })

  afterAll(async () => {
    card?.kill('SIGKILL')
    await station.close()
    await service.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  function cardwright(...args: string[]): { process: ChildProcess; ended: Promise<number | null>; told: () => string } {
    let told = ''
    const child = spawn(process.execPath, [project('src/main/shell/cli/main.ts'), '--data', join(folder, 'workspace'), ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (told += bytes.toString()))
    return { process: child, ended: new Promise((resolve) => child.once('exit', resolve)), told: () => told }
  }

  async function insertCard(): Promise<void> {
    const place = (service.places[0] as { path: string }).path
    card = cardwright('virtual-card', 'gp-scp02-55', '--vpcd', place, '--state', join(folder, 'card.json')).process
    await station.waitFor(['card'])
  }

  const makeChip = () => cardwright('chip', 'run', 'emv-debit', '--reader', service.readers[0], '--record', record, '--as', 'administrator', '--on-prompt', 'stop')

  test('is personalized, journaled, and speaks to a terminal afterwards', async () => {
    await insertCard()
    const run = makeChip()
    expect({ code: await run.ended, told: run.told() }).toMatchObject({ code: 0 })
    const jobs = cardwright('jobs', '--all', '--json')
    await jobs.ended
    expect(jobs.told()).toContain('record.json')

    const connection = await station.connect()
    const selected = await connection.transmit(fromHex('00A4040007A000000003101000'))
    expect(selected).toMatchObject({ kind: 'response', status: 0x9000 })
    const read = await connection.transmit(fromHex('00B2011400'))
    expect(read).toMatchObject({ kind: 'response', status: 0x9000 })
    expect(read.kind === 'response' && toHex(findTlv(read.data, '5A') ?? new Uint8Array(0))).toBe(number)
    await connection.release('unpower')
  })

  test('is not made a second time: neither the record nor the chip', async () => {
    const again = makeChip()
    expect(await again.ended).not.toBe(0)
    expect(again.told()).toContain('data.already-issued')
    writeFileSync(record, readFileSync(record, 'utf8').replaceAll(number, '4000001213999991'))
    const other = makeChip()
    expect(await other.ended).not.toBe(0)
    expect(other.told()).toContain('personalized before')
    const connection = await station.connect()
    await connection.transmit(fromHex('00A4040007A000000003101000'))
    const read = await connection.transmit(fromHex('00B2011400'))
    expect(read.kind === 'response' && toHex(findTlv(read.data, '5A') ?? new Uint8Array(0))).toBe(number)
    await connection.release('unpower')
  })
})
