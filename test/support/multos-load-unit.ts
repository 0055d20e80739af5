/**
 * Load units for MULTOS-like practice cards (docs/multos-card.md), as data preparation, application provider and certifying authority
 * make them. The keys are invented, for practice alone, and nothing is random: the same order is the same unit. All bytes are hex.
 */
import { constants, createCipheriv, createHash, createPrivateKey, createPublicKey, createSign, publicEncrypt } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { cardModulus } from '#drivers/virtual-card/multos/practice-keys.ts'

const authority = {
  n:
    '97949A37BEFF242F570731AE179B57F2DF25B7B0504522CC14E54B885AC0845011A3436470C84AA330DA4AF230981DC21B4937A336513C0E32C780A9FA6AA015' +
    '391F35C356CDB11A26496D661DAF4CF16E4F7EDB7826957F7A7B76A079AF93DCB339997F0B8243E0F7683257D4617FFECC8FE49AAA6D7FC3A18EA3FFAAC78A47',
  d:
    '4720EB5117662073BA71DCC525BCB6837864F99259C86770BEA96E4D38D0B805DE90EF11D5BE970F86E01865179A79F458DB7DA92FD6E4C880D98F2DB41D8EAA' +
    '4DF835D1DABDC62D2A945356283B32401391F8E36105A9DD6E0D3DBB3D06E3A5EE99605AB767DC9E0313A95EDBCA814DC399CF976316998B3221D28F41556C59',
  p: 'C5C52ED169F92325190B642FDFB32BCC2549ADFE9C92CE91F8C533306223A31A820383C85BF78DA05E4E9F2662CD0FA1217363D0A0F4F6D54B0E49D06114402D',
  q: 'C435E4880D03F66DC84BAE2C1D6CDCD99E36D157B5B7B29FB0E3976F6FB58E8A622A191BF43476748B779EC6BFA49885406DF283F0A186F9FA644F5AA24648C3',
  dp: '25140DEE071F457E8C0E7DAF1812A0707AC13094DEC80B6084B27C216314E95C6BE9BAC852ADBBE8C8259762FBFD142412806EC34B9A01B905845D446B1EFFD5',
  dq: '2439DF0BCF7B5FD03D1EDBF581294C4D518CC571F0370E5FB5850FBC9F5F6205E2C1EB08E2399D753F1AC2D1E7283890C1A88B121927798845D6A760107DF189',
  qi: 'A5EFAACB42F2181B5F48DEF7865CD5E7914C82513723FEE8361C1F29F74219DB74D0B6D838CE18F6668F985BD08363E54A0906032AC313A86C5B3894EB38ADC5',
}

const provider = {
  n:
    'C2F330C4ACA91256EE724B7C433B83D25E1AC8AD102F767C01AB8E1F489A6C868CE96D524BFF4D75C6BED0FCEEF031854E14B990987BC8E005299435CC370669' +
    '961B8448B2E79AC220D13CEEE7E7E462C220964D6906AFD439B7751844984E85FBCF29DD87A252F80131F5FA8063044D9D31DAD1B484B599755B916BC2E0E82F',
  d:
    'B13BA0819D2B14463DFF60CAF6E09B865C1163919ADE5B8C7F8434F011F47A6794A1FEC64BDB2DD3BE3CEA08993D7AF7E3358A427FAE41C010516DB1BF17E355' +
    'F16C9B940D6007B656D1B8D609B782F5EC55037FFF5B07FBA4690E3F12B758D22C45479611610C1DA316C875E0F4089D50E5137146D1ABA3D581BEBE3688A8C1',
  p: 'EFDDF17BC9909A5854F123980A74CA1A2768339F6052340F949DB90651CEC8A59A39171887471F24A0399F8D332EC7A8C64D02627F383B3392F037FFE61A4121',
  q: 'D00FDC737E5FB4CFCE416723E30F07C00CF3ABF255A305350A34F15176425E6C164B2FEF10E2935791BE7C1F846410A3E33EC3C64541BE391BB337F9E9D9EF4F',
  dp: 'B12F7681655C9ED6DF301D85E33B704B2F8EE68B3560A3BA5AA2C3996A76E07A8BD8DE39AD3C194239E536F9DBB413A295912F50C8FF25A42C47AC6628787E61',
  dq: '3CE9D7DDCC4AD2D1E00DCFD776DB68A67664449BFF2C6A12DC3921C97AB8F591E978FBC09F0DE69B45A5220BCC23CBA75F997991ABA712BCFF7A19D245FFB30B',
  qi: 'AA44FC5766400E5A20FC54154831B20F183FA509A9EBD8117B121D4CF1B0499EFA049A9C4AD744A637A2DDF4025CFADACAA73BD42261BBDD061500A105DAF2F5',
}

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')
const exponent = base64('010001')

