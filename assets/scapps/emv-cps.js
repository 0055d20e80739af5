/**
 * Personalizes an application on any GlobalPlatform card by EMV CPS (1.1 and 2.0): the application's security domain opens a
 * channel, INSTALL [for personalization] names the application, STORE DATA brings its data groupings. docs/scapps/emv-cps.md
 */

export const expects = {
  keys: ['card-manager', 'new-keys?'],
  parameters: {
    application: { type: 'string', required: true },
    securityDomain: { type: 'string' },
    protocol: { type: 'string', values: ['auto', 'scp02', 'scp03'] },
    diversification: { type: 'string', values: ['none', 'emv-cps', 'visa2', 'kdf3', 'serial'], required: true },
    level: { type: 'string', values: ['mac', 'mac+encryption', 'mac+encryption+response-mac', 'mac+encryption+response-mac+response-encryption'] },
    keyVersion: { type: 'string' },
    initialVector: { type: 'string', values: ['encrypted', 'plain'] },
    personalize: { type: 'string', values: ['through-security-domain', 'selected'] },
    install: { type: 'boolean' },
    loadFile: { type: 'string' },
    module: { type: 'string' },
    privileges: { type: 'string' },
    installParameters: { type: 'string' },
    secrets: { type: 'string', values: ['in-blocks-of-their-own', 'as-the-application-knows'] },
    spanning: { type: 'boolean' },
    applicationState: { type: 'string' },
    cardState: { type: 'string', values: ['unchanged', 'initialized', 'secured'] },
    newKeyVersion: { type: 'string' },
    replacedKeyVersion: { type: 'string' },
    newKeyDiversification: { type: 'string', values: ['none', 'emv-cps', 'visa2', 'kdf3', 'serial'] },
  },
}

/** The issuer security domain of most cards (GlobalPlatform Card Specification 2.3, H.1.1). */
const usualSecurityDomain = 'A000000151000000'

/** P1 of STORE DATA, bits 7 and 6 (EMV CPS 1.1, table 4-10): which groupings of a block are encrypted. */
const encryption = { none: 0x00, application: 0x20, all: 0x60 }
const lastBlock = 0x80

export default async function personalize(card) {
  const settings = { level: 'mac', protocol: 'auto', securityDomain: usualSecurityDomain, personalize: 'through-security-domain', privileges: '00', installParameters: 'C900', secrets: 'in-blocks-of-their-own', spanning: true, cardState: 'unchanged', ...card.parameters }
  const application = bytes.slice(settings.application, 0)
  const selected = settings.personalize === 'selected'

  const channel = await card.step('open a channel', { safeToRepeat: true }, async () => {
    await select(card, selected ? application : settings.securityDomain)
    return card.openChannel({
      protocol: settings.protocol,
      key: 'card-manager',
      diversification: settings.diversification,
      level: settings.level,
      ...(settings.keyVersion === undefined ? {} : { keyVersion: settings.keyVersion }),
      ...(settings.initialVector === undefined ? {} : { initialVector: settings.initialVector }),
    })
  })

  if (settings.install === true) await card.step('install the application', {}, () => install(channel, settings, application))
  if (!selected) {
    await card.step('begin personalization', {}, () => channel.send({ cla: 0x80, ins: 0xe6, p1: 0x20, p2: 0, data: fields('', '', application, '', '', ''), le: 0 }))
  }
  await card.step('store data', {}, () => storeData(card, channel, settings))
  if (settings.newKeyVersion !== undefined) await card.step('put keys', {}, () => putKeys(channel, settings))
  if (settings.applicationState !== undefined) {
    await card.step('set the application’s state', {}, () => setStatus(channel, 0x40, bytes.toNumber(settings.applicationState), application))
  }
  if (settings.cardState !== 'unchanged') {
    await card.step('set the card’s state', {}, () => setStatus(channel, 0x80, settings.cardState === 'secured' ? 0x0f : 0x07, settings.securityDomain))
  }
  await channel.close()
}

function select(card, identifier) {
  return card.send({ cla: 0x00, ins: 0xa4, p1: 0x04, p2: 0x00, data: identifier, le: 0 })
}

/** INSTALL [for install and make selectable] (GlobalPlatform 11.5.2.3.2). */
function install(channel, { loadFile, module, privileges, installParameters }, application) {
  if (loadFile === undefined || module === undefined) throw new Error('to install an application, loadFile and module have to be set')
  return channel.send({ cla: 0x80, ins: 0xe6, p1: 0x0c, p2: 0, data: fields(loadFile, module, application, privileges, installParameters, ''), le: 0 })
}

