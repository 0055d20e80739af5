/** Which card lies in the station, told before anything is written to it. */
import { fromHex, toHex } from '#shared/bytes.ts'
import { buildCommand, statusHex } from '#shared/chip/apdu.ts'
import type { ResponseApdu } from '#shared/chip/apdu.ts'
import type { Identification } from '#shared/chip/task.ts'
import type { ChipConnection } from '../ports/chip-station.ts'
import type { Random } from '../ports/random.ts'
import { answeredWell } from './channel/channel.ts'
import { initializeUpdateCommand, parseInitializeUpdate } from './channel/global-platform.ts'
import { CardEnds } from './endings.ts'
import type { CardLink } from './link.ts'
import { maskedHex } from './workbench/mask.ts'

/** GET DATA 9F7F of the issuer security domain: card production life cycle data (GlobalPlatform 2.3, H.6). */
const getLifeCycle = (cla: number): Uint8Array => buildCommand({ cla, ins: 0xca, p1: 0x9f, p2: 0x7f, data: new Uint8Array(), expected: 256 })

const classNotSupported = 0x6e00

/** The chip's own number, or undefined where the task knows none. Throws `CardEnds` where the card is not one of this task. */
export async function identify(link: CardLink, card: Identification, random: Random): Promise<Uint8Array | undefined> {
  const atr = toHex(link.atr)
  if (card.atr !== undefined && !card.atr.some((pattern) => fits(pattern, atr))) throw wrongCard('answer-to-reset', atr)
  const serial = await readSerial(link, card.serial)
  if (card.keyVersion !== undefined) await checkKeyVersion(link, card.keyVersion, random)
  return serial
}

/** The same number again, for a card that was switched on again. */
export async function readSerial(link: CardLink, serial: Identification['serial']): Promise<Uint8Array | undefined> {
  if (serial.from === 'nothing') return undefined
  if (serial.from === 'cplc') {
    const told = await lifeCycle(link)
    const own = lifeCycleNumber(told)
    if (own === undefined) throw wrongCard('life-cycle-data', toHex(told))
    return own
  }
  let data = new Uint8Array()
  for (const command of serial.commands) data = Uint8Array.from(await ask(link, fromHex(command)))
  const number = data.subarray(serial.offset, serial.offset + serial.length)
  if (number.length < serial.length) throw wrongCard('serial-number', toHex(data))
  return number
}

/** GET DATA is of both classes (11.3.2), and some cards know it in one of them alone. */
async function lifeCycle(link: CardLink): Promise<Uint8Array> {
  const first = await link.exchange({ by: 'server', bytes: getLifeCycle(0x80), step: 'identify' })
  if (first.status === answeredWell) return first.data
  const second = await link.exchange({ by: 'server', bytes: getLifeCycle(0x00), step: 'identify' })
  if (second.status !== answeredWell) throw wrongCard('status', statusHex(first.status))
  return second.data
}

/**
 * The number of a card whose task nobody knows: that of its life cycle data, or undefined where it tells none. For commands typed by
 * hand, before the first of them.
 */
export async function unaskedNumber(connection: ChipConnection): Promise<string | undefined> {
  for (const cla of [0x80, 0x00]) {
    const answer = await connection.transmit(getLifeCycle(cla))
    if (answer.kind === 'lost') return undefined
    const number = answer.status === answeredWell ? lifeCycleNumber(answer.data) : undefined
    if (number !== undefined) return toHex(number)
  }
  return undefined
}

/** IC fabricator, IC type, batch identifier and serial number: together they are no other chip's. */
function lifeCycleNumber(data: Uint8Array): Uint8Array | undefined {
  const value = data[0] === 0x9f && data[1] === 0x7f ? data.subarray(3) : data
  return value.length < 42 ? undefined : Uint8Array.of(...value.subarray(0, 4), ...value.subarray(16, 18), ...value.subarray(12, 16))
}

/** GET DATA of a native card's transport key (docs/native-card.md): its version comes first, 00 once it is gone. */
const getTransportKey = buildCommand({ cla: 0x00, ins: 0xca, p1: 0x01, p2: 0x02, data: new Uint8Array(), expected: 4 })

/** A card that has no commands of class 80 is no GlobalPlatform card: then it is asked as a native one. */
async function checkKeyVersion(link: CardLink, expected: string, random: Random): Promise<void> {
  const { data, status } = await link.exchange({ by: 'server', bytes: initializeUpdateCommand(random.bytes(8)), step: 'identify' })
  if (status !== answeredWell && status !== classNotSupported) throw wrongCard('status', statusHex(status))
  const version = status === answeredWell ? initializedVersion(data) : toHex((await ask(link, getTransportKey)).subarray(0, 1))
  if (version !== expected) throw wrongCard('key-version', version ?? 'none')
}

function initializedVersion(data: Uint8Array): string | undefined {
  const answer = parseInitializeUpdate(data)
  return answer && toHex(answer.keyVersion)
}

async function ask(link: CardLink, command: Uint8Array): Promise<Uint8Array> {
  const { data, status }: ResponseApdu = await link.exchange({ by: 'server', bytes: command, step: 'identify' })
  if (status !== answeredWell) throw wrongCard('status', statusHex(status))
  return data
}

/** A card of somebody else's may answer with its number where the task looks for another. */
const wrongCard = (what: string, found: string): CardEnds => new CardEnds('chip-wrong-card', 'spoiled', { [what]: maskedHex(found).slice(0, 80) })

/** `.` stands for any digit. */
const fits = (pattern: string, atr: string): boolean => pattern.length === atr.length && pattern.split('').every((digit, at) => digit === '.' || digit === atr[at])
