/** The answer to reset: ISO/IEC 7816-3, 8.2, and the historical bytes of 7816-4, 8.1.1. */
import { CardwrightError } from '../cardwright-error.ts'

export interface InterfaceByte {
  /** `TA1`, `TD2`. */
  name: string
  value: number
}

/** Data object of the historical bytes in compact form: the high half of its first byte is the tag, 0 to 15. */
export interface CompactObject {
  tag: number
  value: Uint8Array
}

/** Third software function table (7816-4, 8.1.1.2.7); all false where the card does not say. */
export interface CardCapabilities {
  commandChaining: boolean
  extendedLength: boolean
  /** The card tells in EF.ATR/INFO how long commands may be. */
  lengthsInFile: boolean
  /** Most logical channels; 1 where the card does not say. */
  logicalChannels: number
}

export interface AnswerToReset {
  convention: 'direct' | 'inverse'
  interfaceBytes: InterfaceByte[]
  /** Transmission protocols offered, the first by default: 0 to 14. */
  protocols: number[]
  /** TA2 is there: the card speaks `protocols[0]` at once and negotiates nothing. */
  specificMode: boolean
  /** Clock rate conversion integer Fi and baud rate adjustment integer Di (tables 7 and 8); undefined where reserved. */
  fi: number | undefined
  di: number | undefined
  historical: Uint8Array
  compact: CompactObject[]
  /** Life cycle and status word that the historical bytes tell, as far as they do. */
  status: Uint8Array
  /** TCK; a card that knows T=0 alone has none. */
  check: number | undefined
  capabilities: CardCapabilities
}

const clockRates: readonly (number | undefined)[] = [372, 372, 558, 744, 1116, 1488, 1860, undefined, undefined, 512, 768, 1024, 1536, 2048]
const baudRates: readonly (number | undefined)[] = [undefined, 1, 2, 4, 8, 16, 32, 64, 12, 20]

const silent: CardCapabilities = { commandChaining: false, extendedLength: false, lengthsInFile: false, logicalChannels: 1 }

function malformed(code: 'atr.malformed' | 'atr.check', offset: number): CardwrightError {
  return new CardwrightError({ code, class: 'card', place: `offset ${offset}`, values: { offset } })
}

/**
 * Throws `atr.malformed` where bytes are missing, left over or impossible, `atr.check` where TCK does not agree (class card); the
 * place is an offset.
 */
export function parseAtr(bytes: Uint8Array): AnswerToReset {
  if (bytes[0] !== 0x3b && bytes[0] !== 0x3f) throw malformed('atr.malformed', 0)
  const { interfaceBytes, offered, historicalCount, next } = readInterfaceBytes(bytes)
  const withCheck = offered.some((protocol) => protocol !== 0)
  const end = next + historicalCount
  const expected = end + (withCheck ? 1 : 0)
  if (bytes.length !== expected || bytes.length > 33) throw malformed('atr.malformed', Math.min(bytes.length, expected))
  if (withCheck && bytes.subarray(1).reduce((sum, byte) => sum ^ byte, 0) !== 0) throw malformed('atr.check', end)

  const historical = bytes.subarray(next, end)
  const { compact, status } = readHistorical(historical)
  const first = interfaceBytes.find(({ name }) => name === 'TA1')?.value ?? 0x11
  const protocols = [...new Set(offered.filter((protocol) => protocol !== 15))]
  return {
    convention: bytes[0] === 0x3b ? 'direct' : 'inverse',
    interfaceBytes,
    protocols: protocols.length > 0 ? protocols : [0],
    specificMode: interfaceBytes.some(({ name }) => name === 'TA2'),
    fi: clockRates[first >> 4],
    di: baudRates[first & 0x0f],
    historical,
    compact,
    status,
    check: withCheck ? bytes[end] : undefined,
    capabilities: capabilitiesOf(compact),
  }
}

