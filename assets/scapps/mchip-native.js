// @ts-check
/// <reference path="./host.d.ts" />
/**
 * An M/Chip-Lite-like payment application (static data authentication) on the native card: docs/scapps/mchip-native.md.
 * Groups are the data groupings of EMV CPS; here they become files: records by short identifier, a key file, a PIN file, parameters.
 */

export const expects = {
  parameters: {
    aid: { type: 'string', required: true },
    label: { type: 'string' },
    environment: { type: 'boolean' },
    activate: { type: 'boolean' },
  },
  keys: ['master'],
}

const mask = '02'
const application = 2
/** Groups of data objects that the application keeps: one record of the parameter file each, in this order. */
const parameterGroups = ['9102', '9104', 'A005', '9200', 'A001', 'A002', 'A003', 'A004', 'A007']
/** Groups that say something of others, or belong to another interface. */
const passedOver = ['9000', '9010', '9103', '9001', 'B001', 'B002', 'B003', 'B004', 'B005', 'B007']
const secretGroups = ['8000', '8010']

const files = { application: '1001', environment: '1000', keys: '00F1', pins: '00F2', parameters: '00F3' }
/** Short identifiers of the internal files. */
const shortOf = { keys: 30, pins: 29, parameters: 28 }
const readByAll = '8C0201' + '00'

/** @type {Personalize} */
export default async function personalize(card) {
  await card.step('recognize', { safeToRepeat: true }, () => recognize(card))
  const groups = sorted(card)
  const channel = await card.openChannel({ protocol: 'native', key: 'master', diversification: 'serial', level: 'mac+encryption' })
  if (card.parameters.environment !== false) await card.step('environment', {}, () => environment(card, channel))
  await card.step('application', {}, () => directory(channel, files.application, String(card.parameters.aid), application))
  card.progress(0.2)
  await card.step('records', {}, () => writeRecords(channel, groups.records))
  card.progress(0.6)
  await card.step('parameters', {}, () => writeParameters(channel, groups.parameters))
  await card.step('keys', {}, () => writeKeys(card, channel))
  card.progress(0.9)
  if (card.parameters.activate !== false) await card.step('activate', {}, () => activate(card, channel))
  await channel.close()
  card.progress(1)
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
  card.accompany('tries-left', bytes.toNumber(bytes.slice(key.data, 2, 3)))
}

/** What becomes of each group; one that the card has no place for is an error of the data. @param {Card} card */
function sorted(card) {
  /** @type {Map<number, Group[]>} */
  const records = new Map()
  const parameters = parameterGroups.flatMap((name) => card.maybeGroup(name) ?? [])
  for (const group of card.groups) {
    const { name } = group
    if (secretGroups.includes(name)) {
      if (!group.secret) card.reject('not-secret', `group ${name} has to come wrapped`)
    } else if (!parameterGroups.includes(name) && !passedOver.includes(name)) {
      const [sfi, number] = /^[0-9A-F]{4}$/.test(name) ? [parseInt(name.slice(0, 2), 16), parseInt(name.slice(2), 16)] : [0, 0]
      if (sfi < 1 || sfi > 10 || number < 1) card.reject('unknown-group', `this card has no place for group ${name}`)
      const file = records.get(sfi) ?? []
      file[number - 1] = group
      records.set(sfi, file)
    }
  }
  for (const [sfi, file] of records) {
    for (let at = 0; at < file.length; at += 1) if (!file[at]) card.reject('record-missing', `file ${sfi} has no record ${at + 1}`)
  }
  return { records, parameters }
}

/** @param {Channel} channel @param {Map<number, Group[]>} records */
async function writeRecords(channel, records) {
  for (const [sfi, file] of records) {
    const longest = Math.max(...file.map(({ length }) => length))
    await create(channel, descriptor('04', longest, file.length) + tlv.build('83', bytes.number(0x0100 + sfi, 2)))
    for (const record of file) await append(channel, valueOf(record))
  }
}

/** The FCI template goes in with its tag, processing options as the objects 82 and 94. @param {Channel} channel @param {Group[]} groups */
async function writeParameters(channel, groups) {
  const longest = Math.max(2, ...groups.map(({ length }) => length + 2))
  await create(channel, internal('parameters', longest, Math.max(1, groups.length)) + readByAll)
  for (const group of groups) await append(channel, objectsOf(group))
}

/** @param {Group} group @returns {Hex} */
function objectsOf(group) {
  const value = valueOf(group)
  const [first] = tlv.parse(value)
  if (group.name === '9102') return first && first.tag === 'A5' ? value : tlv.build('A5', value)
  if ((group.name !== '9104' && group.name !== 'A005') || !first) return value
  if (first.tag === '77') return first.value
  if (first.tag === '80') return tlv.build('82', bytes.slice(first.value, 0, 2)) + tlv.build('94', bytes.slice(first.value, 2))
  return value
}

