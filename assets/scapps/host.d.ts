/**
 * What a ScApp may use. A ScApp (smart card application) personalizes one application on one type of card: a module of JavaScript
 * whose default export is `personalize(card)`. There is no clock, no network, no file, no randomness and no key in here: only the
 * card in the station, its prepared data, and names of keys. The idea is that of the GlobalPlatform Systems Scripting Language.
 *
 * Bytes are strings of upper-case hex digits, two for each byte. A thrown error, or a status word that was not expected, ends the
 * script, and the card is rejected with the script's name, the line and the last status word.
 */

/** `'00A40400'`: bytes in upper-case hex. Lower case and spaces are taken where a script writes bytes. */
type Hex = string

/** A secret of the card: the script can place it, never see it. `length` is that of the clear value in bytes. */
interface Secret {
  readonly secret: string
  readonly length: number
}

/** A part of a command's data: bytes, or a secret sealed for the channel (see `Channel.sealed`). */
type Part = Hex | SealedPart
interface SealedPart {
  readonly sealed: string
  /** Bytes that it will be on the card's side. */
  readonly length: number
}

interface Group {
  readonly name: string
  /** Bytes of the clear value. */
  readonly length: number
  /** The value; a secret group has none. */
  readonly value?: Hex
  readonly secret?: Secret
}

interface Command {
  cla: number
  ins: number
  p1: number
  p2: number
  data?: Part | readonly Part[]
  /** Bytes expected; 0 means as many as there are (256, or 65536 in an extended command); absent: none. */
  le?: number
}

interface Response {
  readonly data: Hex
  /** Four digits, such as `'9000'`. */
  readonly status: Hex
}

interface CommandOptions {
  /** Status words that are no error, `.` for any digit; `['9000']` where absent. */
  expect?: readonly string[]
}

interface ChannelRequest {
  /** `auto` takes what the card answers to INITIALIZE UPDATE. `native`: mutual authentication and secure messaging of ISO/IEC 7816-4. */
  protocol: 'auto' | 'scp02' | 'scp03' | 'native'
  /** One of the names under `keys` in the task. */
  key: string
  /** How the card's keys follow from that key. `none`: they are that key. */
  diversification: 'none' | 'emv-cps' | 'visa2' | 'kdf3' | 'serial'
  level: 'mac' | 'mac+encryption' | 'mac+encryption+response-mac' | 'mac+encryption+response-mac+response-encryption'
  /** Key version asked for; the card's first where absent. */
  keyVersion?: Hex
  /** Of SCP02: how the chaining value of the C-MAC goes on. `encrypted` (i=15, i=55) where absent; `plain` for cards of i=05 and i=45. */
  initialVector?: 'encrypted' | 'plain'
}

interface Channel {
  readonly protocol: 'scp02' | 'scp03' | 'native'
  /** Diversification data and key version as the card told them. */
  readonly keyData: Hex
  readonly keyVersion: Hex
  /** Most bytes of plain data that fit into one command of this channel. */
  readonly room: number
  send(command: Command, options?: CommandOptions): Promise<Response>
  /**
   * A secret, encrypted anew for this channel: under the data encryption key (SCP02 ECB, SCP03 CBC), or the session key of the native card.
   */
  sealed(secret: Secret, options?: { padding?: 'none' | 'iso-9797-2' }): SealedPart
  /** Some of the bytes of a sealed part, for data that go on in the next command. */
  piece(part: SealedPart, from: number, to: number): SealedPart
  /** The value of a named key (or of one that follows from it for this card) sealed for the channel, with its check value and its length in clear: for PUT KEY. */
  sealedKey(order: { key: string; diversification: ChannelRequest['diversification']; purpose: 'encryption' | 'mac' | 'data' }): Promise<{ part: SealedPart; checkValue: Hex; length: number }>
  close(): Promise<void>
}

interface Card {
  readonly answerToReset: Hex
  /** The chip's own number as the task reads it; absent where it has none. */
  readonly serial?: Hex
  /** As set in the task. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  /** What the extension module hands over for this card or batch; secrets among it are `Secret`s. */
  readonly handed: Readonly<Record<string, string | number | boolean | Secret>>
  /** The application's prepared data in its order. */
  readonly groups: readonly Group[]
  /** The group of this name. Throws where the card has none; `maybeGroup` answers undefined. */
  group(name: string): Group
  maybeGroup(name: string): Group | undefined

