/** What a terminal reads: SELECT's answer, processing options, records, data elements (EMV 4.3 Book 1, 11.3; Book 3, 6.5.7, 6.5.8, 6.5.11). */
import { concatenate, numberToBytes } from '#shared/bytes.ts'
import { buildTlv, findTlv, parseTlv } from '#shared/tlv/ber.ts'
import { dolLength, parseDol } from '#shared/tlv/dol.ts'
import type { DolEntry } from '#shared/tlv/dol.ts'
import { answer, CardStatus } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { logFile, logRecord } from './log.ts'
import { wellFormed } from './parsing.ts'
import { newSession } from './session.ts'
import type { Context } from './session.ts'
import { life } from './state.ts'
import type { EmvState } from './state.ts'

/** The file control information (Book 1, table 45). Throws 6A81 where a script has blocked the whole card. */
export function fileControlInformation(identifier: Uint8Array, state: EmvState): Answer {
  if (state.life === life.cardBlocked) throw new CardStatus(0x6a81)
  const information = buildTlv('6F', concatenate(buildTlv('84', identifier), buildTlv('A5', state.tag('A5') ?? new Uint8Array(0))))
  return answer(information, state.life === life.blocked ? 0x6283 : 0x9000)
}

/** GET PROCESSING OPTIONS: begins a transaction. */
export function processingOptions(context: Context, command: Command): Answer {
  const { state, session, profile } = context
  if (command.p1 !== 0 || command.p2 !== 0) throw new CardStatus(0x6a86)
  if (session.initiated) throw new CardStatus(0x6985)
  const [interchange, locator] = [state.tag('82'), state.tag('94')]
  if (!interchange || !locator) throw new CardStatus(0x6985)
  session.processingData = processingData(state, command.data)
  const counter = state.number('9F36')
  // Book 3, 6.5.8: what can't be counted any more is no transaction.
  if (counter === 0xffff) throw new CardStatus(0x6985)
  state.setNumber('9F36', counter + 1, 2)
  Object.assign(session, { ...newSession(), initiated: true, processingData: session.processingData })
  const format = state.cells.read('options')?.[0] ?? (profile.responseFormat === '80' ? 0x80 : 0x77)
  if (format === 0x80) return answer(buildTlv('80', concatenate(interchange, locator)))
  return answer(buildTlv('77', concatenate(buildTlv('82', interchange), buildTlv('94', locator))))
}

/** The values in the command template 83, as long as the PDOL says (Book 3, 6.5.8.3). */
function processingData(state: EmvState, data: Uint8Array): Uint8Array {
  const list = wellFormed(() => parseDol(findTlv(state.tag('A5') ?? new Uint8Array(0), '9F38') ?? new Uint8Array(0)))
  const objects = wellFormed(() => parseTlv(data))
  if (objects.length !== 1 || objects[0]!.tag !== '83') throw new CardStatus(0x6a80)
  if (objects[0]!.value.length !== dolLength(list)) throw new CardStatus(0x6700)
  return objects[0]!.value
}

export function readRecord({ state }: Pick<Context, 'state'>, command: Command): Answer {
  if ((command.p2 & 0x07) !== 0x04) throw new CardStatus(0x6a86)
  if (command.data.length > 0) throw new CardStatus(0x6700)
  const file = command.p2 >> 3
  const record = file === logFile(state)?.file ? logRecord(state, command.p1) : state.record(file, command.p1)
  if (record) return answer(record)
  throw new CardStatus(state.hasFile(file) || file === logFile(state)?.file ? 0x6a83 : 0x6a82)
}

/** Tags that Book 3, 6.5.7.2 lets terminals ask for. */
const everywhere = ['9F36', '9F13', '9F17', '9F4F']

export function getData({ state, profile }: Context, command: Command): Answer {
  if (command.data.length > 0) throw new CardStatus(0x6700)
  const tag = tagOf(command.p1, command.p2)
  const value = everywhere.includes(tag) || profile.getData.includes(tag) ? state.tag(tag) : undefined
  if (value === undefined) throw new CardStatus(0x6a88)
  return answer(buildTlv(tag, value))
}

/** P1 P2 of GET DATA and PUT DATA: a tag of two bytes, or of one after 00. */
export function tagOf(p1: number, p2: number): string {
  return Buffer.from(p1 === 0 ? [p2] : [p1, p2]).toString('hex').toUpperCase()
}

/** A data element that stands in one of the records; undefined where none has it. */
export function inRecords(state: EmvState, tag: string): Uint8Array | undefined {
  const mark = Buffer.from(tag, 'hex')
  for (const name of state.cells.names()) {
    if (!name.startsWith('record/')) continue
    const record = state.cells.read(name)!
    if (!Buffer.from(record).includes(mark)) continue
    const value = wellFormed(() => findTlv(record, tag))
    if (value) return value
  }
  return undefined
}

/** A data object list of the records, such as CDOL1 (8C). */
export function listOf(state: EmvState, tag: string): DolEntry[] | undefined {
  const list = inRecords(state, tag)
  return list && wellFormed(() => parseDol(list))
}

export const counterBytes = (state: EmvState): Uint8Array => state.tag('9F36') ?? numberToBytes(0, 2)
