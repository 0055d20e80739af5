/**
 * Issuer scripts: commands after a cryptogram, each with a MAC (EMV 4.3 Book 2, 9, secure messaging of format 2; Book 3, 6.5.1 to 6.5.3,
 * 6.5.10). The MAC covers header, ATC, the first cryptogram of the transaction, and the data.
 */
import { bytesToNumber, concatenate, sameBytes } from '#shared/bytes.ts'
import { CardStatus, done } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { exclusiveOr, mchipPlain, scriptKey, scriptMac, visaPinChangeMask, visaPlain } from './cryptogram.ts'
import type { CryptogramVersion } from './cryptogram.ts'
import { pinOf } from './personalization.ts'
import { counterBytes, tagOf } from './reading.ts'
import type { Context } from './session.ts'
import { life } from './state.ts'
import type { EmvState } from './state.ts'

export const scriptInstructions = { applicationUnblock: 0x18, applicationBlock: 0x1e, cardBlock: 0x16, pinChange: 0x24, putData: 0xda, updateRecord: 0xdc } as const
const instructions: ReadonlySet<number> = new Set(Object.values(scriptInstructions))

export const isScriptCommand = (command: Command): boolean => instructions.has(command.ins)

export function scriptCommand(context: Context, command: Command, version: CryptogramVersion): Answer {
  const { state, session } = context
  // Book 2, 9.2.1: the first cryptogram is a part of the keys or of the MAC.
  if (session.first === undefined) throw new CardStatus(0x6985)
  const data = authentic(context, command, version)
  session.scriptCommands += 1
  state.setRisk('scripts', (state.risk('scripts') + 1) & 0x0f)
  try {
    state.cells.transaction(() => execute(context, command, version, data))
  } catch (thrown) {
    state.setRisk('script-failed', 1)
    throw thrown
  }
  return done
}

/** What the command brings beside its MAC of 4 to 8 bytes. Throws CardStatus 6987 where there is none, 6988 where it is wrong: that is remembered. */
function authentic(context: Context, command: Command, version: CryptogramVersion): Uint8Array {
  const { state, services } = context
  const master = state.key('smi')
  if (master === undefined) throw new CardStatus(0x6985)
  if (command.data.length < 4) throw new CardStatus(0x6987)
  const [counter, random] = [counterBytes(state), randomOf(context)]
  const key = scriptKey(version, master, bytesToNumber(counter), random)
  const start = concatenate([command.cla, command.ins, command.p1, command.p2, command.data.length], counter, random)
  services.compute({ kind: 'des3', blocks: Math.ceil((start.length + command.data.length) / 8) + 2 })
  for (const length of [8, 7, 6, 5, 4].filter((length) => length <= command.data.length)) {
    const data = command.data.subarray(0, -length)
    if (sameBytes(scriptMac(key, concatenate(start, data)).subarray(0, length), command.data.subarray(-length))) return data
  }
  state.setRisk('script-failed', 1)
  throw new CardStatus(0x6988)
}

/** The first cryptogram; with M/Chip one more for each command of the script (RAND). */
function randomOf({ session, profile }: Context): Uint8Array {
  const cryptogram = session.first!.cryptogram
  if (profile.scheme === 'visa') return cryptogram
  const sum = BigInt(`0x${Buffer.from(cryptogram).toString('hex')}`) + BigInt(session.scriptCommands)
  return Uint8Array.from(Buffer.from(BigInt.asUintN(64, sum).toString(16).padStart(16, '0'), 'hex'))
}

function execute(context: Context, command: Command, version: CryptogramVersion, data: Uint8Array): void {
  const { state, services } = context
  const plain = () => {
    if (command.p1 !== 0 || command.p2 !== 0) throw new CardStatus(0x6a86)
    if (data.length > 0) throw new CardStatus(0x6700)
  }
  switch (command.ins) {
    case scriptInstructions.applicationBlock:
      plain()
      if (state.life !== life.cardBlocked) state.life = life.blocked
      return
    case scriptInstructions.applicationUnblock:
      plain()
      if (state.life === life.blocked) state.life = life.personalized
      return
    case scriptInstructions.cardBlock:
      plain()
      state.life = life.cardBlocked
      services.blockCard?.()
      return
    case scriptInstructions.pinChange:
      return changePin(context, command, version, data)
    case scriptInstructions.putData:
      return putData(context, tagOf(command.p1, command.p2), data)
    default:
      return updateRecord(state, command, data)
  }
}

/** PIN CHANGE/UNBLOCK: P2 00 gives the tries back; 01 brings a new PIN made with the old one, 02 a new PIN alone (Book 3, 6.5.10 leaves both to the payment system). */
function changePin(context: Context, command: Command, version: CryptogramVersion, data: Uint8Array): void {
  const { state } = context
  if (command.p1 !== 0 || command.p2 > 2) throw new CardStatus(0x6a86)
  if (command.p2 === 0 ? data.length > 0 : data.length % 8 !== 0 || data.length === 0) throw new CardStatus(0x6700)
  if (command.p2 !== 0) {
    const block = newPin(context, version, data, command.p2 === 1)
    if (block === undefined) throw new CardStatus(0x6988)
    state.pin = block
  }
  if (state.tag('C6')) state.setTag('9F17', state.tag('C6')!)
}

/** The new reference PIN as a block of format 2; undefined where the enciphered data hold none. */
function newPin({ state, session, profile }: Context, version: CryptogramVersion, data: Uint8Array, withOld: boolean): Uint8Array | undefined {
  const master = state.key('smc')
  const old = state.pin && pinOf(state.pin)
  if (master === undefined || (withOld && old === undefined)) return undefined
  const key = scriptKey(version, master, bytesToNumber(counterBytes(state)), session.first!.cryptogram)
  if (profile.scheme === 'mchip') return asPin(mchipPlain(key, data))
  const plain = visaPlain(key, data)
  if (plain?.length !== 8) return undefined
  if (version.script === 'common' && !withOld) return asPin(plain)
  const block = exclusiveOr(plain, visaPinChangeMask(state.key('ac')!, withOld ? old : undefined))
  // Visa's block has 0 where format 2 has 2.
  return block[0]! < 0x10 ? asPin(concatenate([0x20 | block[0]!], block.subarray(1))) : undefined
}

const asPin = (block: Uint8Array): Uint8Array | undefined => (pinOf(block) === undefined ? undefined : block)

function putData(context: Context, tag: string, value: Uint8Array): void {
  const { state, profile } = context
  if (!profile.putData.includes(tag)) throw new CardStatus(0x6a88)
  if (state.tag(tag) !== undefined && state.tag(tag)!.length !== value.length) throw new CardStatus(0x6700)
  state.setTag(tag, value)
}

/** P2: file and 100 (record number in P1). Only records that are there, and only by ones of the same form. */
function updateRecord(state: EmvState, command: Command, value: Uint8Array): void {
  const file = command.p2 >> 3
  if ((command.p2 & 0x07) !== 0x04) throw new CardStatus(0x6a86)
  if (!state.record(file, command.p1)) throw new CardStatus(state.hasFile(file) ? 0x6a83 : 0x6a82)
  if (file <= 10 && value[0] !== 0x70) throw new CardStatus(0x6a80)
  state.setRecord(file, command.p1, value)
}