function readInterfaceBytes(bytes: Uint8Array) {
  const interfaceBytes: InterfaceByte[] = []
  const offered: number[] = []
  const format = bytes[1]
  if (format === undefined) throw malformed('atr.malformed', 1)
  let present = format >> 4
  let next = 2
  for (let round = 1; present !== 0; round += 1) {
    let follows = 0
    for (const [bit, letter] of [...'ABCD'].entries()) {
      if ((present & (1 << bit)) === 0) continue
      const value = bytes[next]
      if (value === undefined) throw malformed('atr.malformed', next)
      interfaceBytes.push({ name: `T${letter}${round}`, value })
      next += 1
      if (letter === 'D') {
        offered.push(value & 0x0f)
        follows = value >> 4
      }
    }
    present = follows
  }
  return { interfaceBytes, offered, historicalCount: format & 0x0f, next }
}

/** 7816-4, 8.1.1: category indicator `00` ends with three bytes of status, `80` is data objects throughout; others are the maker's own. */
function readHistorical(historical: Uint8Array): { compact: CompactObject[]; status: Uint8Array } {
  const none = historical.subarray(historical.length)
  const category = historical[0]
  if (category === 0x00 && historical.length >= 4) {
    return { compact: readCompact(historical.subarray(1, -3)), status: historical.subarray(-3) }
  }
  if (category !== 0x80) return { compact: [], status: none }
  const compact = readCompact(historical.subarray(1))
  return { compact, status: compact.find(({ tag }) => tag === 8)?.value ?? none }
}

/** As many data objects as are whole: what is left over is the maker's mistake and nobody's harm. */
function readCompact(bytes: Uint8Array): CompactObject[] {
  const objects: CompactObject[] = []
  let offset = 0
  while (offset < bytes.length) {
    const head = bytes[offset] ?? 0
    const end = offset + 1 + (head & 0x0f)
    if (end > bytes.length) break
    objects.push({ tag: head >> 4, value: bytes.subarray(offset + 1, end) })
    offset = end
  }
  return objects
}

function capabilitiesOf(compact: readonly CompactObject[]): CardCapabilities {
  const table = compact.find(({ tag }) => tag === 7)?.value[2]
  if (table === undefined) return silent
  return {
    commandChaining: (table & 0x80) !== 0,
    extendedLength: (table & 0x40) !== 0,
    lengthsInFile: (table & 0x20) !== 0,
    logicalChannels: (table & 0x07) + 1,
  }
}

/** What the card says it can take; nothing special from an answer that can't be read. */
export function capabilitiesOfAtr(atr: Uint8Array): CardCapabilities {
  try {
    return parseAtr(atr).capabilities
  } catch (error) {
    if (error instanceof CardwrightError) return silent
    throw error
  }
}

/**
 * An answer to reset of a card with these historical bytes, at the speed of `ta1`. T=0 alone has neither TD1 nor TCK, T=1 has both.
 * Throws `atr.malformed` for more than fifteen historical bytes.
 */
export function buildAtr(card: { protocol: 'T=0' | 'T=1'; historical: Uint8Array; ta1?: number }): Uint8Array {
  if (card.historical.length > 15) throw malformed('atr.malformed', 2)
  const withSpeed = card.ta1 !== undefined
  const speed = card.ta1 === undefined ? [] : [card.ta1]
  if (card.protocol === 'T=0') return Uint8Array.of(0x3b, (withSpeed ? 0x10 : 0) + card.historical.length, ...speed, ...card.historical)
  const body = [(withSpeed ? 0x90 : 0x80) + card.historical.length, ...speed, 0x01, ...card.historical]
  return Uint8Array.of(0x3b, ...body, body.reduce((sum, byte) => sum ^ byte, 0))
}

/** Historical bytes of category `80` with card capabilities (8.1.1.2.7), and the maker's data (tag 5) where there is any. */
export function historicalBytes(capabilities: Partial<CardCapabilities>, data?: Uint8Array): Uint8Array {
  const table =
    (capabilities.commandChaining ? 0x80 : 0) +
    (capabilities.extendedLength ? 0x40 : 0) +
    (capabilities.lengthsInFile ? 0x20 : 0) +
    ((capabilities.logicalChannels ?? 1) - 1)
  // Selection by full name and by file identifier (first table), data units of one byte, two quartets (second table).
  const own = data === undefined ? [] : [0x50 + data.length, ...data]
  return Uint8Array.of(0x80, 0x73, 0x84, 0x21, table, ...own)
}