/** Values with their lengths, one after another. */
function fields(...values) {
  return values.map((value) => bytes.number(bytes.length(value), 1) + bytes.slice(value, 0)).join('')
}

function setStatus(channel, scope, state, identifier) {
  return channel.send({ cla: 0x80, ins: 0xf0, p1: scope, p2: state, data: identifier })
}

/** The data groupings in as few commands as they fit into (EMV CPS 1.1, 4.3.5). */
async function storeData(card, channel, { secrets, spanning }) {
  const apart = secrets === 'in-blocks-of-their-own'
  const groupings = card.groups.map((group) => grouping(group, channel))
  const blocks = groupings.reduce((found, item) => place(found, item, { room: channel.room, apart, spanning, channel }), [])
  if (blocks.length === 0) throw new Error('the card has no data groupings')
  for (const [number, { parts, secret }] of blocks.entries()) {
    const flag = number === blocks.length - 1 ? lastBlock : 0
    const p1 = flag | (secret ? (apart ? encryption.all : encryption.application) : encryption.none)
    await channel.send({ cla: 0x80, ins: 0xe2, p1, p2: number & 0xff, data: parts })
    card.progress((number + 1) / blocks.length)
  }
}

/** A grouping as the parts of its command data, each with its length: identifier and length of the grouping, then its value. */
function grouping(group, channel) {
  if (!/^[0-9A-F]{4}$/.test(group.name)) throw new Error('the group ' + group.name + ' is no data grouping')
  if (group.secret === undefined) {
    const data = tlv.grouping(group.name, group.length) + group.value
    return { secret: false, parts: [{ data, length: data.length / 2 }] }
  }
  const block = channel.protocol === 'scp03' ? 16 : 8
  const sealed = channel.sealed(group.secret, { padding: group.length % block === 0 ? 'none' : 'iso-9797-2' })
  const header = tlv.grouping(group.name, sealed.length)
  return { secret: true, parts: [{ data: header, length: header.length / 2 }, { data: sealed, length: sealed.length }] }
}

/**
 * Puts a grouping behind those that have their blocks. It goes into the last block as far as there is room and on in the next, or,
 * for cards that want each grouping whole, into a new block. Where encrypted groupings stand in blocks of their own, it begins one.
 */
function place(blocks, { parts, secret }, { room, apart, spanning, channel }) {
  const last = blocks.at(-1)
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const joins = last !== undefined && (!apart || last.secret === secret) && (spanning || length <= room - last.length)
  if (!joins) blocks.push({ parts: [], secret, length: 0 })
  for (const part of parts) {
    let from = 0
    while (from < part.length) {
      if (blocks.at(-1).length === room) blocks.push({ parts: [], secret, length: 0 })
      const block = blocks.at(-1)
      const to = Math.min(part.length, from + room - block.length)
      block.parts.push(piece(channel, part, from, to))
      block.length += to - from
      block.secret = block.secret || secret
      from = to
    }
  }
  return blocks
}

function piece(channel, { data, length }, from, to) {
  if (from === 0 && to === length) return data
  return typeof data === 'string' ? data.slice(from * 2, to * 2) : channel.piece(data, from, to)
}

/** PUT KEY with the three keys of a new version, beside those there are (P1 00) or in the place of others (GlobalPlatform 11.8; amendment D, 7.2 for AES). */
async function putKeys(channel, { newKeyVersion, replacedKeyVersion = '00', newKeyDiversification = 'none' }) {
  const data = [newKeyVersion]
  const checkValues = []
  for (const purpose of ['encryption', 'mac', 'data']) {
    const { part, checkValue, length } = await channel.sealedKey({ key: 'new-keys', diversification: newKeyDiversification, purpose })
    if (channel.protocol === 'scp03') data.push('88' + bytes.number(part.length + 1, 1) + bytes.number(length, 1), part, '03' + checkValue)
    else data.push('80' + bytes.number(part.length, 1), part, '03' + checkValue)
    checkValues.push(checkValue)
  }
  const { data: answer } = await channel.send({ cla: 0x80, ins: 0xd8, p1: bytes.toNumber(replacedKeyVersion), p2: 0x81, data, le: 0 })
  // The card computes the check values of what it has understood.
  if (answer !== newKeyVersion + checkValues.join('')) throw new Error('the card has not the keys that it was given')
}
