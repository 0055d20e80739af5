// @ts-check
/// <reference path="./host.d.ts" />
/**
 * An M/Chip-Select-like application on a MULTOS-like card, as a load unit that data preparation made and enciphered for the card:
 * docs/scapps/mchip-multos.md. There is no key in here, and none is needed: whoever can't decipher the unit can only carry it.
 */

export const expects = {
  parameters: {
    aid: { type: 'string', required: true },
    enable: { type: 'boolean' },
  },
  keys: [],
}

const managing = 0xbe
/** Parts of the unit in the order in which they are loaded, with the instruction for each. */
const parts = /** @type {const} */ ([['CODE', 0x24], ['DATA', 0x26], ['DIR', 0x20], ['FCI', 0x22], ['SIGNATURE', 0x28], ['KTU', 0x2a]])
/** Most bytes of data in one command. */
const room = 255
const blank = '00'.repeat(6)

/** @type {Personalize} */
export default async function personalize(card) {
  await card.step('recognize', { safeToRepeat: true }, () => recognize(card))
  if (card.parameters.enable !== false) await card.step('enable', {}, () => enable(card))
  // opening anew drops whatever was loaded and not created: all this may be repeated until the certificate goes in
  await card.step('load', { safeToRepeat: true }, () => load(card))
  card.progress(0.9)
  await card.step('create', {}, () => certificate(card, 0x16, valueOf(card, 'ALC')))
  card.progress(1)
}

/** No application of this name is there yet. @param {Card} card */
async function recognize(card) {
  const { status } = await card.send({ cla: 0, ins: 0xa4, p1: 4, p2: 0x0c, data: String(card.parameters.aid) }, { expect: ['9000', '6A82'] })
  if (status === '9000') card.reject('loaded', 'an application of this name is on the card already')
  const manufacturer = await card.send({ cla: 0x80, ins: 0x02, p1: 0, p2: 0, le: 22 })
  card.log(`manufacturer data ${bytes.slice(manufacturer.data, 0, 4)}`)
}

/** A card that is nobody's becomes the issuer's; one that is somebody's stays as it is. @param {Card} card */
async function enable(card) {
  const { data } = await card.send({ cla: 0x80, ins: 0x00, p1: 0, p2: 0, le: 127 })
  const issuer = bytes.slice(data, 0, 6)
  const controls = card.maybeGroup('CONTROLS')?.value
  if (issuer !== blank) {
    if (controls !== undefined && bytes.slice(controls, 0, 6) !== issuer) card.reject('other-issuer', 'the card was enabled for another issuer or product')
    return
  }
  if (controls === undefined) return card.reject('not-enabled', 'the card is not enabled, and its data bring no controls')
  await certificate(card, 0x10, controls)
}

/** @param {Card} card */
async function load(card) {
  await card.send({ cla: managing, ins: 0x12, p1: 0, p2: 0, data: valueOf(card, 'HEADER') })
  const whole = parts.reduce((sum, [name]) => sum + (card.maybeGroup(name)?.length ?? 0), 0)
  let sent = 0
  for (const [name, ins] of parts) {
    if (!card.maybeGroup(name)) continue
    let offset = 0
    for (const piece of bytes.chunks(valueOf(card, name), room)) {
      await card.send({ cla: managing, ins, p1: offset >> 8, p2: offset & 0xff, data: piece })
      offset += bytes.length(piece)
      sent += bytes.length(piece)
      card.progress((0.9 * sent) / whole)
    }
  }
}

/** Piece after piece; the card knows from its length when it is whole. @param {Card} card @param {number} ins @param {Hex} value */
async function certificate(card, ins, value) {
  for (const piece of bytes.chunks(value, room)) await card.send({ cla: managing, ins, p1: 0, p2: 0, data: piece })
}

/** @param {Card} card @param {string} name @returns {Hex} */
function valueOf(card, name) {
  const { value } = card.group(name)
  if (value === undefined) throw new Error(`group ${name} is secret, and is not to be: a load unit is enciphered as it is`)
  return value
}
