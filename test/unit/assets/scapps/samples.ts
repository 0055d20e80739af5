/** One card's data for each shipped task of native and MULTOS-like cards. */
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import { toHex } from '#shared/bytes.ts'
import { cardData, tlv, usualIdentifier } from '../../../support/emv-card-data.ts'
import type { DemoCard, Pki } from '../../../support/emv-card-data.ts'
import { controlsData, loadUnit } from '../../../support/multos-load-unit.ts'
import { clear, groupsOf, secret } from './run.ts'

export interface Sample {
  task: string
  type: PracticeCardType
  applications: PreparedChip['applications']
}

const text = (value: string): string => toHex(new TextEncoder().encode(value))
export const issuer = { product: '01', issuer: '00012345', date: '41' }
export const purseKeys = { credit: 'A1'.repeat(16), debit: 'B2'.repeat(16), proof: 'C4'.repeat(16) }
/** Doc 9303-11, appendix D.2: the seed of the access keys of a document with this machine readable zone. */
export const accessSeed = '239AB9CB282DAF66231DC5A4DF6BFBAE'
export const chipKey = '0123456789ABCDEFFEDCBA9876543210'
const zone = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C<3UTO6908061F9406236ZE184226B<<<<<14'

/** Doc 9303-10, 4.6 and 4.7; DG2 holds one biometric template with a picture. */
export const documentFiles = {
  COM: tlv('60', tlv('5F01', text('0107')) + tlv('5F36', text('040000')) + tlv('5C', '6175')),
  DG1: tlv('61', tlv('5F1F', text(zone))),
  DG2: tlv('75', tlv('7F61', tlv('02', '01') + tlv('7F60', tlv('A1', tlv('87', '0101')) + tlv('5F2E', 'AB'.repeat(1_500))))),
}

export function paymentCard(scheme: DemoCard['scheme'], authentication: DemoCard['authentication'], pki: Pki): DemoCard {
  return { scheme, number: scheme === 'mchip' ? '5413330089600010' : '4276550000000018', expiry: '2912', name: 'IVANOV/IVAN', authentication, pki }
}

export function multosGroups(pki: Pki): Record<string, string> {
  const groupings = cardData(paymentCard('mchip', 'DDA', pki))
  const secrets = ['8000', '8010', '8201', '8202', '8203', '8204', '8205']
  const unit = loadUnit({ ...issuer, identifier: usualIdentifier.mchip, label: 'MASTERCARD', groupings, secrets })
  const readBack = ['0101', '0201', '0202', '0301', '0302', '0303', '0304'].map((name) => [name, groupings[name]!] as const)
  return { CONTROLS: controlsData(issuer), ...unit, ...Object.fromEntries(readBack) }
}

export function paymentSample(task: string, type: PracticeCardType, scheme: DemoCard['scheme'], pki: Pki): Sample {
  return { task, type, applications: [{ application: 'payment', groups: groupsOf(cardData(paymentCard(scheme, 'SDA', pki)), ['8000', '8010']) }] }
}

export const multosSample = (pki: Pki): Sample => ({ task: 'mchip-multos', type: 'multos', applications: [{ application: 'payment', groups: groupsOf(multosGroups(pki), []) }] })

export function walletSample(): Sample {
  const { credit, debit, proof } = purseKeys
  const holder = tlv('5F20', text('IVANOV/IVAN')) + tlv('5A', '9643000000000017')
  const groups = [clear('HOLDER', holder), clear('LIMITS', '000186A00007A120'), clear('POINTS', '00000064'), clear('MONEY', '00000000'), secret('KEYS', credit + debit + proof)]
  return { task: 'loyalty-native', type: 'native-wallet', applications: [{ application: 'wallet', groups }] }
}

export function documentSample(): Sample {
  const files = Object.entries(documentFiles).map(([name, value]) => clear(name, value))
  const groups = [...files, secret('CHIP-KEY', chipKey), secret('ACCESS-KEY', accessSeed), secret('PIN', '241234FFFFFFFFFF')]
  return { task: 'identification', type: 'native-id', applications: [{ application: 'identification', groups }] }
}

export function samples(pki: Pki): Sample[] {
  return [paymentSample('vsdc-native', 'native-vsdc', 'visa-10', pki), paymentSample('mchip-native', 'native-mchip', 'mchip', pki), multosSample(pki), walletSample(), documentSample()]
}
