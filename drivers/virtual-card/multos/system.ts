/**
 * A MULTOS-like card: applications are loaded as units, created by a certificate, selected by name (docs/multos-card.md). Instructions and
 * status words are the published ones; the code of a unit names one of the programs that the card knows, since it has no interpreter.
 */
import { concatenate, fromHex, numberToBytes, toHex } from '#shared/bytes.ts'
import { parseGroupings } from '#shared/tlv/groupings.ts'
import { answer, CardStatus, done } from '../application.ts'
import type { Answer, CardMemory, CardServices, CardSystem, Command } from '../application.ts'
import { beginLife, contextOn, paymentCommand } from '../emv/application.ts'
import { wellFormed } from '../emv/parsing.ts'
import { storeGrouping } from '../emv/personalization.ts'
import { profileOf } from '../emv/profile.ts'
import { fileControlInformation } from '../emv/reading.ts'
import { newSession } from '../emv/session.ts'
import { EmvState } from '../emv/state.ts'
import { checkSigned, deleteCertificateLength, loadCertificateLength, parseDeleteCertificate, permissionLength } from './certificates.ts'
import { checkPermission, isLoadInstruction, Loader } from './loading.ts'
import type { LoadedApplication } from './loading.ts'

/** Code that the card knows how to run begins so: the payment program of `emv/`. */
const paymentCode = new TextEncoder().encode('M/CHIP SELECT')

const managing = 0xbe
/** Controls data and the authority's signature. */
const controlsLength = permissionLength + 128

type Selection = { kind: 'none' | 'master' | 'directory' } | { kind: 'application'; identifier: string; session: ReturnType<typeof newSession> }

export class MultosSystem implements CardSystem {
  #selected: Selection = { kind: 'none' }
  /** A certificate or the controls come in pieces; what has come is lost with the power. */
  #gathered: { ins: number; bytes: Uint8Array } = { ins: 0, bytes: new Uint8Array(0) }

  /** Enabled for no issuer yet; its number is the chip's. */
  format(card: CardServices): void {
    card.memory.write('controls', new Uint8Array(0))
  }

  reset(): void {
    this.#selected = { kind: 'none' }
    this.#gathered = { ins: 0, bytes: new Uint8Array(0) }
  }

  spendRetryCounters(card: CardServices): void {
    const loader = new Loader(card.memory)
    for (const identifier of loader.identifiers()) {
      const state = new EmvState(loader.cells(identifier))
      if (state.tag('9F17')) state.setNumber('9F17', 0, 1)
    }
  }

  process(command: Command, card: CardServices): Answer {
    const { cla, ins } = command
    if (ins !== this.#gathered.ins) this.#gathered = { ins: 0, bytes: new Uint8Array(0) }
    if (cla === managing) return this.#manage(command, card)
    if (cla === 0x80 && ins === 0x00) return told(multosData(card), command)
    if (cla === 0x80 && ins === 0x02) return told(manufacturerData(card), command)
    if (cla === 0x00 && ins === 0xa4) return this.#select(command, card)
    const selected = this.#selected
    if (selected.kind === 'directory' && cla === 0x00 && ins === 0xb2) return directoryRecord(command, card)
    if (selected.kind !== 'application') throw new CardStatus(0x6d00)
    const cells = new Loader(card.memory).cells(selected.identifier)
    if (!runs(cells)) throw new CardStatus(0x6d00)
    return paymentCommand(contextOn(fromHex(selected.identifier), cells, selected.session, card), command)
  }

  #manage(command: Command, card: CardServices): Answer {
    const { ins, data } = command
    const loader = new Loader(card.memory)
    if (ins === 0x10) return this.#setControls(data, card)
    const controls = card.memory.read('controls')!
    if (controls.length === 0) throw new CardStatus(0x9d1d)
    if (isLoadInstruction(ins)) {
      loader.load(command)
      return done
    }
    switch (ins) {
      case 0x12:
        loader.open(data, controls)
        return done
      case 0x16: {
        const certificate = this.#gather(ins, data, loadCertificateLength, 0x9d19)
        if (certificate) loader.create(certificate, card, controls, settle)
        return done
      }
      case 0x18: {
        const certificate = this.#gather(ins, data, deleteCertificateLength, 0x9d19)
        if (certificate) this.#delete(certificate, loader, controls)
        return done
      }
      default:
        throw new CardStatus(0x6d00)
    }
  }

  /** The whole once it is there. Throws CardStatus with `excess` where more came. */
  #gather(ins: number, data: Uint8Array, length: number, excess: number): Uint8Array | undefined {
    const bytes = concatenate(this.#gathered.ins === ins ? this.#gathered.bytes : [], data)
    this.#gathered = { ins: 0, bytes: new Uint8Array(0) }
    if (bytes.length > length) throw new CardStatus(excess)
    if (bytes.length === length) return bytes
    this.#gathered = { ins, bytes }
    return undefined
  }

