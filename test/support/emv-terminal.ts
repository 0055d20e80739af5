/**
 * A small EMV terminal, written from EMV 4.3 Books 1 to 3 and sharing nothing with the practice cards: it selects, reads, authenticates,
 * asks for cryptograms, and throws where the card's answer is not what the Books say. Bytes are hex throughout.
 */
import { createHash, randomBytes } from 'node:crypto'

export interface CardAnswer { data: string; status: string }
/** One command APDU (hex) and its whole response; GET RESPONSE and the like are below. */
export type Exchange = (command: string) => CardAnswer | Promise<CardAnswer>

export interface AuthorityKey { modulus: string; exponent: string }

export interface TerminalOptions {
  /** Payment system public keys: RID and index (`A00000000392`) → key. Without it, offline authentication is not done. */
  authorities?: Record<string, AuthorityKey>
  /** Terminal data beyond the usual, or instead of it: tag → value. */
  values?: Record<string, string>
}

const bytes = (text: string): Buffer => Buffer.from(text, 'hex')
const sha1 = (text: string): string => createHash('sha1').update(bytes(text)).digest('hex').toUpperCase()
const byte = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0')
const length = (text: string): string => byte(text.length / 2)

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`the card breaks EMV: ${what}`)
}

/** Data objects of one level. */
export function objectsOf(data: string): [tag: string, value: string][] {
  const objects: [string, string][] = []
  let at = 0
  while (at < data.length) {
    if (data.startsWith('00', at)) {
      at += 2
      continue
    }
    let end = at + 2
    if ((Number.parseInt(data.slice(at, end), 16) & 0x1f) === 0x1f) do end += 2
    while ((Number.parseInt(data.slice(end - 2, end), 16) & 0x80) !== 0)
    const tag = data.slice(at, end)
    let size = Number.parseInt(data.slice(end, end + 2), 16)
    end += 2
    if (size >= 0x80) {
      const further = (size - 0x80) * 2
      size = Number.parseInt(data.slice(end, end + further), 16)
      end += further
    }
    must(end + size * 2 <= data.length, `data object ${tag} is cut`)
    objects.push([tag, data.slice(end, end + size * 2)])
    at = end + size * 2
  }
  return objects
}

export function find(data: string, tag: string): string | undefined {
  for (const [name, value] of objectsOf(data)) {
    if (name === tag) return value
    const inside = (Number.parseInt(name.slice(0, 2), 16) & 0x20) !== 0 ? find(value, tag) : undefined
    if (inside !== undefined) return inside
  }
  return undefined
}

/** Tags and lengths of a data object list. */
export function listOf(data: string): [tag: string, length: number][] {
  const entries: [string, number][] = []
  for (let at = 0; at < data.length; ) {
    let end = at + 2
    if ((Number.parseInt(data.slice(at, end), 16) & 0x1f) === 0x1f) do end += 2
    while ((Number.parseInt(data.slice(end - 2, end), 16) & 0x80) !== 0)
    entries.push([data.slice(at, end), Number.parseInt(data.slice(end, end + 2), 16)])
    at = end + 2
  }
  return entries
}

