/**
 * Practice cards before programs of other makers, through a real PC/SC service: OpenSC's `opensc-tool`, and Java's own smart card library,
 * which hosts such as GlobalPlatformPro stand on. Each fetches responses of T=0 cards in its own way; what it gets has to be what the
 * card says when it is asked directly.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { createPcscReaders } from '#drivers/pcsc/readers.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { masterKeys } from '#drivers/virtual-card/global-platform/practice-keys.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { type InsertedCard, insertIntoVpcd } from '#drivers/virtual-card/vpcd.ts'
import type { ChipStation } from '#main/ports/chip-station.ts'
import { toHex } from '#shared/bytes.ts'
import { Host, send } from '../support/global-platform-host.ts'
import { noPcscdBecause, type PcscService, startPcscd } from '../support/pcscd.ts'
import { findProgram } from '../support/tools.ts'

const pcscMissing = noPcscdBecause()
const library = ['/usr/lib/x86_64-linux-gnu/libpcsclite.so.1', '/usr/lib/aarch64-linux-gnu/libpcsclite.so.1'].find((path) => existsSync(path))
const openscMissing = pcscMissing ?? (findProgram('opensc-tool') === undefined ? 'opensc-tool not found' : undefined)
const javaMissing = pcscMissing ?? (findProgram('javac') === undefined || library === undefined ? 'a Java development kit not found' : undefined)
const source = fileURLToPath(new URL('../support/Transmit.java', import.meta.url))
const because = (missing: string | undefined) => (missing === undefined ? '' : ` (skipped: ${missing})`)

const types = ['gp-scp02-15', 'gp-scp03-128'] as const
const newCard = (type: (typeof types)[number]) => createCard(type, { seed: 12, baudRate: 115_200, keys: 'plain' })
const key = masterKeys[16]

/** Commands as a host sends them, and the whole answers of a card of the same seed. Random numbers of the two are the same. */
function rehearsal(type: (typeof types)[number], level: number): { command: string; answer: string }[] {
  const card = newCard(type)
  card.powerOn()
  const said: { command: string; answer: string }[] = []
  const ask = (command: string) => {
    const { data, status } = send(card, command)
    said.push({ command, answer: data + status })
  }
  for (const command of ['00A4040000', '80CA9F7F00', '80CA00E000', '80CA006700', '00A40400080000000000000000', '00A4040008A000000151000000']) ask(command)
  const host = new Host(listening(card, said), { keys: () => ({ encryption: key, mac: key, data: key }), level })
  for (const command of ['80F28002024F0000', '80F24002024F0000', '80F21002024F0000', '80CA00E000', '80E60C002108F04341524457520109F0434152445752010107A0000000031010010002C90000', '80E290000642049999999900', '80F0800F'])
    ask(toHex(host.wrap(command)))
  expect(said.map(({ answer }) => answer.slice(-4)).filter((status) => status !== '9000')).toEqual(['6A82', '6A88'])
  return said
}

/** Notes what the host's constructor sends: INITIALIZE UPDATE and EXTERNAL AUTHENTICATE, whose answers a terminal sees whole. */
function listening(card: VirtualCard, said: { command: string; answer: string }[]): VirtualCard {
  const transmit = (command: Uint8Array) => {
    const response = card.transmit(command)
    const answer = response.kind === 'response' ? toHex(response.bytes) : ''
    if (command[1] === 0xc0) said.at(-1)!.answer = answer
    else said.push({ command: toHex(command), answer })
    return response
  }
  return { ...card, type: card.type, protocol: card.protocol, transmit, powerOn: () => card.powerOn(), powerOff: () => card.powerOff(), arm: (fault) => card.arm(fault), armed: () => card.armed(), disarm: () => card.disarm(), save: () => card.save() }
}

function run(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let told = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (told += bytes.toString()))
    child.once('exit', (code) => (code === 0 ? resolve(told) : reject(new Error(`${program} ended with ${code}: ${told}`))))
    child.stdin.end(input)
  })
}

describe.skipIf(pcscMissing !== undefined)('programs of other makers', { timeout: 60_000 }, () => {
  let service: PcscService
  let station: ChipStation
  let inserted: InsertedCard | undefined

  beforeAll(async () => {
    service = await startPcscd()
    station = createPcscReaders({ clock: systemClock }).station(service.readers[0])
  })
  afterAll(async () => {
    await station.close()
    await service.stop()
  })
  beforeEach(() => station.waitFor(['empty']))
  afterEach(() => inserted?.remove())

  async function insert(type: (typeof types)[number]): Promise<void> {
    inserted = await insertIntoVpcd({ place: service.places[0], card: newCard(type) })
    await station.waitFor(['card'])
  }

  describe.skipIf(openscMissing !== undefined)(`opensc-tool${because(openscMissing)}`, () => {
    test.each(types)('%s is seen, and answers', async (type) => {
      await insert(type)
      expect(await run('opensc-tool', ['-l'])).toMatch(/^0\s+Yes/m)
      const told = await run('opensc-tool', ['-r', '0', '-s', '00A4040000', '-s', '80CA9F7F00', '-s', '00A4040007A000000003101000'])
      expect(told.match(/SW1=0x.., SW2=0x../g)).toEqual(['SW1=0x90, SW2=0x00', 'SW1=0x90, SW2=0x00', 'SW1=0x6A, SW2=0x82'])
      expect(told).toContain('6F 10 84 08 A0 00 00 01 51 00 00 00 A5 04 9F 65')
    })
  })

  describe.skipIf(javaMissing !== undefined)(`Java${because(javaMissing)}`, () => {
    test.each([...types.map((type) => [type, 0x01] as const), ['gp-scp02-15', 0x03] as const, ['gp-scp03-128', 0x33] as const])('%s at level %i: what a host gets is what the card says', async (type, level) => {
      const said = rehearsal(type, level)
      await insert(type)
      const told = await run('java', [`-Dsun.security.smartcardio.library=${library}`, source], said.map(({ command }) => `${command}\n`).join(''))
      const [card = '', ...answers] = told.trim().split('\n')
      expect(card.slice(0, 3)).toBe(newCard(type).protocol)
      expect(answers).toEqual(said.map(({ answer }) => answer))
    })
  })
})
