/**
 * Load and delete certificates, signatures and key transformation units of a MULTOS-like card (docs/multos-card.md). MULTOS' own
 * formats for these are for licensees; commands, order, and where sizes stand are its published ones, the rest is this project's model.
 */
import { createHash } from 'node:crypto'
import { bytesToNumber, concatenate, sameBytes } from '#shared/bytes.ts'
import { CardStatus } from '../application.ts'
import { rsaPrivate, rsaPublic } from '../crypto.ts'
import { authorityModulus, cardKey, publicExponent } from './practice-keys.ts'

/** Bytes of all moduli and signatures. */
export const keyLength = 128
const headLength = 26
const headerLength = 156
export const loadCertificateLength = headLength + headerLength + 2 * keyLength
export const deleteCertificateLength = headLength + 31 + keyLength

/** For which cards: product, issuer and date of the controls, number of the card; zeros mean any. 14 bytes. */
export interface Permission {
  product: Uint8Array
  issuer: Uint8Array
  date: Uint8Array
  card: Uint8Array
}

/** What OPEN MEL APPLICATION and a load certificate say of an application. */
export interface ApplicationHeader {
  permission: Uint8Array
  /** Length and bytes of the AID, filled to 17. */
  identifier: Uint8Array
  sizes: { code: number; data: number; session: number; signature: number; transformation: number; directory: number; control: number }
}

export const permissionLength = 14

/** 157 bytes. */
export function parseOpen(data: Uint8Array): ApplicationHeader {
  const size = (offset: number) => bytesToNumber(data.subarray(offset, offset + 2))
  return {
    permission: data.slice(0, permissionLength),
    identifier: data.slice(permissionLength, 31),
    sizes: { code: size(120), data: size(122), session: size(124), signature: size(126), transformation: size(128), directory: size(130), control: size(132) },
  }
}

export const identifierOf = (header: ApplicationHeader): Uint8Array => header.identifier.subarray(1, 1 + header.identifier[0]!)

/**
 * Modulus of the application provider from a load certificate that fits what was opened. Throws CardStatus 9D05, 9D19 and those
 * of the size that differs.
 */
export function checkLoadCertificate(certificate: Uint8Array, opened: Uint8Array): Uint8Array {
  if (certificate[1] !== 0x01) throw new CardStatus(0x9d05)
  checkSigned(certificate)
  const header = certificate.subarray(headLength, headLength + headerLength)
  const [said, is] = [parseOpen(openData(header)), parseOpen(opened)]
  if (!sameBytes(said.permission, is.permission) || !sameBytes(said.identifier, is.identifier)) throw new CardStatus(0x9d19)
  if (said.sizes.code !== is.sizes.code) throw new CardStatus(0x9d0a)
  if (said.sizes.session !== is.sizes.session) throw new CardStatus(0x9d07)
  if (said.sizes.directory !== is.sizes.directory) throw new CardStatus(0x9d08)
  if (said.sizes.control !== is.sizes.control) throw new CardStatus(0x9d09)
  return certificate.slice(headLength + headerLength, headLength + headerLength + keyLength)
}

/** Data of OPEN MEL APPLICATION from the 156 bytes of a certificate; data, signature and transformation unit have their sizes from the load unit. */
export function openData(header: Uint8Array): Uint8Array {
  return concatenate(header.subarray(0, 126), new Uint8Array(4), header.subarray(126, 130), header.subarray(133, 156))
}

export function parseDeleteCertificate(certificate: Uint8Array): { permission: Uint8Array; identifier: Uint8Array } {
  if (certificate[1] !== 0x02) throw new CardStatus(0x9d05)
  checkSigned(certificate)
  return { permission: certificate.slice(headLength, headLength + permissionLength), identifier: certificate.slice(headLength + permissionLength, headLength + 31) }
}

/** The authority's signature is the last part. Throws CardStatus 9D19. */
export function checkSigned(certificate: Uint8Array): void {
  if (!verified(authorityModulus, certificate.subarray(0, -keyLength), certificate.subarray(-keyLength))) throw new CardStatus(0x9d19)
}

const digestInfo = Uint8Array.from([0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20])

/** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2.2). */
export function verified(modulus: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== modulus.length) return false
  const hash = new Uint8Array(createHash('sha256').update(text).digest())
  const filling = new Uint8Array(modulus.length - 3 - digestInfo.length - hash.length).fill(0xff)
  return sameBytes(rsaPublic(modulus, publicExponent, signature), concatenate([0, 1], filling, [0], digestInfo, hash))
}

/** A part of the data segment that is encrypted: triple DES, CBC from zeros. */
export interface Area {
  start: number
  length: number
  key: Uint8Array
}

/** RSAES-PKCS1-v1_5 (RFC 8017, 7.2.2) of: AID (17), number of the card (8), number of areas, areas. Throws CardStatus 9D1B. */
export function openTransformationUnit(unit: Uint8Array): { identifier: Uint8Array; card: Uint8Array; areas: Area[] } {
  if (unit.length !== keyLength) throw new CardStatus(0x9d1b)
  const block = rsaPrivate(cardKey, unit)
  const end = block.indexOf(0, 2)
  const plain = block.subarray(end + 1)
  const count = plain[25] ?? 0
  if (block[0] !== 0 || block[1] !== 2 || end < 10 || plain.length !== 26 + count * 21) throw new CardStatus(0x9d1b)
  const areas = Array.from({ length: count }, (_, index) => {
    const entry = plain.slice(26 + index * 21, 26 + (index + 1) * 21)
    if (entry[0] !== 0x02) throw new CardStatus(0x9d1b) // triple DES alone
    return { start: bytesToNumber(entry.subarray(1, 3)), length: bytesToNumber(entry.subarray(3, 5)), key: entry.slice(5) }
  })
  return { identifier: plain.slice(0, 17), card: plain.slice(17, 25), areas }
}