/** m^e mod n, as long as n. */
export function raise(key: AuthorityKey, block: string): string {
  const modulus = BigInt(`0x${key.modulus}`)
  let [result, square, exponent] = [1n, BigInt(`0x${block}`), BigInt(`0x${key.exponent}`)]
  for (; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result.toString(16).toUpperCase().padStart(key.modulus.length, '0')
}

/** Book 2, annex A2.1: recovered data between header and hash, after the hash was compared. */
function recover(key: AuthorityKey, signature: string, format: string, hashed: string, what: string): string {
  must(signature.length === key.modulus.length, `${what} is as long as its signer's key`)
  const whole = raise(key, signature)
  must(whole.startsWith(`6A${format}`) && whole.endsWith('BC'), `${what} has its format`)
  const inside = whole.slice(2, -42)
  must(sha1(inside + hashed) === whole.slice(-42, -2), `${what} has the right hash`)
  return inside
}

export interface Cryptogram {
  kind: 'AAC' | 'TC' | 'ARQC'
  information: string
  counter: string
  cryptogram: string
  issuerApplicationData: string
  /** Signed dynamic application data, where it was combined and right. */
  combined: boolean
  /** What the terminal sent with it: tag → value. */
  sent: Record<string, string>
}

export class Terminal {
  readonly #exchange: Exchange
  readonly #options: TerminalOptions
  /** Terminal data by tag. */
  readonly values: Record<string, string>
  /** Card data by tag: FCI, processing options, records. */
  card: Record<string, string> = {}
  identifier = ''
  #processingData = ''
  #static = ''
  #issuerKey: AuthorityKey | undefined
  #iccKey: AuthorityKey | undefined
  #firstData = ''

  constructor(exchange: Exchange, options: TerminalOptions = {}) {
    this.#exchange = exchange
    this.#options = options
    this.values = {
      '9F02': '000000001000', '9F03': '000000000000', '9F1A': '0643', '95': '0000000000', '5F2A': '0643', '9A': '261125', '9C': '00',
      '9F37': randomBytes(4).toString('hex').toUpperCase(), '9F35': '22', '9F45': '0000', '9F4C': '0000000000000000', '9F34': '1F0000',
      '9F33': 'E0F8C8', '9F40': '6000F0A001', '9F21': '120000', '9F4E': '43617264777269676874'.padEnd(40, '0'), '8A': '3030', '91': '00000000000000000000', ...options.values,
    }
  }

  async send(command: string): Promise<CardAnswer> {
    return this.#exchange(command.toUpperCase())
  }

  /** Throws unless the card answers 9000. */
  async ask(command: string, what: string): Promise<string> {
    const answer = await this.send(command)
    must(answer.status === '9000', `${what} answers ${answer.status}`)
    return answer.data
  }

  /** Entries of the payment system directory (Book 1, 12.3.2), or undefined where the card has none. */
  async directory(): Promise<{ identifier: string; label: string }[] | undefined> {
    const answer = await this.send('00A404000E315041592E5359532E444446303100')
    if (answer.status !== '9000') return undefined
    const file = Number.parseInt(find(answer.data, '88') ?? '0', 16)
    must(file >= 1 && file <= 10, 'SFI of the directory is 1 to 10')
    const entries: { identifier: string; label: string }[] = []
    for (let record = 1; ; record += 1) {
      const read = await this.send(`00B2${byte(record)}${byte((file << 3) | 4)}00`)
      if (read.status === '6A83') return entries
      must(read.status === '9000' && read.data.startsWith('70'), 'a directory record is a template 70')
      for (const [tag, value] of objectsOf(find(read.data, '70')!)) if (tag === '61') entries.push({ identifier: find(value, '4F')!, label: bytes(find(value, '50') ?? '').toString('latin1') })
    }
  }

  /** SELECT by name; answers the status, 6283 for a blocked application. */
  async select(identifier: string): Promise<string> {
    const answer = await this.send(`00A40400${length(identifier)}${identifier}00`)
    if (answer.status !== '9000' && answer.status !== '6283') return answer.status
    const [[outer, content] = ['', '']] = objectsOf(answer.data)
    must(outer === '6F' && objectsOf(content)[0]?.[0] === '84', 'FCI begins with 6F and 84')
    this.identifier = find(content, '84')!
    must(this.identifier.startsWith(identifier), 'the name is one that was asked for')
    this.card = Object.fromEntries(objectsOf(find(content, 'A5') ?? ''))
    return answer.status
  }

  #fill(list: string): string {
    return listOf(list).map(([tag, size]) => (this.values[tag] ?? this.card[tag] ?? '').padEnd(size * 2, '0').slice(0, size * 2)).join('')
  }

  async initiate(): Promise<void> {
    this.#processingData = this.#fill(this.card['9F38'] ?? '')
    const template = `83${length(this.#processingData)}${this.#processingData}`
    const data = await this.ask(`80A80000${length(template)}${template}00`, 'GET PROCESSING OPTIONS')
    const [[tag, value] = ['', '']] = objectsOf(data)
    must(tag === '80' || tag === '77', 'processing options come in format 1 or 2')
    const [profile, locator] = tag === '80' ? [value.slice(0, 4), value.slice(4)] : [find(value, '82')!, find(value, '94')!]
    must(profile.length === 4 && locator.length > 0 && locator.length % 8 === 0, 'AIP has two bytes, AFL entries of four')
    Object.assign(this.card, { 82: profile, 94: locator })
  }

  /** All records of the AFL (Book 3, 10.2), with the static data to be authenticated (10.3). */
  async read(): Promise<void> {
    this.#static = ''
    for (const entry of this.card['94']!.match(/.{8}/g)!) {
      const [file, first, last, signed] = entry.match(/../g)!.map((part) => Number.parseInt(part, 16)) as [number, number, number, number]
      for (let record = first; record <= last; record += 1) {
        const data = await this.ask(`00B2${byte(record)}${byte(file | 4)}00`, `READ RECORD ${file >> 3}/${record}`)
        must(data.startsWith('70'), 'a record is a template 70')
        for (const [tag, value] of objectsOf(find(data, '70')!)) {
          must(this.card[tag] === undefined || this.card[tag] === value, `${tag} comes once`)
          this.card[tag] = value
        }
        if (record - first < signed) this.#static += (file >> 3) <= 10 ? find(data, '70')! : data
      }
    }
    if (this.card['9F4A']) {
      must(this.card['9F4A'] === '82', 'the list of static data names AIP alone')
      this.#static += this.card['82']!
    }
    for (const tag of ['5F24', '5A', '8C', '8D']) must(this.card[tag] !== undefined, `mandatory ${tag} is there`)
  }

  /** Book 2, 5.3 and 6.3. */
  #recoverIssuerKey(): AuthorityKey {
    const authority = this.#options.authorities?.[this.identifier.slice(0, 10) + this.card['8F']!]
    must(authority !== undefined, `key ${this.card['8F']} is known`)
    const [remainder, exponent] = [this.card['92'] ?? '', this.card['9F32']!]
    const inside = recover(authority, this.card['90']!, '02', remainder + exponent, 'issuer certificate')
    const identifier = inside.slice(2, 10).replace(/F+$/, '')
    must(this.card['5A']!.startsWith(identifier), 'issuer identifier is that of the card number')
    this.#issuerKey = { modulus: publicKey(inside, 20, remainder), exponent }
    return this.#issuerKey
  }

  /** Static authentication (Book 2, 5). Answers the data authentication code. */
  authenticateStatic(): string {
    const inside = recover(this.#recoverIssuerKey(), this.card['93']!, '03', this.#static, 'signed static data')
    return inside.slice(4, 8)
  }

  /** Recovers the card's key (Book 2, 6.4). */
  recoverCardKey(): AuthorityKey {
    const [remainder, exponent] = [this.card['9F48'] ?? '', this.card['9F47']!]
    const inside = recover(this.#recoverIssuerKey(), this.card['9F46']!, '04', remainder + exponent + this.#static, 'card certificate')
    must(inside.slice(2, 22).replace(/F+$/, '') === this.card['5A']!.replace(/F+$/, ''), 'the card certificate is of this card number')
    this.#iccKey = { modulus: publicKey(inside, 32, remainder), exponent }
    return this.#iccKey
  }

  /** INTERNAL AUTHENTICATE (Book 2, 6.5). Answers the ICC dynamic number. */
  async authenticateDynamic(): Promise<string> {
    const key = this.recoverCardKey()
    const data = this.#fill(this.card['9F49'] ?? '9F3704')
    const [[tag, value] = ['', '']] = objectsOf(await this.ask(`00880000${length(data)}${data}00`, 'INTERNAL AUTHENTICATE'))
    const inside = recover(key, tag === '80' ? value : find(value, '9F4B')!, '0501', data, 'signed dynamic data')
    return dynamicNumber(inside).number
  }

  async verifyPin(pin: string): Promise<string> {
    return (await this.send(`0020008008${pinBlock(pin)}`)).status
  }

  /** Book 2, 7.1: under the PIN key of the card where it has one, else under its own. */
  async verifyEncipheredPin(pin: string): Promise<string> {
    const key = this.#iccKey ?? this.recoverCardKey()
    const challenge = await this.ask('0084000000', 'GET CHALLENGE')
    must(challenge.length === 16, 'a challenge has eight bytes')
    const block = `7F${pinBlock(pin)}${challenge}`
    const filled = block + randomBytes((key.modulus.length - block.length) / 2).toString('hex')
    return (await this.send(`00200088${length(key.modulus)}${raise(key, filled)}`)).status
  }

  /** GENERATE AC. `combined` asks for a signature with it, which is verified (Book 2, 6.6.2). */
  async generate(kind: 'AAC' | 'TC' | 'ARQC', which: 'first' | 'second' = 'first', combined = false): Promise<Cryptogram> {
    const list = this.card[which === 'first' ? '8C' : '8D']!
    const data = this.#fill(list)
    const p1 = { AAC: 0x00, TC: 0x40, ARQC: 0x80 }[kind] | (combined ? 0x10 : 0)
    const response = await this.ask(`80AE${byte(p1)}00${length(data)}${data}00`, `${which} GENERATE AC`)
    if (which === 'first') this.#firstData = data
    const sent = Object.fromEntries(listOf(list).map(([tag, size]) => [tag, (this.values[tag] ?? this.card[tag] ?? '').padEnd(size * 2, '0')]))
    const [[tag, value] = ['', '']] = objectsOf(response)
    const objects = Object.fromEntries(objectsOf(tag === '77' ? value : ''))
    const signed = objects['9F4B']
    const information = tag === '80' ? value.slice(0, 2) : objects['9F27']!
    const counter = tag === '80' ? value.slice(2, 6) : objects['9F36']!
    const issuerApplicationData = tag === '80' ? value.slice(22) : objects['9F10']!
    const cryptogram = tag === '80' ? value.slice(6, 22) : signed === undefined ? objects['9F26']! : this.#verifyCombined(signed, value, which === 'first' ? data : this.#firstData + data, information)
    const bits = Number.parseInt(information, 16) & 0xc0
    must(!combined || bits === 0 || signed !== undefined, 'a signature that was asked for comes with TC and ARQC')
    must(cryptogram.length === 16 && issuerApplicationData.length <= 64, 'a cryptogram has eight bytes, issuer data at most 32')
    return { kind: bits === 0x40 ? 'TC' : bits === 0x80 ? 'ARQC' : 'AAC', information, counter, cryptogram, issuerApplicationData, combined: signed !== undefined, sent }
  }

  #verifyCombined(signed: string, response: string, sent: string, information: string): string {
    const key = this.#iccKey ?? this.recoverCardKey()
    const inside = recover(key, signed, '0501', this.values['9F37']!, 'combined signature')
    const { rest } = dynamicNumber(inside)
    must(rest.slice(0, 2) === information, 'the signature repeats the cryptogram information')
    const objects = splitWhole(response).filter((whole) => !whole.startsWith('9F4B')).join('')
    must(rest.slice(18, 58) === sha1(this.#processingData + sent + objects), 'the transaction data hash is right')
    return rest.slice(2, 18)
  }

  async externalAuthenticate(data: string): Promise<string> {
    return (await this.send(`00820000${length(data)}${data}`)).status
  }

  async getData(tag: string): Promise<CardAnswer> {
    return this.send(`80CA${tag.padStart(4, '0')}00`)
  }
}

/** `at`: of the hash algorithm; then key algorithm, lengths of key and exponent, and the key. */
function publicKey(inside: string, at: number, remainder: string): string {
  const size = Number.parseInt(inside.slice(at + 4, at + 6), 16) * 2
  return (inside.slice(at + 8).slice(0, size) + remainder).slice(0, size)
}

/** Book 2, table 16: length of the number, the number, and what a cryptogram adds. */
function dynamicNumber(inside: string): { number: string; rest: string } {
  const size = Number.parseInt(inside.slice(4, 6), 16) * 2
  const dynamic = inside.slice(6, 6 + size)
  const number = Number.parseInt(dynamic.slice(0, 2), 16) * 2
  must(number >= 4 && number <= 16, 'an ICC dynamic number has 2 to 8 bytes')
  must(/^(BB)*$/.test(inside.slice(6 + size)), 'the signature is filled with BB')
  return { number: dynamic.slice(2, 2 + number), rest: dynamic.slice(2 + number) }
}

/** Data objects with their tags and lengths, as they came. */
function splitWhole(data: string): string[] {
  let at = 0
  return objectsOf(data).map(([tag, value]) => {
    const size = value.length / 2
    const head = tag.length + (size < 0x80 ? 2 : size < 0x100 ? 4 : 6)
    at += head + value.length
    return data.slice(at - head - value.length, at)
  })
}

/** Book 3, table 24. */
export function pinBlock(pin: string): string {
  return `2${pin.length.toString(16)}${pin}`.toUpperCase().padEnd(16, 'F')
}