/** 8000: application cryptogram, secure messaging for integrity and for confidentiality. 8010: the PIN block, with the tries of 9010. @param {Card} card @param {Channel} channel */
async function writeKeys(card, channel) {
  const keys = card.group('8000').secret
  if (!keys || keys.length % 16 !== 0 || keys.length > 48) return card.reject('key-length', 'group 8000 holds one to three keys of 16 bytes')
  const count = keys.length / 16
  await create(channel, internal('keys', 20 * count, 1) + readByAll)
  const uses = ['010100', '020200', '030300'].slice(0, count)
  await append(channel, [bytes.number(count, 1) + uses.join(''), channel.sealed(keys)])
  await compareCheckValues(card, channel, count)
  const pin = card.maybeGroup('8010')?.secret
  if (!pin) return
  if (pin.length !== 8) card.reject('pin-length', 'group 8010 holds a PIN block of 8 bytes')
  const limit = bytes.slice(card.maybeGroup('9010')?.value ?? '0303', 1, 2)
  await create(channel, internal('pins', 11, 1) + readByAll)
  await append(channel, ['01' + limit, channel.sealed(pin)])
  await compare(card, channel, '01' + limit + limit)
}

/** Of what the task does not read back: the first record of the current file. @param {Card} card @param {Channel} channel @param {Hex} expected */
async function compare(card, channel, expected) {
  const kept = await channel.send({ cla: 0, ins: 0xb2, p1: 1, p2: 4, le: 0 }, { expect: ['9000', '6A83'] })
  if (kept.data !== expected) card.reject('not-kept', 'the card did not keep a record that it confirmed')
}

/** The card tells check values, never keys; they have to be those of 9000. @param {Card} card @param {Channel} channel @param {number} count */
async function compareCheckValues(card, channel, count) {
  const expected = card.maybeGroup('9000')?.value
  if (expected === undefined) return
  const told = await channel.send({ cla: 0, ins: 0xb2, p1: 1, p2: (shortOf.keys << 3) | 4, le: 0 })
  for (let at = 0; at < count; at += 1) {
    if (bytes.slice(told.data, at * 6 + 3, at * 6 + 6) !== bytes.slice(expected, at * 3, at * 3 + 3)) card.reject('check-value', `key ${at + 1} has another check value than prepared`)
  }
}

/** 1PAY.SYS.DDF01 with one record that names the application (EMV 4.3 Book 1, 12.2). @param {Card} card @param {Channel} channel */
async function environment(card, channel) {
  await directory(channel, files.environment, bytes.text('1PAY.SYS.DDF01'))
  const entry = tlv.build('4F', String(card.parameters.aid)) + tlv.build('50', bytes.text(String(card.parameters.label ?? 'M/CHIP'))) + tlv.build('87', '01')
  const record = tlv.build('70', tlv.build('61', entry))
  await create(channel, descriptor('04', bytes.length(record), 1) + tlv.build('83', '0101'))
  await append(channel, record)
  await compare(card, channel, record)
  const proprietary = tlv.build('A5', tlv.build('88', '01') + tlv.build('5F2D', bytes.text('en')))
  await create(channel, internal('parameters', bytes.length(proprietary), 1) + readByAll)
  await append(channel, proprietary)
  await compare(card, channel, proprietary)
  await channel.send({ cla: 0, ins: 0xa4, p1: 0, p2: 0x0c, data: '3F00' })
}

/** @param {Channel} channel @param {Hex} identifier @param {Hex} name @param {number} [kind] */
async function directory(channel, identifier, name, kind) {
  const program = kind === undefined ? '' : tlv.build('A5', tlv.build('82', bytes.number(kind, 1)))
  await create(channel, tlv.build('82', '38') + tlv.build('83', identifier) + tlv.build('84', name) + program)
}

/** Descriptor of a file of records. @param {Hex} kind @param {number} longest @param {number} records */
const descriptor = (kind, longest, records) => tlv.build('82', kind + '21' + bytes.number(longest, 2) + bytes.number(records, 1))

/** @param {'keys' | 'pins' | 'parameters'} purpose @param {number} longest @param {number} records */
function internal(purpose, longest, records) {
  const number = { keys: '01', pins: '02', parameters: '03' }[purpose]
  return descriptor('0C', longest, records) + tlv.build('83', files[purpose]) + tlv.build('88', bytes.number(shortOf[purpose] << 3, 1)) + tlv.build('A5', tlv.build('81', number))
}

/** @param {Channel} channel @param {Hex} parameters */
const create = (channel, parameters) => channel.send({ cla: 0, ins: 0xe0, p1: 0, p2: 0, data: tlv.build('62', parameters) })

/** To the file that was made last. @param {Channel} channel @param {Part | Part[]} record */
const append = (channel, record) => channel.send({ cla: 0, ins: 0xe2, p1: 0, p2: 0, data: record })

/** @param {Group} group @returns {Hex} */
function valueOf(group) {
  if (group.value === undefined) throw new Error(`group ${group.name} is secret, and is not to be`)
  return group.value
}
