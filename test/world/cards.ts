/** Cards as a bank orders them: what is given to the program, and what has to be on the plastic. */
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { ExpectedCard, ExpectedLine } from './oracle.ts'
import type { JobSetUp } from './workspace.ts'

type Order = JobSetUp['cards'][number]

/** Twelve digits, three of them on the back, and track 2: every module works, and briefly. */
export function smallCard(index: number): Order {
  const number = cardNumber(index, 12)
  return order(number, { track2: `${number}=2912101${digits(index, 4)}` }, [
    line('farrington-7b', 10_185, 21_412, number.replace(/(.{4})(?=.)/g, '$1 ')),
    line('indent-back', 50_000, 29_000, digits(index, 3)),
  ])
}

/** A debit card: number, name and expiry, indent on the back, tracks 1 and 2. */
export function debitCard(index: number): Order {
  const number = cardNumber(index, 16)
  const name = `${'ABCDEFGHKLMNOPRSTUV'[index % 19]}LEX HOLDER ${'XYZWQ'[index % 5]}`
  const discretionary = digits(index * 7919, 8)
  return order(number, { track1: `B${number}^HOLDER/ALEX^2912101${discretionary}`, track2: `${number}=2912101${discretionary}` }, [
    line('farrington-7b', 10_185, 21_412, number.replace(/(.{4})(?=.)/g, '$1 ')),
    line('gothic', 10_185, 8331, name),
    line('gothic', 10_185, 12_192, '12/29'),
    line('indent-back', 50_000, 29_000, digits(index * 31, 7)),
  ])
}

/** Unique, and ending in its Luhn digit (ISO/IEC 7812-1). */
function cardNumber(index: number, length: number): string {
  const body = `4${digits((index * 7_368_787 + 1_234_567) % 10 ** (length - 6), length - 6)}${digits(index, 4)}`
  const doubled = Array.from(body).reverse().map((digit, place) => (place % 2 === 0 ? Number(digit) * 2 : Number(digit)))
  const sum = doubled.reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return body + String((10 - (sum % 10)) % 10)
}

function digits(value: number, length: number): string {
  return String(value % 10 ** length).padStart(length, '0')
}

const fonts = {
  'farrington-7b': { font: 2, pitch: 3629, kind: 'emboss', side: 'front' },
  gothic: { font: 1, pitch: 2540, kind: 'emboss', side: 'front' },
  'indent-back': { font: 4, pitch: 1700, kind: 'indent', side: 'back' },
} as const

interface Line {
  name: keyof typeof fonts
  x: number
  y: number
  text: string
}

function line(name: Line['name'], x: number, y: number, text: string): Line {
  return { name, x, y, text }
}

function order(number: string, tracks: ExpectedCard['tracks'], lines: readonly Line[]): Order {
  const card: PreparedCard = {
    number,
    tracks,
    topping: true,
    lines: lines.map(({ name, x, y, text }, index) => ({ field: `line ${index}`, kind: fonts[name].kind, side: fonts[name].side, font: name, x, y, text })),
  }
  const expected = lines.map(({ name, x, y, text }): ExpectedLine => ({ ...fonts[name], x, y, text }))
  return { card, expected: { number, tracks, topping: true, lines: expected } }
}
