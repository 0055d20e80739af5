/** Every command of a card × every fault of practice cards: nothing that went wrong comes out as a good card, nor a written card as a blank. */
import { describe, expect, it } from 'vitest'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import type { ChipFault } from '#shared/chip/practice-card.ts'
import { applicationOf, chipBench, make, practiceCard, secretGroup, taskOf } from '../../../support/chip-work.ts'
import { cardData } from '../../../support/emv-card-data.ts'
import { rsaFrom } from '../../../support/demo-pki.ts'

const identifier = 'A0000000031010'
const pki = { index: '92', ca: rsaFrom('ca', 1152), issuer: rsaFrom('issuer', 1024), icc: rsaFrom('icc', 960) }
const data = cardData({ scheme: 'visa-18', number: '4276550000000018', expiry: '2912', name: 'PETROV/PETR', authentication: 'SDA', pki })
const groups = Object.entries(data).map(([name, value]) => (name.startsWith('8') ? secretGroup(name, value) : { name, value }))
const records = groups.filter(({ name }) => /^0[1-3]0/.test(name))
const chip = { task: 'task', applications: [{ application: 'app', groups }] }
const task = taskOf(
  [
    applicationOf('emv-cps', {
      parameters: { application: identifier, diversification: 'emv-cps', level: 'mac+encryption', install: true, loadFile: 'F043415244575201', module: 'F04341524457520101' },
      keys: { 'card-manager': 'practice-des' },
      template: groups.map(({ name, ...group }) => ({ group: name, required: true, secret: 'secret' in group })),
      open: [`00A4040007${identifier}00`],
      verify: records.map(({ name }) => ({ read: 'record', sfi: Number.parseInt(name.slice(0, 2), 16), record: Number.parseInt(name.slice(2), 16), group: name })),
    }),
  ],
  { card: { serial: { from: 'cplc' }, keyVersion: '01' } },
)

const faults: Record<string, (command: number) => ChipFault> = {
  'mute, not executed': (command) => ({ kind: 'mute', command, executed: false }),
  'mute, executed': (command) => ({ kind: 'mute', command, executed: true }),
  'removed before': (command) => ({ kind: 'removed', command, moment: 'before' }),
  'removed during': (command) => ({ kind: 'removed', command, moment: 'during' }),
  'removed after': (command) => ({ kind: 'removed', command, moment: 'after' }),
  'reader lost': (command) => ({ kind: 'reader-lost', command, moment: 'during' }),
  'another status': (command) => ({ kind: 'status', command, status: 0x6f00 }),
  'torn at the first byte': (command) => ({ kind: 'torn-write', command, byte: 0 }),
  'torn later': (command) => ({ kind: 'torn-write', command, byte: 40 }),
  'confirmed, not written': (command) => ({ kind: 'silent-loss', command }),
  slow: (command) => ({ kind: 'slow', command, milliseconds: 200 }),
}

/** What the card itself gives back, asked by nobody's code but this. */
function holds(card: VirtualCard): boolean {
  card.disarm()
  card.powerOff()
  card.powerOn()
  const ask = (command: string): string => {
    let answer = card.transmit(fromHex(command))
    let text = answer.kind === 'response' ? toHex(answer.bytes) : ''
    if (/^6[1C]..$/.test(text)) {
      answer = card.transmit(fromHex(text.startsWith('61') ? `00C00000${text.slice(2)}` : command.slice(0, 8) + text.slice(2)))
      text = answer.kind === 'response' ? toHex(answer.bytes) : ''
    }
    return text
  }
  ask(`00A4040007${identifier}`)
  return records.every(({ name, value }) => ask(`00B2${name.slice(2)}${toHex(Uint8Array.of((Number.parseInt(name.slice(0, 2), 16) << 3) | 4))}00`) === `${value}9000`)
}

const bench = await chipBench({ tasks: { task } })
const undisturbed = await make(bench, practiceCard('gp-scp02-15'), chip)
const commands = undisturbed.trace.filter((entry) => entry.kind === 'apdu' && entry.response !== undefined).length

describe('every command of a card', () => {
  it('is few enough to be disturbed one by one', () => {
    expect(undisturbed.result.kind).toBe('done')
    expect(commands).toBeGreaterThan(15)
  })

  it.each(Object.entries(faults))('%s', async (_, fault) => {
    // Commands count from a reset: reading back begins at one again, and is met by its instruction.
    const writing = Array.from({ length: commands }, (_, index) => fault(index + 1))
    const reading = records.map((_, index) => ({ ...fault(index + 2), ins: 0xb2 }) as ChipFault)
    for (const [command, armed] of [...writing, ...reading].entries()) {
      const card = practiceCard('gp-scp02-15')
      card.arm(armed)
      const { result, trace, identified } = await make(bench, card, chip)
      const written = trace.some((entry) => entry.kind === 'apdu' && entry.by === 'script')
      expect(bench.bugs).toEqual([])
      if (result.kind === 'done') expect([command, holds(card)]).toEqual([command, true])
      if (written) expect([command, identified.length]).toEqual([command, 1])
      if (result.kind === 'refused') expect([command, written]).toEqual([command, false])
      if (result.kind === 'failed') expect(result.reason.code).toMatch(/^chip-(removed|reader-lost|mute|wrong-card|script-failed|not-verified)$/)
    }
  })
})
