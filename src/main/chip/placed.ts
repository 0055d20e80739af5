/**
 * What got onto the card: the bytes of commands that it answered with 9000. A script can say what it likes; a group counts as
 * written only when its bytes are among these.
 */
import { elements } from './masks.ts'

/** Some of the encrypted bytes of a secret group. */
export interface PlacedPiece {
  name: string
  from: number
  to: number
  /** Of the whole. */
  length: number
}

export class Placed {
  private stream = ''
  private readonly commands: string[] = []
  /** How far each secret group was written from its beginning, and whether that is all. */
  private readonly secrets = new Map<string, { to: number; whole: boolean }>()

  /** Plain data of one command, and the pieces of secret groups that went with it. */
  add(data: string, secrets: readonly PlacedPiece[]): void {
    if (data !== '') this.commands.push(data)
    this.stream += data
    for (const { name, from, to, length } of secrets) {
      const before = this.secrets.get(name) ?? { to: 0, whole: false }
      if (from <= before.to) this.secrets.set(name, { to: Math.max(before.to, to), whole: before.whole || to === length })
    }
  }

  hasSecret(group: string): boolean {
    return this.secrets.get(group)?.whole === true
  }

  /** Whether a value was written: in one piece, in pieces one after another, or element by element. */
  has(value: string): boolean {
    return this.inStream(value) || this.inPieces(value) || this.byElement(value)
  }

  private inStream(value: string): boolean {
    for (let at = this.stream.indexOf(value); at >= 0; at = this.stream.indexOf(value, at + 1)) if (at % 2 === 0) return true
    return false
  }

  /** Pieces in order, each at the end of one command and the next at the beginning of the data of a later one behind a header. */
  private inPieces(value: string): boolean {
    let at = 0
    for (const command of this.commands) {
      const length = longestPiece(value.slice(at), command)
      // A byte or two stand in any command; a piece is at least four, or the rest.
      if (length >= Math.min(8, value.length - at)) at += length
      if (at >= value.length) return true
    }
    return false
  }

  private byElement(value: string): boolean {
    const inside = elements(value)
    const length = inside.reduce((sum, { tag, content }) => sum + tag.length + lengthDigits(content) + content.length, 0)
    return inside.length > 0 && length === value.length && inside.every(({ content }) => this.has(content))
  }
}

const lengthDigits = (content: string): number => {
  const length = content.length / 2
  return length < 0x80 ? 2 : length < 0x100 ? 4 : 6
}

/** Digits of the longest beginning of `value` that stands in these whole bytes. */
function longestPiece(value: string, command: string): number {
  let longest = 0
  for (let at = 0; at < command.length; at += 2) {
    let length = 0
    while (length < value.length && command[at + length] === value[length]) length += 1
    longest = Math.max(longest, length & ~1)
  }
  return longest
}
