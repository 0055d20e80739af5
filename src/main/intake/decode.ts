/** Bytes to text in any encoding that iconv-lite knows, and the guess which one it is. */
import iconv from 'iconv-lite'
import { CardwrightError } from '#shared/cardwright-error.ts'

/** Bytes are taken in slices of this size, so that one large buffer does not become one large string. */
const sliceSize = 64 * 1024

export function knownEncoding(encoding: string): boolean {
  return iconv.encodingExists(encoding) && !/^(base64|hex|internal)/i.test(encoding)
}

/**
 * Text of a byte stream, whatever the cuts between its chunks; a byte order mark is left out. Bytes that the encoding does
 * not know become U+FFFD, which `readSource` reports.
 * @throws CardwrightError `intake.unknown-encoding` (class operator)
 */
export async function* decode(bytes: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<{ text: string; bytes: number }> {
  if (!knownEncoding(encoding)) throw new CardwrightError({ code: 'intake.unknown-encoding', class: 'operator', values: { encoding } })
  const decoder = iconv.getDecoder(encoding)
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += sliceSize) {
      const slice = chunk.subarray(at, at + sliceSize)
      yield { text: decoder.write(Buffer.from(slice.buffer, slice.byteOffset, slice.byteLength)), bytes: slice.length }
    }
  }
  const rest = decoder.end()
  if (rest) yield { text: rest, bytes: 0 }
}

export interface EncodingGuess {
  readonly encoding: string
  readonly certainty: 'certain' | 'likely' | 'unsure'
}

/** Code pages that are tried where the bytes are no Unicode; the first of equals wins. */
const codePages = ['windows-1251', 'cp866', 'koi8-r', 'windows-1252'] as const

/** Guesses by a byte order mark, by the form of UTF-8 and UTF-16, and by how much like writing each code page reads. */
export function guessEncoding(first: Uint8Array): EncodingGuess {
  const [a, b, c] = first
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', certainty: 'certain' }
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', certainty: 'certain' }
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', certainty: 'certain' }
  const wide = guessWide(first)
  if (wide !== undefined) return { encoding: wide, certainty: 'likely' }
  if (first.every((byte) => byte < 0x80)) return { encoding: 'utf-8', certainty: 'likely' }
  if (isUtf8(first)) return { encoding: 'utf-8', certainty: 'certain' }
  const scored = codePages.map((encoding) => ({ encoding, score: likeness(iconv.decode(Buffer.from(first), encoding)) }))
  const best = scored.reduce((one, other) => (other.score > one.score ? other : one))
  const second = Math.max(...scored.filter((candidate) => candidate !== best).map((candidate) => candidate.score))
  return { encoding: best.encoding, certainty: best.score > 0 && best.score - second > 0.25 ? 'likely' : 'unsure' }
}

/** No other encoding of text has zeros; in UTF-16 the high bytes of Latin and Cyrillic letters are 00h to 05h. */
function guessWide(bytes: Uint8Array): string | undefined {
  if (bytes.length < 4 || !bytes.includes(0)) return undefined
  const small = [0, 0]
  bytes.forEach((byte, index) => {
    if (byte <= 5) small[index % 2] = (small[index % 2] ?? 0) + 1
  })
  const [even = 0, odd = 0] = small
  if (Math.max(even, odd) < bytes.length / 4) return undefined
  return odd > even ? 'utf-16le' : 'utf-16be'
}

/** Well-formed but for a character that the end of the sample cuts. */
function isUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes, { stream: true })
  return !text.includes('\uFFFD')
}

/**
 * How much like names a text reads, per letter beyond ASCII: letters in words of one alphabet and an ordinary case count for
 * it, frames, signs and letters among foreign ones against it.
 */
function likeness(text: string): number {
  const beyond = text.match(/[^\x00-\x7f]/gu)?.length ?? 0
  if (beyond === 0) return 0
  let score = 0
  for (const word of text.match(/[\p{L}\p{M}]+/gu) ?? []) {
    const letters = word.match(/[^\x00-\x7f]/gu)?.length ?? 0
    if (letters === 0) continue
    const oneAlphabet = /^[А-Яа-яЁёІіЇїЄєҐґЎў]+$/.test(word) || /^[A-Za-zÀ-ÖØ-öø-ÿŠšŽžŒœŸ]+$/.test(word)
    const latin = /^[A-Za-z]/.test(word) || /[A-Za-z]/.test(word)
    const ordinaryCase = /^(\p{Lu}?\p{Ll}+|\p{Lu}+)$/u.test(word)
    // A word of accented letters alone is what Cyrillic looks like in a Western code page.
    const strange = !latin && /[À-ÿ]/.test(word)
    if (oneAlphabet && ordinaryCase && !strange) score += letters * commonness(word)
    else score -= letters
  }
  score -= text.match(/[─-▟§¤©®°±µ¶·«»¬¦¨¯²³¹¼½¾¡¢£¥]/gu)?.length ?? 0
  return score / beyond
}

/** Share of the letters that Russian uses most; the wrong Cyrillic code page turns them into rare ones. */
function commonness(word: string): number {
  if (!/[А-Яа-я]/.test(word)) return 1
  const common = word.match(/[оеаинтсрвлкмдпуОЕАИНТСРВЛКМДПУ]/g)?.length ?? 0
  return 0.4 + (0.6 * common) / word.length
}
