/**
 * Everything that an EMV card is personalized with, as data preparation would deliver it: the data groupings of EMV CPS for one card,
 * and its certificates (EMV 4.3 Book 2, 5 and 6). Pure: the same card gives the same data. All bytes are hex.
 */
import { checkValue, deriveCardKey, sha1 } from './emv-issuer.ts'

/** As `test-pki.json` has them. */
export interface RsaPair {
  modulus: string
  privateExponent: string
  prime1: string
  prime2: string
  exponent1: string
  exponent2: string
  coefficient: string
  publicExponent: string
}

export interface Pki {
  /** Index of the payment system's public key. */
  index: string
  ca: RsaPair
  issuer: RsaPair
  icc: RsaPair
}

export interface DemoCard {
  scheme: 'visa-10' | 'visa-18' | 'mchip'
  /** AID; the scheme's usual one where absent. */
  identifier?: string
  label?: string
  number: string
  /** YYMM. */
  expiry: string
  /** As on the stripe: SURNAME/NAME. */
  name: string
  sequence?: string
  serviceCode?: string
  pin?: string
  /** Issuer master keys, or (`cardKeys`) those of the card itself. */
  issuerKeys?: { ac: string; smi: string; smc: string }
  cardKeys?: { ac: string; smi: string; smc: string }
  authentication: 'SDA' | 'DDA' | 'CDA'
  pki: Pki
  /** Data object list of GET PROCESSING OPTIONS, hex; none where absent. */
  processingList?: string
  /** Further or other groupings. */
  more?: Record<string, string>
  /** Country and currency, four digits. */
  country?: string
  currency?: string
}

/** A data object of BER-TLV. */
export function tlv(tag: string, value: string): string {
  const length = value.length / 2
  const size = length < 0x80 ? 1 : length < 0x100 ? 2 : 3
  const head = size === 1 ? '' : size === 2 ? '81' : '82'
  return tag + head + length.toString(16).toUpperCase().padStart(size === 3 ? 4 : 2, '0') + value
}

const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex').toUpperCase()
const evenDigits = (digits: string, fill: string): string => (digits.length % 2 === 0 ? digits : digits + fill)

export const usualIdentifier = { 'visa-10': 'A0000000031010', 'visa-18': 'A0000000031010', mchip: 'A0000000041010' } as const

