/** Commands that nobody in his right mind would send: a card answers them with a status word, and goes on. */
import { describe, expect, it } from 'vitest'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { buildCommand } from '#shared/chip/apdu.ts'
import { create, NativeHost, send } from './host.ts'

/** A small generator with a seed of its own (xorshift), so that a failure can be seen again. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const instructions = [0xa4, 0xca, 0x84, 0x82, 0x88, 0x20, 0xe0, 0xe4, 0x44, 0xb0, 0xd6, 0xb2, 0xdc, 0xe2, 0x50, 0x52, 0x54, 0x5c, 0xa8, 0xae, 0x10, 0x12, 0x16, 0x18, 0x24, 0x26, 0x00, 0x02]
const classes = [0x00, 0x00, 0x00, 0x80, 0xbe, 0x0c, 0x84, 0x10]
/** What a card takes for the beginning of something. */
const beginnings = ['', '3F00', '1000', '620D820138830210018405A0000000', '6282', '8701', '8E08', '5A01', '83', 'A000000004', '62068006FFFFFFFFFFFF', '62148005FFFFFFFFFF8201018302010188008C017F']

function anyCommand(draw: (below: number) => number): Uint8Array {
  const pick = <Value>(values: readonly Value[]): Value => values[draw(values.length)]!
  const data = fromHex(pick(beginnings) + toHex(Uint8Array.from({ length: draw(4) === 0 ? draw(200) : draw(12) }, () => draw(256))))
  const number = () => (draw(3) === 0 ? draw(256) : draw(5))
  return buildCommand({ cla: pick(classes), ins: pick(instructions), p1: number(), p2: number(), data, ...(data.length === 0 && { expected: 1 + draw(256) }) })
}

/** Transmits until `count` commands were answered; nothing may throw. */
function bombard(seed: number, count: number, wrap: (command: Uint8Array) => string): void {
  const draw = generator(seed)
  for (let index = 0; index < count; index += 1) {
    const command = anyCommand(draw)
    let answered
    try {
      answered = wrap(command)
    } catch (thrown) {
      throw new Error(`seed ${seed}, command ${index}: ${toHex(command)}`, { cause: thrown })
    }
    expect(answered, toHex(command)).toMatch(/[0-9A-F]{4}$/)
  }
}

const native: readonly PracticeCardType[] = ['native-vsdc', 'native-mchip', 'native-wallet', 'native-id']

function powered(type: PracticeCardType): VirtualCard {
  const card = createCard(type, { seed: 11, baudRate: 115_200 })
  card.powerOn()
  return card
}

describe.each([...native, 'multos'] as const)('%s', (type) => {
  it('answers whatever comes to a blank', () => {
    const card = powered(type)
    bombard(1, 1_500, (command) => send(card, toHex(command)))
  })
})

describe.each(native)('%s', (type) => {
  it('answers whatever comes within the channel, and after activation', () => {
    const host = new NativeHost(powered(type))
    const open = () => {
      send(host.card, '00A4000C')
      host.keys = undefined
      return host.open()
    }
    expect(open()).toBe('9000')
    host.done(create('820138830210008405A000000004'), create('80020040820101830201' + '01'))
    bombard(2, 700, (command) => {
      // what activates the card is kept for later
      if (command[1] === 0x44) return '9000'
      if (host.keys === undefined && open() !== '9000') return '9000'
      const [cla = 0] = command
      if (cla !== 0x00 || command.length > 230) return '9000'
      const answered = host.send(toHex(command))
      if (['6982', '6987', '6988'].includes(answered) || command[1] === 0x82) host.keys = undefined
      return answered
    })
    if (open() === '9000') host.done('00440000023F00')
    bombard(3, 700, (command) => send(host.card, toHex(command)))
  })
})
