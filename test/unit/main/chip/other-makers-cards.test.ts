/** Cards that differ from the practice cards within what the standards allow, as the cards of other makers do. */
import { describe, expect, it } from 'vitest'
import { openChannel } from '#main/chip/channel/open.ts'
import { readSerial } from '#main/chip/identify.ts'
import type { CardLink } from '#main/chip/link.ts'
import type { ChannelOrder } from '#main/chip/channel/channel.ts'
import { CardStatus } from '#drivers/virtual-card/application.ts'
import type { CardServices } from '#drivers/virtual-card/application.ts'
import { Scp02 } from '#drivers/virtual-card/global-platform/scp02.ts'
import { Scp03 } from '#drivers/virtual-card/global-platform/scp03.ts'
import { concatenate, fromHex, toHex } from '#shared/bytes.ts'
import { parseCommand } from '#shared/chip/apdu.ts'
import type { CommandApdu } from '#shared/chip/apdu.ts'
import { cardKeys } from '../../../support/card-keys.ts'

const value = '404142434445464748494A4B4C4D4E4F'
const keys = await cardKeys({ des: { algorithm: 'des2', purpose: 'master', value }, aes: { algorithm: 'aes128', purpose: 'master', value } })
const key = fromHex(value)

/** The card's end of a channel alone. */
function cardOf(protocol: 2 | 3, parameter: number, keyVersion: number) {
  let opened: Scp02 | Scp03 | undefined
  const card = { random: (length: number) => new Uint8Array(length).fill(0x5a), compute: () => undefined } as unknown as CardServices
  const answer = (bytes: Uint8Array) => {
    const command = parseCommand(bytes)
    if (command.ins !== 0x50) {
      opened!.authenticate(command)
      return { data: new Uint8Array(0), status: 0x9000 }
    }
    const opening = { card, keys: { encryption: key, mac: key, data: key }, keyVersion, diversification: new Uint8Array(10), sequence: 0x1234, parameter, hostChallenge: command.data, identifier: fromHex('A000000151000000') }
    opened = protocol === 2 ? new Scp02(opening) : new Scp03(opening)
    return { data: opened.response, status: 0x9000 }
  }
  return { exchange: (bytes: Uint8Array) => Promise.resolve(answer(bytes)), channel: () => opened! }
}

function opened(card: ReturnType<typeof cardOf>, order: Partial<ChannelOrder> & Pick<ChannelOrder, 'key'>) {
  const random = { bytes: (length: number) => new Uint8Array(length).fill(7) }
  return openChannel({ keys, random, exchange: card.exchange }, { protocol: 'auto', diversification: 'none', level: 'mac', ...order })
}

const getStatus: CommandApdu = { cla: 0x80, ins: 0xf2, p1: 0x40, p2: 0x02, data: fromHex('4F00'), expected: 256 }
const storeData: CommandApdu = { cla: 0x80, ins: 0xe2, p1: 0x00, p2: 0x00, data: fromHex('0101037001AA') }

describe('SCP02 of other makers', () => {
  it.each([0x05, 0x45])('i=%s: the chaining value of the C-MAC goes on as it stands', async (parameter) => {
    const card = cardOf(2, parameter, 0x20)
    const channel = await opened(card, { key: 'des', level: 'mac+encryption', initialVector: 'plain' })
    for (const command of [getStatus, storeData, getStatus]) {
      const { data } = card.channel().unwrap(parseCommand(await channel.wrap(command)))
      expect(toHex(data)).toBe(toHex(command.data))
    }
    expect(toHex(channel.keyVersion)).toBe('20')
  })

  it.each([0x15, 0x55])('i=%s: it is encrypted, where nothing else is said', async (parameter) => {
    const card = cardOf(2, parameter, 0xff)
    const channel = await opened(card, { key: 'des' })
    for (const command of [getStatus, storeData]) expect(toHex(card.channel().unwrap(parseCommand(await channel.wrap(command))).data)).toBe(toHex(command.data))
  })

  it('i=05, and the host is not told: the card refuses the second command', async () => {
    const card = cardOf(2, 0x05, 0x01)
    const channel = await opened(card, { key: 'des' })
    const command = parseCommand(await channel.wrap(getStatus))
    expect(() => card.channel().unwrap(command)).toThrow(CardStatus)
  })
})

describe('SCP03 of other makers', () => {
  it.each([0x00, 0x10, 0x20, 0x30, 0x60, 0x70])('i=%s opens, with the sequence counter or without', async (parameter) => {
    const card = cardOf(3, parameter, 0x30)
    const channel = await opened(card, { key: 'aes', level: 'mac+encryption' })
    expect(toHex(channel.keyVersion)).toBe('30')
    for (const command of [getStatus, storeData]) expect(toHex(card.channel().unwrap(parseCommand(await channel.wrap(command))).data)).toBe(toHex(command.data))
  })

  it('says what the card answers where it has no response MAC', async () => {
    const card = cardOf(3, 0x00, 0x30)
    const exchange = (bytes: Uint8Array) => card.exchange(bytes).catch((thrown: CardStatus) => ({ data: new Uint8Array(0), status: thrown.status }))
    const guarded = async (bytes: Uint8Array) => {
      try {
        return await exchange(bytes)
      } catch (thrown) {
        return { data: new Uint8Array(0), status: (thrown as CardStatus).status }
      }
    }
    await expect(opened({ ...card, exchange: guarded }, { key: 'aes', level: 'mac+encryption+response-mac' })).rejects.toThrow('EXTERNAL AUTHENTICATE answered 6A86')
  })

  it('asks for a response wherever there will be a response MAC: T=0 cards keep it otherwise, and strict ones of T=1 too', async () => {
    const card = cardOf(3, 0x70, 0x30)
    const channel = await opened(card, { key: 'aes', level: 'mac+encryption+response-mac' })
    const wrapped = parseCommand(await channel.wrap(storeData))
    expect(wrapped.expected).toBe(256)
    card.channel().unwrap(wrapped)
    const answered = card.channel().protect({ data: new Uint8Array(0), status: 0x9000 })
    expect(answered.data).toHaveLength(8)
    await expect(channel.unwrap(answered)).resolves.toEqual({ data: concatenate(), status: 0x9000 })
    const plain = await opened(cardOf(3, 0x70, 0x30), { key: 'aes' })
    expect(parseCommand(await plain.wrap(storeData)).expected).toBeUndefined()
  })
})

describe('the chip’s number', () => {
  const cycle = fromHex(`9F7F2A 47905032 1234567800001111 11223344 5566 ${'00'.repeat(24)}`)
  const linkOf = (answers: Record<string, number>) =>
    ({
      exchange: ({ bytes }: { bytes: Uint8Array }) => {
        const status = answers[toHex(bytes.subarray(0, 1))]!
        return Promise.resolve({ status, data: status === 0x9000 ? cycle : new Uint8Array(0) })
      },
    }) as unknown as CardLink

  it.each([{ '80': 0x9000 }, { '80': 0x6e00, '00': 0x9000 }, { '80': 0x6d00, '00': 0x9000 }])('is read in the class that the card knows: %o', async (answers) => {
    expect(toHex((await readSerial(linkOf(answers), { from: 'cplc' }))!)).toBe('47905032556611223344')
  })

  it('is missed in the words of the first answer', async () => {
    await expect(readSerial(linkOf({ '80': 0x6d00, '00': 0x6e00 }), { from: 'cplc' })).rejects.toMatchObject({ detail: { status: '6D00' } })
  })
})