  /** A command without secure channel. */
  send(command: Command, options?: CommandOptions): Promise<Response>
  /** What the operator typed as a secret, as it stands: for a VERIFY without channel. Secrets of the card's data never go in clear. */
  inClear(secret: Secret): SealedPart
  openChannel(request: ChannelRequest): Promise<Channel>
  /** Switches the card off and on: channels end. */
  reset(): Promise<Hex>
  /**
   * Names what is being done, for the operator and for errors. A step that is `safeToRepeat` leaves the card as it was until it ends: when
   * the contact is lost inside it, the card is switched on again and the step begins anew, twice at most. Everywhere else a lost card is spoiled.
   */
  step<Result>(name: string, options: { safeToRepeat?: boolean }, work: () => Promise<Result>): Promise<Result>
  /** Share done, 0 to 1, for the screen. */
  progress(share: number): void
  /** For the trace of the workbench and the log, at most 200 characters; digits that look like a card number are masked. */
  log(text: string): void
  /** Data that accompanies the result into the log, such as a counter read from the card. Never card data. */
  accompany(name: string, value: string | number): void
  /** Ends the script: the card can't be made. `code` is a word such as `wrong-mask`. */
  reject(code: string, text: string): never
}

/** Helpers on bytes; all pure. */
declare const bytes: {
  length(value: Hex): number
  slice(value: Hex, from: number, to?: number): Hex
  /** A number in so many bytes, most significant first. */
  number(value: number, length: number): Hex
  toNumber(value: Hex): number
  text(value: string): Hex
  xor(a: Hex, b: Hex): Hex
  /** 80 00… to a whole number of blocks. */
  pad(value: Hex, block: number): Hex
  /** Pieces of at most so many bytes. */
  chunks(value: Hex, size: number): Hex[]
}

/** BER-TLV (ISO/IEC 8825-1 as EMV Book 3 annex B uses it) and data groupings (EMV CPS 2.0, table 2). */
declare const tlv: {
  build(tag: Hex, value: Hex): Hex
  parse(value: Hex): { tag: Hex; value: Hex }[]
  /** The value of the first such tag, at any depth. */
  find(value: Hex, tag: Hex): Hex | undefined
  /** DGI, length in one byte or FF and two, value. */
  grouping(name: Hex, length: number): Hex
}

/** What a ScApp exports as its default. */
type Personalize = (card: Card) => Promise<void>

/**
 * What a ScApp or an extension module says of itself, `export const expects`: a task that sets an unknown parameter, or lacks a
 * needed one, or names no key for a name that the ScApp asks for, is not saved.
 */
interface Expectations {
  parameters?: Readonly<Record<string, { type: 'string' | 'number' | 'boolean'; required?: boolean; values?: readonly (string | number)[] }>>
  /** Of a ScApp: the names under `keys`. A name that ends in `?` may be absent. */
  keys?: readonly string[]
}

/** What an extension module exports; each function may be absent. */
interface ExtensionModule {
  /** Asked at the start of a run. `secret` answers are never logged and reach scripts as `Secret`s. */
  questions?(parameters: Readonly<Record<string, string | number | boolean>>): { name: string; label: { en: string; ru: string }; secret: boolean; pattern?: string }[]
  /** Before a card: may change, add or take away groups, and hand values over to the ScApps. */
  prepare?(record: PreparedRecord): { applications?: PreparedRecord['applications']; handed?: Record<string, string | number | boolean | Secret> } | Promise<{ applications?: PreparedRecord['applications']; handed?: Record<string, string | number | boolean | Secret> }>
  /** Before the result of a card enters the log: what accompanies it. */
  shape?(result: { good: boolean; accompanying: Record<string, string | number>; code?: string }): Record<string, string | number>
}

interface PreparedRecord {
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  /** The operator's answers; secret ones as `Secret`s. */
  readonly answers: Readonly<Record<string, string | Secret>>
  readonly serial?: Hex
  readonly applications: readonly { application: string; groups: readonly Group[] }[]
}
