// @ts-check
/// <reference path="./host.d.ts" />
/** Loyalty points and a purse on the native card: docs/scapps/loyalty-native.md. */

export const expects = {
  parameters: {
    aid: { type: 'string', required: true },
    logRecords: { type: 'number' },
    tries: { type: 'number' },
    activate: { type: 'boolean' },
  },
  keys: ['master'],
}

const mask = '03'
const directory = '2001'
const keyFile = 30
const nobodyUpdates = '8C020100'

/** @type {Personalize} */
export default async function personalize(card) {
  await card.step('recognize', { safeToRepeat: true }, () => recognize(card))
  const holder = clear(card, 'HOLDER')
  const limits = clear(card, 'LIMITS')
  if (bytes.length(limits) < 8) card.reject('limits', 'group LIMITS begins with two limits of four bytes')
  const channel = await card.openChannel({ protocol: 'native', key: 'master', diversification: 'serial', level: 'mac+encryption' })
  await card.step('application', {}, async () => {
    await create(channel, tlv.build('82', '38') + tlv.build('83', directory) + tlv.build('84', String(card.parameters.aid)) + tlv.build('A5', '820103'))
    await transparent(channel, '0101', holder)
    await transparent(channel, '0102', limits)
    await create(channel, records('06', 25, Number(card.parameters.logRecords ?? 10)) + tlv.build('83', '0103'))
    // nothing is written to the log here, and nothing read: SELECT tells that it is there
    await channel.send({ cla: 0, ins: 0xa4, p1: 0x02, p2: 0x0c, data: '0103' })
  })
  card.progress(0.5)
  await card.step('values', {}, () => values(card, channel))
  await card.step('keys', {}, () => keys(card, channel))
  card.progress(0.9)
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

/** Two records: points and money, each a balance and two counters. Everybody may read them, nobody writes them but the card itself. @param {Card} card @param {Channel} channel */
async function values(card, channel) {
  await create(channel, records('02', 8, 2) + tlv.build('83', '0104') + nobodyUpdates)
  for (const name of ['POINTS', 'MONEY']) {
    const balance = card.maybeGroup(name)?.value ?? '00000000'
    if (bytes.length(balance) !== 4) card.reject('balance', `group ${name} holds four bytes`)
    await append(channel, balance + '00000000')
  }
}

/** KEYS: credit, debit and proof, 16 bytes each. @param {Card} card @param {Channel} channel */
async function keys(card, channel) {
  const secret = card.group('KEYS').secret
  if (!secret || secret.length !== 48) return card.reject('key-length', 'group KEYS holds three keys of 16 bytes, wrapped')
  const tries = bytes.number(Number(card.parameters.tries ?? 0), 1)
  await create(channel, records('0C', 60, 1) + tlv.build('83', '00F1') + tlv.build('88', bytes.number(keyFile << 3, 1)) + tlv.build('A5', '810101') + nobodyUpdates)
  await append(channel, [`030121${tries}0222${tries}0323${tries}`, channel.sealed(secret)])
}

/** A file with this content. @param {Channel} channel @param {Hex} identifier @param {Hex} content */
async function transparent(channel, identifier, content) {
  await create(channel, tlv.build('80', bytes.number(bytes.length(content), 2)) + tlv.build('82', '01') + tlv.build('83', identifier))
  let offset = 0
  for (const piece of bytes.chunks(content, channel.room)) {
    await channel.send({ cla: 0, ins: 0xd6, p1: offset >> 8, p2: offset & 0xff, data: piece })
    offset += bytes.length(piece)
  }
}

/** @param {Hex} kind @param {number} size @param {number} count */
const records = (kind, size, count) => tlv.build('82', kind + '21' + bytes.number(size, 2) + bytes.number(count, 1))

/** @param {Channel} channel @param {Hex} parameters */
const create = (channel, parameters) => channel.send({ cla: 0, ins: 0xe0, p1: 0, p2: 0, data: tlv.build('62', parameters) })

/** To the file that was made last. @param {Channel} channel @param {Part | Part[]} record */
const append = (channel, record) => channel.send({ cla: 0, ins: 0xe2, p1: 0, p2: 0, data: record })

/** @param {Card} card @param {string} name @returns {Hex} */
function clear(card, name) {
  const { value } = card.group(name)
  if (value === undefined) throw new Error(`group ${name} is secret, and is not to be`)
  return value
}