function privateKey(parts: typeof authority): KeyObject {
  const { n, d, p, q, dp, dq, qi } = parts
  return createPrivateKey({ format: 'jwk', key: { kty: 'RSA', e: exponent, n: base64(n), d: base64(d), p: base64(p), q: base64(q), dp: base64(dp), dq: base64(dq), qi: base64(qi) } })
}

function signed(key: KeyObject, text: string): string {
  return text + signature(key, text)
}

function signature(key: KeyObject, text: string): string {
  return createSign('RSA-SHA256').update(Buffer.from(text, 'hex')).sign(key).toString('hex').toUpperCase()
}

const number = (value: number, length: number): string => value.toString(16).toUpperCase().padStart(length * 2, '0')
const size = (hex: string): string => number(hex.length / 2, 2)

/** For which cards: product (1), issuer (4), date (1), number of the card (8); zeros mean any. */
export interface Permission {
  product?: string
  issuer?: string
  date?: string
  card?: string
}

const permissionBytes = ({ product = '00', issuer = '00000000', date = '00', card = '00'.repeat(8) }: Permission): string => product + issuer + date + card
const identifierBytes = (identifier: string): string => (number(identifier.length / 2, 1) + identifier).padEnd(34, '0')

/** Data of SET MSM CONTROLS: the card becomes this issuer's. */
export const controlsData = (permission: Permission): string => signed(privateKey(authority), permissionBytes(permission))

/** A data grouping of EMV CPS. */
export function grouping(dgi: string, value: string): string {
  const length = value.length / 2
  return dgi + (length < 0xff ? number(length, 1) : `FF${number(length, 2)}`) + value
}

export interface LoadOrder extends Permission {
  identifier: string
  label: string
  /** Groupings of the application; those of `secrets` are encrypted in the data segment. */
  groupings: Record<string, string>
  secrets: readonly string[]
  code?: string
}

/** Groups of one load unit, by the names that the ScApp `mchip-multos` has for them. */
export type LoadUnit = Record<'HEADER' | 'CODE' | 'DATA' | 'DIR' | 'FCI' | 'SIGNATURE' | 'KTU' | 'ALC', string>

export const usualCode = Buffer.from('M/CHIP SELECT', 'latin1').toString('hex').toUpperCase().padEnd(64, '0')

/** `FCI` is the template A5 of the grouping 9102; the card puts name and A5 into its answer to SELECT. */
export function loadUnit(order: LoadOrder): LoadUnit {
  const { '9102': control = '', ...others } = order.groupings
  const code = order.code ?? usualCode
  const { data, areas } = dataSegment(others, order.secrets)
  const directory = template(order)
  const identifier = identifierBytes(order.identifier)
  const header = headerOf(order, identifier, [code, directory, control])
  const certificate = signed(privateKey(authority), `5A01${number(26 + 156 + 256, 2)}0001${'00'.repeat(20)}${header}${provider.n}`)
  const signatureOfUnit = signature(privateKey(provider), code + data + directory + control)
  const unit = transformationUnit(identifier, order.card ?? '00'.repeat(8), areas)
  return { HEADER: openData(header, [data, signatureOfUnit, unit]), CODE: code, DATA: data, DIR: directory, FCI: control, SIGNATURE: signatureOfUnit, KTU: unit, ALC: certificate }
}

