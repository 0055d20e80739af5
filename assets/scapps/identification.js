// @ts-check
/// <reference path="./host.d.ts" />
/**
 * An identity document on the native card: files of ICAO's logical data structure (Doc 9303 part 10), a key that proves the chip, and
 * reading for everybody or after Basic Access Control. docs/scapps/identification.md
 */

export const expects = {
  parameters: {
    aid: { type: 'string', required: true },
    access: { type: 'string', values: ['open', 'basic'] },
    pinTries: { type: 'number' },
    activate: { type: 'boolean' },
  },
  keys: ['master'],
}

const mask = '04'
const directory = '1001'

/** File identifiers (Doc 9303-10, table 38); short identifiers are their lower five bits. */
const identifiers = {
  COM: '011E', SOD: '011D', DG1: '0101', DG2: '0102', DG3: '0103', DG4: '0104', DG5: '0105', DG6: '0106', DG7: '0107', DG8: '0108', DG9: '0109',
  DG10: '010A', DG11: '010B', DG12: '010C', DG13: '010D', DG14: '010E', DG15: '010F', DG16: '0110',
}
/** In the order of their records; the file of keys has the short identifier 28. */
const secrets = { 'CHIP-KEY': { number: '02', use: '12' }, 'ACCESS-KEY': { number: '01', use: '11' } }
const everybodyReads = '8C020100'
/** Under secure messaging, after authentication by key 1. */
const afterAccess = '8C0201E1'

/** @type {Personalize} */
export default async function personalize(card) {
  await card.step('recognize', { safeToRepeat: true }, () => recognize(card))
  check(card)
  const basic = card.parameters.access === 'basic'
  const channel = await card.openChannel({ protocol: 'native', key: 'master', diversification: 'serial', level: 'mac+encryption' })
  await card.step('application', {}, () => create(channel, tlv.build('82', '38') + tlv.build('83', directory) + tlv.build('84', String(card.parameters.aid)) + tlv.build('A5', '820104')))
  await card.step('keys', {}, () => keys(card, channel))
  await card.step('files', {}, () => writeFiles(card, channel, basic))
  if (card.parameters.activate !== false) await card.step('activate', {}, () => activate(card, channel))
  await channel.close()
}

/** Files are closed and the transport key is gone: the card is asked, since one that only says so could be written by anybody. @param {Card} card @param {Channel} channel */
async function activate(card, channel) {
  await channel.send({ cla: 0, ins: 0x44, p1: 0, p2: 0, data: '3F00' })
  const key = await card.send({ cla: 0, ins: 0xca, p1: 0x01, p2: 0x02, le: 4 })
  if (bytes.slice(key.data, 0, 1) !== '00') card.reject('not-activated', 'the card confirmed its activation, and its transport key is still there')
}

/** The mask, and that the card is blank. @param {Card} card */
async function recognize(card) {
  const serial = await card.send({ cla: 0, ins: 0xca, p1: 0x01, p2: 0x01, le: 8 })
  if (bytes.slice(serial.data, 0, 2) !== '4357' || bytes.slice(serial.data, 2, 3) !== mask) card.reject('wrong-mask', `this card has the mask ${bytes.slice(serial.data, 0, 4)}`)
  const key = await card.send({ cla: 0, ins: 0xca, p1: 0x01, p2: 0x02, le: 4 })
  if (bytes.slice(key.data, 0, 1) === '00') card.reject('activated', 'this card was personalized before')
}

/** Nothing is written before it is certain that everything has its place. @param {Card} card */
function check(card) {
  for (const { name, secret, length } of card.groups) {
    if (name in identifiers) continue
    if (!(name in secrets) && name !== 'PIN') card.reject('unknown-group', `this card has no place for group ${name}`)
    if (!secret) card.reject('not-secret', `group ${name} has to come wrapped`)
    if (length !== (name === 'PIN' ? 8 : 16)) card.reject('secret-length', `group ${name} has ${length} bytes`)
  }
  if (card.parameters.access === 'basic' && !card.maybeGroup('ACCESS-KEY')) card.reject('no-access-key', 'Basic Access Control needs the group ACCESS-KEY')
}

/** One record for each key, one for the PIN. @param {Card} card @param {Channel} channel */
async function keys(card, channel) {
  await create(channel, tlv.build('82', '0C21001402') + tlv.build('83', '00F1') + tlv.build('88', 'E0') + tlv.build('A5', '810101') + everybodyReads)
  for (const [name, { number, use }] of Object.entries(secrets)) {
    const secret = card.maybeGroup(name)?.secret
    if (secret) await append(channel, [`01${number}${use}00`, channel.sealed(secret)])
  }
  const pin = card.maybeGroup('PIN')?.secret
  if (!pin) return
  await create(channel, tlv.build('82', '0C21000B01') + tlv.build('83', '00F2') + tlv.build('88', '') + tlv.build('A5', '810102') + everybodyReads)
  await append(channel, ['01' + bytes.number(Number(card.parameters.pinTries ?? 3), 1), channel.sealed(pin)])
  const kept = await channel.send({ cla: 0, ins: 0xb2, p1: 1, p2: 4, le: 0 }, { expect: ['9000', '6A83'] })
  if (bytes.length(kept.data) !== 3) card.reject('not-kept', 'the card did not keep the PIN that it confirmed')
}

/** What only readers with the access key may read, the server can't: it is read back here, while the channel may. @param {Card} card @param {Channel} channel @param {boolean} basic */
async function writeFiles(card, channel, basic) {
  const files = card.groups.filter(({ name }) => name in identifiers)
  let done = 0
  for (const { name, value } of files) {
    if (value === undefined) throw new Error(`group ${name} is secret, and is not to be`)
    const identifier = identifiers[/** @type {keyof typeof identifiers} */ (name)]
    await create(channel, tlv.build('80', bytes.number(bytes.length(value), 2)) + tlv.build('82', '01') + tlv.build('83', identifier) + (basic ? afterAccess : everybodyReads))
    await forPieces(value, channel.room, (offset, piece) => channel.send({ cla: 0, ins: 0xd6, p1: offset >> 8, p2: offset & 0xff, data: piece }))
    if (basic) await forPieces(value, channel.room, (offset, piece) => compare(card, channel, name, offset, piece))
    done += 1
    card.progress(done / files.length)
  }
}

/** @param {Hex} value @param {number} size @param {(offset: number, piece: Hex) => Promise<unknown>} work */
async function forPieces(value, size, work) {
  let offset = 0
  for (const piece of bytes.chunks(value, size)) {
    await work(offset, piece)
    offset += bytes.length(piece)
  }
}

/** @param {Card} card @param {Channel} channel @param {string} name @param {number} offset @param {Hex} piece */
async function compare(card, channel, name, offset, piece) {
  const { data } = await channel.send({ cla: 0, ins: 0xb0, p1: offset >> 8, p2: offset & 0xff, le: bytes.length(piece) })
  if (data !== piece) card.reject('not-kept', `the card did not keep ${name} as it confirmed`)
}

/** @param {Channel} channel @param {Hex} parameters */
const create = (channel, parameters) => channel.send({ cla: 0, ins: 0xe0, p1: 0, p2: 0, data: tlv.build('62', parameters) })

/** To the file that was made last. @param {Channel} channel @param {Part[]} record */
const append = (channel, record) => channel.send({ cla: 0, ins: 0xe2, p1: 0, p2: 0, data: record })
