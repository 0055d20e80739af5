/**
 * Makes `assets/samples/desk/TASK.json`: one card for each shipped task of native and MULTOS-like cards, as `cardwright chip run TASK --record`
 * takes it, secrets wrapped under the demo transport key. Run as a program it writes the files; a test compares them with what this makes.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { demoKeys } from '#main/shell/demo-keys.ts'
import { usualIdentifier, cardData, tlv } from './emv-card-data.ts'
import type { DemoCard } from './emv-card-data.ts'
import { ecb } from './emv-issuer.ts'
import { demoPki } from './make-chip-samples.ts'
import { rsaFrom } from './demo-pki.ts'
import { controlsData, loadUnit } from './multos-load-unit.ts'

export const deskFolder = new URL('../../assets/samples/desk/', import.meta.url)

type DeskSample = { number: string } & Record<string, string | Record<string, string>>

const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex').toUpperCase()
/** Keys of the sample cards follow from their names: invented, and known to everybody. */
const key = (letter: string): string => letter.repeat(32)

function wrapped(groups: Record<string, string>, secrets: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, secrets.includes(name) ? ecb(demoKeys.transport, value) : value]))
}

function payment(scheme: DemoCard['scheme'], number: string, name: string): DeskSample {
  const pki = demoPki()
  const card: DemoCard = { scheme, number, expiry: '3009', name, label: 'DEMO DEBIT', authentication: 'SDA', pki: { ...pki, icc: pki.issuer } }
  return { number, payment: wrapped(cardData(card), ['8000', '8010']) }
}

function multos(): DeskSample {
  const number = '5413330089500005'
  const issuer = { product: '01', issuer: '00012345', date: '41' }
  const card: DemoCard = { scheme: 'mchip', number, expiry: '3009', name: 'MARCHETTI/SOFIA', label: 'DEMO DEBIT', authentication: 'DDA', pki: { ...demoPki(), icc: rsaFrom(`Cardwright demo card ${number}`, 1024) } }
  const groupings = cardData(card)
  const unit = loadUnit({ ...issuer, identifier: usualIdentifier.mchip, label: 'DEMO DEBIT', groupings, secrets: ['8000', '8010', '8201', '8202', '8203', '8204', '8205'] })
  const records = ['0101', '0201', '0202', '0301', '0302', '0303', '0304'].map((name) => [name, groupings[name]!] as const)
  return { number, payment: { CONTROLS: controlsData(issuer), ...unit, ...Object.fromEntries(records) } }
}

function loyalty(): DeskSample {
  const number = '9643000000000017'
  const holder = tlv('5F20', text('DAHL/FREYA')) + tlv('5A', number)
  return { number, wallet: wrapped({ HOLDER: holder, LIMITS: '000186A00007A120', POINTS: '00000064', MONEY: '00000000', KEYS: key('A') + key('B') + key('C') }, ['KEYS']) }
}

/** The specimen of ICAO Doc 9303; its access key is that of part 11, appendix D.2. The picture is a grey square of one pixel. */
function identity(): DeskSample {
  const zone = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C<3UTO6908061F9406236ZE184226B<<<<<14'
  const picture = '47494638376101000100800000808080FFFFFF2C00000000010001000002024401003B'
  const files = {
    COM: tlv('60', tlv('5F01', text('0107')) + tlv('5F36', text('040000')) + tlv('5C', '6175')),
    DG1: tlv('61', tlv('5F1F', text(zone))),
    DG2: tlv('75', tlv('7F61', tlv('02', '01') + tlv('7F60', tlv('A1', tlv('87', '0101')) + tlv('5F2E', picture)))),
  }
  const secrets = { 'CHIP-KEY': key('D'), 'ACCESS-KEY': '239AB9CB282DAF66231DC5A4DF6BFBAE', PIN: '241234FFFFFFFFFF' }
  return { number: '898902', identification: wrapped({ ...files, ...secrets }, Object.keys(secrets)) }
}

export function deskSamples(): Record<string, DeskSample> {
  return {
    'vsdc-native': payment('visa-10', '4000001213900013', 'LINDQVIST/ANNA'),
    'mchip-native': payment('mchip', '5413330089500013', 'GRAU/TOBIAS'),
    'mchip-multos': multos(),
    'loyalty-native': loyalty(),
    identification: identity(),
  }
}

export const textOf = (sample: DeskSample): string => `${JSON.stringify(sample, null, 2)}\n`

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  mkdirSync(deskFolder, { recursive: true })
  for (const [task, sample] of Object.entries(deskSamples())) writeFileSync(new URL(`${task}.json`, deskFolder), textOf(sample))
}