/** DELETE MEL APPLICATION's certificate. */
export function deleteCertificate(order: Permission & { identifier: string }): string {
  return signed(privateKey(authority), `5A02${number(26 + 31 + 128, 2)}0001${'00'.repeat(20)}${permissionBytes(order)}${identifierBytes(order.identifier)}`)
}

/** Bytes that follow from a word. */
function bytesFrom(word: string, length: number): string {
  let bytes = ''
  for (let counter = 0; bytes.length < length * 2; counter += 1) bytes += createHash('sha256').update(`${word}/${counter}`).digest('hex').toUpperCase()
  return bytes.slice(0, length * 2)
}

interface Area {
  start: number
  value: string
  key: string
}

/** Secret groupings go into areas of their own, filled to whole blocks by a grouping that this card keeps and never uses. */
function dataSegment(groupings: Record<string, string>, secrets: readonly string[]): { data: string; areas: Area[] } {
  const plain = Object.entries(groupings).filter(([dgi]) => !secrets.includes(dgi))
  const hidden = Object.entries(groupings).filter(([dgi]) => secrets.includes(dgi))
  const open = plain.map(([dgi, value]) => grouping(dgi, value)).join('')
  if (hidden.length === 0) return { data: open, areas: [] }
  const value = filled(hidden.map(([dgi, content]) => grouping(dgi, content)).join(''))
  const key = bytesFrom(`key of ${value}`, 16)
  const cipher = createCipheriv('des-ede3-cbc', Buffer.from(key + key.slice(0, 16), 'hex'), Buffer.alloc(8)).setAutoPadding(false)
  const encrypted = Buffer.concat([cipher.update(Buffer.from(value, 'hex')), cipher.final()]).toString('hex').toUpperCase()
  return { data: open + encrypted, areas: [{ start: open.length / 2, value, key }] }
}

function filled(groupings: string): string {
  const missing = (8 - ((groupings.length / 2) % 8)) % 8
  if (missing === 0) return groupings
  return groupings + grouping('9103', '00'.repeat(missing < 3 ? missing + 5 : missing - 3))
}

function template({ identifier, label }: LoadOrder): string {
  const entry = `4F${number(identifier.length / 2, 1)}${identifier}50${number(label.length, 1)}${Buffer.from(label, 'latin1').toString('hex').toUpperCase()}`
  return `61${number(entry.length / 2, 1)}${entry}`
}

/** 156 bytes of a load certificate: permission, AID, sizes of code (at 120), session data (at 124), directory and control record (at 126 and 128). */
function headerOf(order: Permission, identifier: string, [code, directory, control]: [string, string, string]): string {
  const front = (permissionBytes(order) + identifier).padEnd(240, '0')
  return (front + size(code) + '0000' + '0100' + size(directory) + size(control)).padEnd(312, '0')
}

/** 157 bytes of OPEN MEL APPLICATION. */
function openData(header: string, [data, signatureOfUnit, unit]: [string, string, string]): string {
  return header.slice(0, 244) + size(data) + header.slice(248, 252) + size(signatureOfUnit) + size(unit) + header.slice(252, 260) + header.slice(266)
}

/** Enciphered for the card (RSAES-PKCS1-v1_5): AID, number of the card, and each area with its key. */
function transformationUnit(identifier: string, card: string, areas: readonly Area[]): string {
  const plain = identifier + card + number(areas.length, 1) + areas.map(({ start, value, key }) => `02${number(start, 2)}${size(value)}${key}`).join('')
  const key = createPublicKey({ format: 'jwk', key: { kty: 'RSA', e: exponent, n: Buffer.from(cardModulus).toString('base64url') } })
  const filling = bytesFrom(`filling of ${plain}`, 125 - plain.length / 2).replace(/../g, (byte) => (byte === '00' ? '01' : byte))
  return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, Buffer.from(`0002${filling}00${plain}`, 'hex')).toString('hex').toUpperCase()
}