  /** Once in a card's life. A number of zeros leaves the chip's own. */
  #setControls(data: Uint8Array, card: CardServices): Answer {
    if (card.memory.read('controls')!.length > 0) throw new CardStatus(0x9d41)
    const brought = this.#gather(0x10, data, controlsLength, 0x9d44)
    if (brought === undefined) return done
    try {
      checkSigned(brought)
    } catch {
      throw new CardStatus(0x9d45)
    }
    const controls = brought.slice(0, permissionLength)
    if (controls.subarray(6).every((byte) => byte === 0)) controls.set(cardNumber(card), 6)
    card.memory.write('controls', controls)
    return done
  }

  #delete(certificate: Uint8Array, loader: Loader, controls: Uint8Array): void {
    const { permission, identifier } = parseDeleteCertificate(certificate)
    checkPermission(permission, controls)
    loader.delete(toHex(identifier.subarray(1, 1 + identifier[0]!)))
    this.#selected = { kind: 'none' }
  }

  /** The MF, the directory file, or an application by its name or the beginning of it. */
  #select({ p1, p2, data }: Command, card: CardServices): Answer {
    const name = toHex(data)
    if (p1 === 0x00 || p1 === 0x08) {
      const kind = name === '' || name === '3F00' ? 'master' : name === '2F00' ? 'directory' : undefined
      if (kind === undefined) throw new CardStatus(0x6a82)
      this.#selected = { kind }
      return done
    }
    if (p1 !== 0x04) throw new CardStatus(0x6a86)
    const loader = new Loader(card.memory)
    const all = loader.identifiers().filter((identifier) => identifier.startsWith(name))
    const current = this.#selected.kind === 'application' ? all.indexOf(this.#selected.identifier) : -1
    const identifier = (p2 & 0x03) === 0x02 ? all[current + 1] : all[0]
    if (identifier === undefined || name === '') throw new CardStatus(0x6a82)
    const cells = loader.cells(identifier)
    this.#selected = { kind: 'application', identifier, session: newSession() }
    if ((p2 & 0x0c) === 0x0c) return done
    return runs(cells) ? fileControlInformation(fromHex(identifier), new EmvState(cells)) : answer(cells.read('control') ?? new Uint8Array(0))
  }
}

/** The data segment of the payment program is its groupings, as EMV CPS has them, one after the other; the FCI record brings the A5. */
function settle({ identifier, data, control }: LoadedApplication, cells: CardMemory): void {
  if (!runs(cells)) return cells.write('data', data)
  const [state, profile] = [new EmvState(cells), profileOf(identifier)]
  for (const { dgi, value } of wellFormed(() => parseGroupings(data))) storeGrouping(state, profile, dgi, value)
  if (control.length > 0) storeGrouping(state, profile, '9102', control)
  beginLife(state)
}

function runs(cells: CardMemory): boolean {
  const code = cells.read('code') ?? new Uint8Array(0)
  return paymentCode.every((byte, index) => code[index] === byte)
}

/** Records of the directory file are those of the applications, in the order of their creation. */
function directoryRecord({ p1, p2 }: Command, card: CardServices): Answer {
  if ((p2 & 0x07) !== 0x04) throw new CardStatus(0x6a86)
  const loader = new Loader(card.memory)
  const records = loader.identifiers().map((identifier) => loader.cells(identifier).read('directory')!)
  const record = records.filter((bytes) => bytes.length > 0)[p1 - 1]
  if (record === undefined) throw new CardStatus(0x6a83)
  return answer(record)
}

const cardNumber = (card: CardServices): Uint8Array => concatenate([0x43, 0x57, 0x00, 0x00], card.serial)

/** Controls (14 bytes, zeros where the card is not enabled), number of applications, then zeros: 127 bytes. */
function multosData(card: CardServices): Uint8Array {
  const controls = card.memory.read('controls')!
  const told = new Uint8Array(127)
  told.set(controls.length > 0 ? controls : concatenate(new Uint8Array(6), cardNumber(card)))
  told.set(numberToBytes(new Loader(card.memory).identifiers().length, 1), permissionLength)
  return told
}

/** Manufacturer, product, number of the chip, then zeros: 22 bytes. */
function manufacturerData(card: CardServices): Uint8Array {
  return concatenate([0x43, 0x57, 0x05, 0x01], cardNumber(card), new Uint8Array(10))
}

function told(data: Uint8Array, { p1, p2, expected }: Command): Answer {
  if (p1 !== 0 || p2 !== 0) throw new CardStatus(0x6b00)
  return answer(data.slice(0, expected ?? data.length))
}
