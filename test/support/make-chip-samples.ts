/**
 * Makes `assets/samples/chip-debit-cards.csv`: a batch of chip cards as a data preparation system would hand it over, with the data
 * groupings of EMV CPS for each card and its secrets wrapped under the demo transport key. Run as a program it writes the file;
 * a test compares the file with what this makes.
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { demoKeys } from '#main/shell/demo-keys.ts'
import { cardData, type DemoCard } from './emv-card-data.ts'
import { ecb } from './emv-issuer.ts'
import { rsaFrom } from './demo-pki.ts'

export const samplePath = new URL('../../assets/samples/chip-debit-cards.csv', import.meta.url)

/** Groupings that come wrapped: keys, PIN block, private key (EMV CPS 1.1, table 4-8 and annex A). */
export const secretGroupings = ['8000', '8010', '8201', '8202', '8203', '8204', '8205'] as const

/** As their order on the card: records first, then what the card keeps for itself, the answers to SELECT and to GPO last. */
const order = ['0', 'A', '92', '8000', '9000', '8010', '9010', '82', '9102', '9104'] as const

const holders = [
  ['Anna Lindqvist', '2029-01'], ['Tobias Grau', '2030-07'], ['Mira Castellan', '2029-08'], ['Ilya Voronin', '2030-03'],
  ['Sofia Marchetti', '2030-12'], ['Peter Novak', '2029-10'], ['Layla Haddad', '2030-05'], ['Joon-ho Baek', '2030-01'],
  ['Vera Sokolova', '2029-12'], ['Miguel Ortega', '2030-08'], ['Freya Dahl', '2030-10'], ['Omar Nasser', '2029-07'],
] as const

export const demoPki = () => ({ index: '99', ca: rsaFrom('Cardwright demo payment system', 1408), issuer: rsaFrom('Cardwright demo issuer', 1152) })

/** The whole file as text. More cards than the file has share their names, dates and private keys with the first twelve. */
export function chipSamples(count: number = holders.length): string {
  const pki = demoPki()
  const numberOf = (index: number) => withCheckDigit(`40000012130${String(417 + index * 47).padStart(4, '0')}`)
  const pairs = holders.slice(0, count).map((_, index) => rsaFrom(`Cardwright demo card ${numberOf(index)}`, 1024))
  const rows = Array.from({ length: count }, (_, index) => {
    const [name, expiry] = holders[index % holders.length]!
    const number = numberOf(index)
    const [first, last] = name.split(' ')
    const card: DemoCard = {
      scheme: 'visa-18',
      number,
      expiry: expiry.slice(2).replace('-', ''),
      name: `${last}/${first}`.toUpperCase().replace('-', ' '),
      label: 'DEMO DEBIT',
      authentication: 'CDA',
      pin: digitsOf(`pin ${number}`, 4),
      pki: { ...pki, icc: pairs[index % pairs.length]! },
    }
    const [pvv, cvv, cvv2] = [digitsOf(`pvv ${number}`, 4), digitsOf(`cvv ${number}`, 3), digitsOf(`cvv2 ${number}`, 3)]
    return [number, expiry, name, '201', pvv, cvv, cvv2, groupingsOf(card)].join(',')
  })
  return `${['number,expiry,name,service_code,pvv,cvv,cvv2,emv', ...rows].join('\n')}\n`
}

function groupingsOf(card: DemoCard): string {
  const place = (name: string) => order.findIndex((prefix) => name.startsWith(prefix))
  const groups = Object.entries(cardData(card)).toSorted(([one], [other]) => place(one) - place(other) || (one < other ? -1 : 1))
  return groups.map(([name, value]) => grouping(name, isSecret(name) ? ecb(demoKeys.transport, value) : value)).join('')
}

function isSecret(name: string): boolean {
  return (secretGroupings as readonly string[]).includes(name)
}

/** EMV CPS 2.0, table 2: identifier, length in one byte or FF and two, value. */
function grouping(name: string, value: string): string {
  const length = value.length / 2
  const field = length < 0xff ? length.toString(16).padStart(2, '0') : `FF${length.toString(16).padStart(4, '0')}`
  return name + field.toUpperCase() + value
}

function digitsOf(word: string, count: number): string {
  return BigInt(`0x${createHash('sha256').update(word).digest('hex')}`).toString().slice(-count)
}

/** ISO/IEC 7812-1, annex B. */
function withCheckDigit(digits: string): string {
  const sum = [...digits].toReversed().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return digits + String((10 - (sum % 10)) % 10)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(samplePath, chipSamples())
