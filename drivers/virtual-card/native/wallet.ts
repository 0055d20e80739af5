/**
 * Loyalty and purse on the native card (docs/native-card.md): two values, bonus points and money, that grow by a load and shrink by a purchase.
 * Both go in two steps, as purses of EN 1546 do: INITIALIZE tells the terminal balance, counter and a random number under a MAC; CREDIT or
 * DEBIT brings the other side's MAC, and changes balance, counter and log together or not at all.
 */
import { bytesToNumber, concatenate, numberToBytes, sameBytes } from '#shared/bytes.ts'
import { answer, CardStatus } from '../application.ts'
import type { Answer, Command } from '../application.ts'
import { desEncryptEcb, padded, retailMac } from '../crypto.ts'
import { findKey, keyUses } from './secret-files.ts'
import type { KeyUse, SecretEntry } from './secret-files.ts'
import type { NativeProgram, ProgramPlace } from './system.ts'

/** Files of the application, by short identifier. */
export const walletFiles = { holder: 1, parameters: 2, log: 3, values: 4 } as const

/** P2 names the value; its record in the file of values is balance (4) and two counters of transactions (2 each). */
const values = { points: 0x01, money: 0x02 } as const

/** Type of a transaction, as MACs and log have it. */
const load = 0x02
const purchase = 0x06

interface Pending {
  value: number
  type: typeof load | typeof purchase
  amount: number
  terminal: Uint8Array
  session: Uint8Array
}

interface Value {
  balance: number
  loads: number
  purchases: number
}

export class WalletProgram implements NativeProgram {
  #pending: Pending | undefined

  process(command: Command, place: ProgramPlace): Answer | undefined {
    if (command.cla !== 0x80) return undefined
    switch (command.ins) {
      case 0x5c:
        return balance(command, place)
      case 0x50:
        return this.#initialize(command, place)
      case 0x52:
        return this.#finish(command, place, load)
      case 0x54:
        return this.#finish(command, place, purchase)
      default:
        return undefined
    }
  }

  deselect(): void {
    this.#pending = undefined
  }

  /** P1 00 for a load, 01 for a purchase. Data: number of the key, amount (4), terminal (6). */
  #initialize({ p1, p2, data }: Command, place: ProgramPlace): Answer {
    this.#pending = undefined
    if (p1 > 1 || data.length !== 11) throw new CardStatus(data.length === 11 ? 0x6a86 : 0x6700)
    const type = p1 === 0 ? load : purchase
    const value = valueOf(place, p2)
    const key = keyOf(place, type === load ? keyUses.credit : keyUses.debit, data[0])
    const amount = bytesToNumber(data.subarray(1, 5))
    if (type === load && value.balance + amount > limitOf(place, p2)) throw new CardStatus(0x9402)
    if (type === purchase && amount > value.balance) throw new CardStatus(0x9401) // EN 1546: balance too low
    const random = place.card.random(4)
    const counter = type === load ? value.loads : value.purchases
    // session key: the random number, the counter and 8000 under the key (as EN 1546-3 derives it), and their complement for its right half
    const block = concatenate(random, numberToBytes(counter, 2), [0x80, 0x00])
    const session = desEncryptEcb(key.value, concatenate(block, block.map((byte) => byte ^ 0xff)))
    this.#pending = { value: p2, type, amount, terminal: data.slice(5), session }
    place.card.compute({ kind: 'des3', blocks: 6 })
    const told = concatenate(numberToBytes(value.balance, 4), numberToBytes(counter, 2), random)
    const signed = concatenate(numberToBytes(value.balance, 4), data.subarray(1, 5), [type, p2], data.subarray(5))
    return answer(concatenate(told, mac(session, signed)))
  }

  /** Data: date (4) and time (3) of the terminal, its MAC (4). Answers the certificate of the transaction (4). */
  #finish({ p1, p2, data }: Command, place: ProgramPlace, type: Pending['type']): Answer {
    const pending = this.#pending
    this.#pending = undefined // one try for each number that was drawn
    if (p1 !== 0 || p2 !== 0) throw new CardStatus(0x6a86)
    if (data.length !== 11) throw new CardStatus(0x6700)
    if (pending?.type !== type) throw new CardStatus(0x6985)
    const { amount, terminal } = pending
    const signed = concatenate(numberToBytes(amount, 4), [type, pending.value], terminal, data.subarray(0, 7))
    if (!sameBytes(mac(pending.session, signed), data.subarray(7))) throw new CardStatus(0x9302) // EN 1546: MAC wrong
    const before = valueOf(place, pending.value)
    const after = type === load ? { ...before, balance: before.balance + amount, loads: before.loads + 1 } : { ...before, balance: before.balance - amount, purchases: before.purchases + 1 }
    const counter = type === load ? before.loads : before.purchases
    place.card.memory.transaction(() => {
      setValue(place, pending.value, after)
      log(place, concatenate(numberToBytes(counter, 2), numberToBytes(amount, 4), [type, pending.value], terminal, data.subarray(0, 7), numberToBytes(after.balance, 4)))
    })
    place.card.compute({ kind: 'des3', blocks: 8 })
    const proof = keyOf(place, keyUses.proof)
    return answer(mac(proof.value, concatenate(numberToBytes(after.balance, 4), numberToBytes(counter, 2), signed)))
  }
}

/** GET BALANCE: 80 5C 00 and the value. */
function balance({ p1, p2 }: Command, place: ProgramPlace): Answer {
  if (p1 !== 0) throw new CardStatus(0x6a86)
  return answer(numberToBytes(valueOf(place, p2).balance, 4))
}

function valuesFile({ files, directory }: ProgramPlace): string {
  const path = files.bySfi(directory, walletFiles.values)
  if (path === undefined) throw new CardStatus(0x6985)
  return path
}

function valueOf(place: ProgramPlace, number: number): Value {
  const record = Object.values(values).some((known) => known === number) ? place.files.record(valuesFile(place), number) : undefined
  if (record?.length !== 8) throw new CardStatus(0x6a88)
  return { balance: bytesToNumber(record.subarray(0, 4)), loads: bytesToNumber(record.subarray(4, 6)), purchases: bytesToNumber(record.subarray(6)) }
}

function setValue(place: ProgramPlace, number: number, { balance, loads, purchases }: Value): void {
  if (loads > 0xffff || purchases > 0xffff) throw new CardStatus(0x9406) // EN 1546: counter at its end
  place.files.updateRecord(valuesFile(place), number, concatenate(numberToBytes(balance, 4), numberToBytes(loads, 2), numberToBytes(purchases, 2)))
}

/** Most that a value may be: four bytes for each, in the order of their numbers, at the beginning of the file of parameters. */
function limitOf({ files, directory }: ProgramPlace, number: number): number {
  const path = files.bySfi(directory, walletFiles.parameters)
  const limits = path === undefined ? new Uint8Array(0) : files.binary(path)
  return limits.length < number * 4 ? 0 : bytesToNumber(limits.subarray((number - 1) * 4, number * 4))
}

function log({ files, directory }: ProgramPlace, record: Uint8Array): void {
  const path = files.bySfi(directory, walletFiles.log)
  if (path !== undefined) files.appendRecord(path, record)
}

function keyOf({ files, directory }: ProgramPlace, use: KeyUse, number?: number): SecretEntry {
  const entry = findKey(files, directory, { use, ...(number !== undefined && { number }) })
  if (entry === undefined) throw new CardStatus(0x6a88)
  return entry
}

/** First four bytes of a retail MAC. */
const mac = (key: Uint8Array, data: Uint8Array): Uint8Array => retailMac(key, padded(data, 8)).slice(0, 4)