/** The raw private operation (Book 2, B2.1). */
export function sign(pair: RsaPair, block: string): string {
  const modulus = BigInt(`0x${pair.modulus}`)
  let [result, square] = [1n, BigInt(`0x${block}`)]
  for (const bit of [...BigInt(`0x${pair.privateExponent}`).toString(2)].reverse()) {
    if (bit === '1') result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result.toString(16).toUpperCase().padStart(pair.modulus.length, '0')
}

/** Book 2, tables 1 and 7: a public key's certificate. `head` is all that stands before the key itself. */
function certificate(signer: RsaPair, head: string, key: RsaPair, hashed: string): { certificate: string; remainder: string } {
  const room = signer.modulus.length / 2 - 22 - head.length / 2
  const left = key.modulus.slice(0, room * 2).padEnd(room * 2, 'B')
  const remainder = key.modulus.slice(room * 2)
  const hash = sha1(head + left + remainder + key.publicExponent + hashed)
  return { certificate: sign(signer, `6A${head}${left}${hash}BC`), remainder }
}

function keyFacts(key: RsaPair): string {
  const two = (count: number) => (count / 2).toString(16).toUpperCase().padStart(2, '0')
  return `0101${two(key.modulus.length)}${two(key.publicExponent.length)}`
}

/** `9F4A` names AIP; the records of offline authentication are `signed`, without their template for files 1 to 10 (Book 3, 10.3). */
function authenticationRecords(card: DemoCard, staticData: string): Record<string, string> {
  const { ca, issuer, icc, index } = card.pki
  const issuerHead = `02${card.number.slice(0, 8)}1249000001${keyFacts(issuer)}`
  const issuerCertificate = certificate(ca, issuerHead, issuer, '')
  const records: Record<string, string> = {
    '0301': tlv('70', tlv('8F', index) + tlv('9F32', issuer.publicExponent) + (issuerCertificate.remainder === '' ? '' : tlv('92', issuerCertificate.remainder))),
    '0302': tlv('70', tlv('90', issuerCertificate.certificate)),
  }
  if (card.authentication === 'SDA') {
    const head = '0301DAC0'
    const padding = 'BB'.repeat(issuer.modulus.length / 2 - 26)
    return { ...records, '0303': tlv('70', tlv('93', sign(issuer, `6A${head}${padding}${sha1(head + padding + staticData)}BC`))) }
  }
  const iccHead = `04${card.number.padEnd(20, 'F')}${card.expiry.slice(2)}${card.expiry.slice(0, 2)}000001${keyFacts(icc)}`
  const iccCertificate = certificate(issuer, iccHead, icc, staticData)
  return {
    ...records,
    '0303': tlv('70', tlv('9F46', iccCertificate.certificate)),
    '0304': tlv('70', tlv('9F47', icc.publicExponent) + tlv('9F49', '9F3704') + (iccCertificate.remainder === '' ? '' : tlv('9F48', iccCertificate.remainder))),
  }
}

const amounts = '9F02069F03069F1A0295055F2A029A039C019F3704'
const logFormat = '9F02069F27015F2A029A039F36029F5206'

function schemeGroupings(card: DemoCard): Record<string, string> {
  const [country, currency] = [card.country ?? '0643', card.currency ?? '0643']
  if (card.scheme === 'mchip') {
    return {
      '9200': tlv('9F10', `0110${'00'.repeat(16)}`),
      A002:
        tlv('C3', '000000') + tlv('C4', '18B000') + tlv('C5', '18B000') + tlv('9F14', '03') + tlv('9F23', '05') + tlv('CA', '000000050000') +
        tlv('CB', '000000100000') + tlv('C8', country) + tlv('C9', currency) + tlv('D5', '8C00') + tlv('D6', '0010') + tlv('9F4F', logFormat),
    }
  }
  return {
    '9200': tlv('9F10', `0601${card.scheme === 'visa-10' ? '0A' : '12'}03000000`),
    '0D01': tlv('9F58', '03') + tlv('9F59', '05') + tlv('9F53', '02') + tlv('9F54', '000000050000') + tlv('9F5C', '000000100000') + tlv('9F4F', '9F02069F27015F2A029A039F3602'),
    '0E01': tlv('9F51', currency) + tlv('9F52', 'C200') + tlv('9F56', '00') + tlv('9F57', country),
  }
}

export function keysOfCard(card: DemoCard): { ac: string; smi: string; smc: string } {
  if (card.cardKeys) return card.cardKeys
  const issuer = card.issuerKeys ?? { ac: '0123456789ABCDEFFEDCBA9876543210', smi: '1032547698BADCFEEFCDAB8967452301', smc: '23456789ABCDEF0110FEDCBA98765432' }
  const derive = (key: string) => deriveCardKey(key, card.number, card.sequence ?? '01')
  return { ac: derive(issuer.ac), smi: derive(issuer.smi), smc: derive(issuer.smc) }
}

/** The groupings of the payment application: DGI → hex. Their order is of no matter to the card. Secret ones (8000 to 8305) are in clear. */
export function cardData(card: DemoCard): Record<string, string> {
  const label = card.label ?? (card.scheme === 'mchip' ? 'MASTERCARD' : 'VISA CREDIT')
  const [country, currency] = [card.country ?? '0643', card.currency ?? '0643']
  const serviceCode = card.serviceCode ?? '201'
  const mchip = card.scheme === 'mchip'
  const authentication = { SDA: 0x40, DDA: 0x60, CDA: 0x61 }[card.authentication]
  const interchange = `${(authentication | 0x18 | (mchip ? 0 : 0x04)).toString(16).toUpperCase()}00`
  const signed =
    tlv('5A', evenDigits(card.number, 'F')) + tlv('5F34', card.sequence ?? '01') + tlv('5F24', `${card.expiry}31`) + tlv('5F25', '240101') + tlv('5F28', country) +
    tlv('9F07', 'FFC0') + tlv('8E', `${'00'.repeat(8)}410342031E031F00`) + tlv('9F0D', 'FC50BCA000') + tlv('9F0E', '0000000000') + tlv('9F0F', 'FC50BCF800') + tlv('9F4A', '82')
  const lists = mchip
    ? tlv('8C', `${amounts}9F35019F45029F4C089F3403`) + tlv('8D', '910A8A0295059F37049F4C08')
    : tlv('8C', amounts) + tlv('8D', `8A02${amounts}`)
  const last = card.authentication === 'SDA' ? '03' : '04'
  const keys = keysOfCard(card)
  const proprietary =
    tlv('50', ascii(label)) + tlv('87', '01') + (card.processingList ? tlv('9F38', card.processingList) : '') + tlv('5F2D', ascii('ruen')) + tlv('9F11', '01') + tlv('9F12', ascii(label)) + tlv('BF0C', tlv('9F4D', '0B0A'))
  return {
    '0101': tlv('70', tlv('57', evenDigits(`${card.number}D${card.expiry}${serviceCode}0000012300000`.slice(0, 37), 'F')) + tlv('5F20', ascii(card.name.padEnd(2).slice(0, 26))) + tlv('9F1F', ascii('0000012300000'))),
    '0201': tlv('70', signed),
    '0202': tlv('70', lists + tlv('9F08', mchip ? '0002' : '0096') + tlv('5F30', `0${serviceCode}`) + tlv('9F42', currency) + tlv('9F44', '02')),
    ...authenticationRecords(card, signed + interchange),
    ...schemeGroupings(card),
    '8000': keys.ac + keys.smi + keys.smc,
    '9000': checkValue(keys.ac) + checkValue(keys.smi) + checkValue(keys.smc),
    '8010': `2${(card.pin ?? '1234').length.toString(16)}${card.pin ?? '1234'}`.toUpperCase().padEnd(16, 'F'),
    '9010': '0303',
    ...(card.authentication === 'SDA' ? {} : privateKeyGroupings(card.pki.icc)),
    '9102': tlv('A5', proprietary),
    '9104': tlv('82', interchange) + tlv('94', `08010100100102011801${last}00`),
    ...card.more,
  }
}

function privateKeyGroupings(key: RsaPair): Record<string, string> {
  return { '8201': key.coefficient, '8202': key.exponent2, '8203': key.exponent1, '8204': key.prime2, '8205': key.prime1 }
}

export interface DirectoryEntry { identifier: string; label: string; priority?: number }

/** The payment system environment (Book 1, 12.2.3): groupings of 1PAY.SYS.DDF01. */
export function paymentDirectory(entries: readonly DirectoryEntry[]): Record<string, string> {
  const templates = entries.map((entry, index) => tlv('61', entryObjects(entry, index)))
  return { '0101': tlv('70', templates.join('')), '9102': tlv('A5', tlv('88', '01') + tlv('5F2D', ascii('ruen')) + tlv('9F11', '01')) }
}

/** The proximity payment system environment: groupings of 2PAY.SYS.DDF01. */
export function proximityDirectory(entries: readonly DirectoryEntry[]): Record<string, string> {
  return { '9102': tlv('A5', tlv('BF0C', entries.map((entry, index) => tlv('61', entryObjects(entry, index))).join(''))) }
}

function entryObjects({ identifier, label, priority }: DirectoryEntry, index: number): string {
  return tlv('4F', identifier) + tlv('50', ascii(label)) + tlv('87', (priority ?? index + 1).toString(16).padStart(2, '0').toUpperCase())
}

export const directoryNames = { payment: ascii('1PAY.SYS.DDF01'), proximity: ascii('2PAY.SYS.DDF01') } as const
