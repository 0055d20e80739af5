/** `cardwright virtual-card`: the real command, before a real PC/SC service, switched off and on again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { createPcscReaders } from '#drivers/pcsc/readers.ts'
import type { ChipStation } from '#main/ports/chip-station.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { noPcscdBecause, type PcscService, startPcscd } from '../support/pcscd.ts'

const missing = noPcscdBecause()
const program = fileURLToPath(new URL('../../src/main/shell/cli/main.ts', import.meta.url))

describe.skipIf(missing !== undefined && !process.env['CI'])(`cardwright virtual-card${missing === undefined ? '' : ` (skipped: ${missing})`}`, { timeout: 30_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-virtual-card-'))
  const state = join(folder, 'card.json')
  let service: PcscService
  let station: ChipStation
  let running: ChildProcess | undefined

  beforeAll(async () => {
    service = await startPcscd()
    station = createPcscReaders({ clock: systemClock }).station(service.readers[0])
    await station.waitFor(['empty'])
  })

  afterAll(async () => {
    running?.kill('SIGKILL')
    await station.close()
    await service.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const place = () => (service.places[0] as { path: string }).path

  function start(type: string): ChildProcess {
    running = spawn(process.execPath, [program, 'virtual-card', type, '--vpcd', place(), '--state', state, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
    return running
  }

  /** The card's random numbers go on where they stopped: with i = 15, its challenge in INITIALIZE UPDATE is never the same twice. */
  async function initializeUpdate(): Promise<string> {
    await station.waitFor(['card'])
    const connection = await station.connect()
    try {
      const answer = await connection.transmit(fromHex('8050000008010203040506070800'))
      expect(answer).toMatchObject({ kind: 'response', status: 0x9000 })
      return answer.kind === 'response' ? toHex(answer.data) : ''
    } finally {
      await connection.release('unpower')
    }
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const gone = new Promise<number | null>((resolve) => running?.once('exit', resolve))
    running?.kill(signal)
    await station.waitFor(['empty'])
    return gone
  }

  test('the card outlives the program, also one that is killed', async () => {
    const heard: string[] = []
    start('gp-scp02-15').stdout?.on('data', (bytes: Buffer) => heard.push(bytes.toString()))
    const first = await initializeUpdate()
    expect(JSON.parse(heard.join(''))).toEqual({ card: 'gp-scp02-15', vpcd: place(), state: 'inserted' })
    expect(await end('SIGKILL')).toBeNull()
    start('gp-scp02-15')
    const second = await initializeUpdate()
    expect(await end('SIGTERM')).toBe(0)
    // Key diversification data is the card's own; its challenge is new.
    expect(second.slice(0, 20)).toBe(first.slice(0, 20))
    expect(second).not.toBe(first)
    expect(statSync(state).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(state, 'utf8'))).toMatchObject({ cardwright: 'practice-card', type: 'gp-scp02-15' })
  })

  test('a file with another card is not taken over', async () => {
    const told: string[] = []
    const other = start('gp-scp03-128')
    other.stderr?.on('data', (bytes: Buffer) => told.push(bytes.toString()))
    expect(await new Promise((resolve) => other.once('exit', resolve))).not.toBe(0)
    expect(told.join('')).toContain('gp-scp02-15')
  })
})
