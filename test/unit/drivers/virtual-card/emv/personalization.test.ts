/** EMV CPS: what STORE DATA brings, in which pieces, and what the card refuses. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '#shared/bytes.ts'
import { parseGroupings } from '#shared/tlv/groupings.ts'
import { EmvState } from '#drivers/virtual-card/emv/state.ts'
import { cardKeyPair } from '#drivers/virtual-card/emv/rsa.ts'
import { loneCard } from '../../../../support/emv-card.ts'
import { cardData, directoryNames, paymentDirectory, proximityDirectory, tlv } from '../../../../support/emv-card-data.ts'
import { checkValue } from '../../../../support/emv-issuer.ts'
import { Terminal } from '../../../../support/emv-terminal.ts'
import { vectorFile } from '../../../../support/vectors.ts'

const visa = 'A0000000031010'
const mchip = 'A0000000041010'
const keys = { ac: '0123456789ABCDEFFEDCBA9876543210', smi: '11111111111111112222222222222222', smc: '33333333333333334444444444444444' }
const allKeys = keys.ac + keys.smi + keys.smc
const allChecks = checkValue(keys.ac) + checkValue(keys.smi) + checkValue(keys.smc)
const inverted = (text: string): string => toHex(fromHex(text).map((byte) => byte ^ 0xff))
const hexLength = (text: string): string => toHex(Uint8Array.of(text.length / 2))

/** One STORE DATA. */
const store = (p1: string, sequence: number, data: string): string => `80E2${p1}${toHex(Uint8Array.of(sequence))}${hexLength(data)}${data}`
const grouping = (dgi: string, value: string): string => dgi + hexLength(value) + value

describe('life', () => {
  it('takes data until the last block, then none', () => {
    const card = loneCard(visa)
    expect(card.personalize({ '0101': '70035A0112', '9104': '8202200094040801010 0'.replaceAll(' ', '') })).toEqual(['9000', '9000'])
    expect(card.exchange(store('00', 2, grouping('0102', '70035A0112'))).status).toBe('6985')
    expect(card.exchange('00B2010C00')).toEqual({ data: '70035A0112', status: '9000' })
  })
  it('answers nothing but SELECT before', () => {
    const card = loneCard(visa)
    card.personalize({ '0101': '70035A0112' }, false)
    expect(card.exchange('00B2010C00').status).toBe('6985')
    expect(card.exchange('80A8000002830000').status).toBe('6985')
    expect(card.exchange('00A4040007A0000000031010')).toEqual({ data: '6F0B8407A0000000031010A500', status: '9000' })
  })
  it('is what it was after the power was off', () => {
    const card = loneCard(visa)
    card.personalize({ '0101': '70035A0112', '9102': 'A5055003414243' })
    const again = loneCard(visa, card.eeprom)
    expect(again.exchange('00A4040007A0000000031010').data).toBe('6F108407A0000000031010A5055003414243')
    expect(again.exchange(store('80', 0, '')).status).toBe('6985')
  })
})

describe('blocks', () => {
  it('join to groupings, wherever they are cut', () => {
    const record = tlv('70', tlv('5F20', '41'.repeat(20)) + tlv('9F1F', '30'.repeat(200)))
    const stream = grouping('0101', record) + grouping('0102', '70035A0112')
    for (const size of [2, 4, 6, 100, 250, 400]) {
      const card = loneCard(visa)
      const pieces = stream.match(new RegExp(`.{1,${size}}`, 'g'))!
      pieces.forEach((piece, index) => expect(card.exchange(store(index === pieces.length - 1 ? '80' : '00', index % 256, piece)).status).toBe('9000'))
      expect(card.exchange('00B2010C00').data).toBe(record)
      expect(card.exchange('00B2020C00').data).toBe('70035A0112')
    }
  })
  it('come in turn', () => {
    const card = loneCard(visa)
    expect(card.exchange(store('00', 0, grouping('0101', '70035A0112').slice(0, 8))).status).toBe('9000')
    expect(card.exchange(store('00', 2, grouping('0101', '70035A0112').slice(8))).status).toBe('6A86')
    expect(card.exchange(store('00', 0, grouping('0101', '70035A0112').slice(8))).status).toBe('6A86')
    expect(card.exchange(store('00', 1, grouping('0101', '70035A0112').slice(8))).status).toBe('9000')
  })
  it('leave no grouping open at the end', () => {
    expect(loneCard(visa).exchange(store('80', 0, '010106'))).toEqual({ data: '', status: '6A80' })
  })
  it('know no other form than groupings', () => {
    expect(loneCard(visa).exchange(store('10', 0, '')).status).toBe('6A86')
    expect(loneCard(visa).exchange(store('40', 0, '')).status).toBe('6A86')
  })
  it('are of long length too', () => {
    const record = 'AA'.repeat(300)
    const stream = `1501FF012C${record}`
    const card = loneCard(visa)
    expect(card.exchange(store('00', 0, stream.slice(0, 400))).status).toBe('9000')
    expect(card.exchange(store('80', 1, stream.slice(400))).status).toBe('9000')
    expect(card.exchange('00B201AC00').data).toBe(record)
  })
})

describe('encryption', () => {
  it.each([['60', true], ['20', true], ['00', false]])('P1 %s', (p1, encrypted) => {
    const card = loneCard(visa)
    expect(card.exchange(store(p1, 0, grouping('8000', encrypted ? inverted(allKeys) : allKeys))).status).toBe('9000')
    expect(card.exchange(store('00', 1, grouping('9000', allChecks))).status).toBe('9000')
  })
  it('of all, but for what is no secret and no whole blocks', () => {
    const card = loneCard(visa)
    expect(card.exchange(store('60', 0, grouping('8000', inverted(allKeys)) + grouping('9000', allChecks))).status).toBe('9000')
    expect(card.exchange(store('60', 1, grouping('8010', '241234FFFFFF'))).status).toBe('6A80')
  })
  it('belongs to the block in which a grouping begins', () => {
    const card = loneCard(visa)
    const secret = grouping('8010', inverted('241234FFFFFFFFFF'))
    expect(card.exchange(store('60', 0, secret.slice(0, 10))).status).toBe('9000')
    expect(card.exchange(store('00', 1, secret.slice(10) + grouping('9010', '0303'))).status).toBe('9000')
  })
})

describe('checks', () => {
  const refused: [string, Record<string, string>, string][] = [
    ['a wrong check value after the keys', { '8000': allKeys, '9000': `000000${allChecks.slice(6)}` }, '6A80'],
    ['keys that are no double length keys', { '8000': allKeys.slice(2) }, '6A80'],
    ['too many keys', { '8000': allKeys + keys.ac }, '6A80'],
    ['check values that are no check values', { '9000': '0000' }, '6A80'],
    ['a PIN of three digits', { '8010': '23123FFFFFFFFFFF' }, '6A80'],
    ['a PIN block of another format', { '8010': '041234FFFFFFFFFF' }, '6A80'],
    ['a letter in a PIN', { '8010': '24123AFFFFFFFFFF' }, '6A80'],
    ['a PIN try counter without its limit', { '9010': '03' }, '6A80'],
    ['a record that is cut', { '0101': '70055A0112' }, '6A80'],
    ['a record with something behind its template', { '0101': '70035A01125A0112' }, '6A80'],
    ['an AFL of odd length', { '9104': '820220009403080101' }, '6A80'],
    ['processing options without AIP', { '9104': '940408010100' }, '6A80'],
    ['an FCI that is cut', { '9102': 'A5055003' }, '6A80'],
    ['record 0', { '0100': '70035A0112' }, '6A88'],
    ['a file 31', { '1F01': '70035A0112' }, '6A88'],
    ['an unknown grouping', { '7777': '00' }, '6A88'],
    ['internal data that are no data objects', { '0D01': '9F5805' }, '6A80'],
  ]
  it.each(refused)('refuse %s', (_name, groupings, status) => {
    expect(loneCard(visa).personalize(groupings).at(-1)).toBe(status)
  })
  it('refuse keys whose check values came before', () => {
    const card = loneCard(visa)
    expect(card.exchange(store('00', 0, grouping('9000', allChecks))).status).toBe('9000')
    expect(card.exchange(store('00', 1, grouping('8000', keys.smi + keys.smi + keys.smc))).status).toBe('6A80')
    expect(card.exchange(store('00', 1, grouping('8000', allKeys))).status).toBe('9000')
  })
  it('miss keys whose check values have come', () => {
    const card = loneCard(visa)
    expect(card.exchange(store('80', 0, grouping('9000', allChecks))).status).toBe('6A80')
    expect(card.exchange(store('80', 0, grouping('8000', allKeys))).status).toBe('9000')
  })
  it('let the same grouping come again, right', () => {
    const card = loneCard(visa)
    expect(card.exchange(store('00', 0, grouping('8010', '23123FFFFFFFFFFF'))).status).toBe('6A80')
    expect(card.exchange(store('00', 0, grouping('8010', '241234FFFFFFFFFF'))).status).toBe('9000')
  })
})

describe('processing options', () => {
  it.each([
    ['data objects', '8202200094040801010 0', '80062000', '9000'],
    ['format 1', '800620000801 0100', '80062000', '9000'],
    ['format 2', '770A8202200094040801 0100', '770A8202', '9000'],
  ])('as %s', (_name, value, begins) => {
    const card = loneCard(visa)
    expect(card.personalize({ '9104': value.replaceAll(' ', '') })).toEqual(['9000'])
    card.exchange('00A4040007A0000000031010')
    expect(card.exchange('80A80000028300').data.startsWith(begins)).toBe(true)
  })
})

describe('M/Chip', () => {
  it('takes its own groupings as data objects, and keeps what are none', () => {
    const card = loneCard(mchip)
    expect(card.personalize({ A002: 'C303000000C403112233', A003: '00FF00', A006: keys.smi, B005: '00', '9104': '820220009404080101 00'.replaceAll(' ', '') })).toEqual(Array(5).fill('9000'))
    expect(card.exchange('80CA00C400')).toEqual({ data: 'C403112233', status: '9000' })
  })
})

const published = vectorFile('store-data.json') as { store_data_apdu: string } | undefined
describe.skipIf(!published)('a published personalization command', () => {
  it('is taken, and read again', () => {
    const data = published!.store_data_apdu.slice(10, -16)
    const card = loneCard(mchip)
    expect(card.exchange(store('80', 0, data)).status).toBe('9000')
    const record = toHex(parseGroupings(fromHex(data)).find(({ dgi }) => dgi === '0101')!.value)
    expect(card.exchange('00B2010C00')).toEqual({ data: tlv('70', record), status: '9000' })
  })
})

describe('private keys', () => {
  const services = { compute: () => undefined } as never
  const parts = (bits: number) => {
    const jwk = generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: 3 }).privateKey.export({ format: 'jwk' })
    const hex = (name: 'n' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi') => Buffer.from(jwk[name]!, 'base64url').toString('hex').toUpperCase()
    return { n: hex('n'), d: hex('d'), p: hex('p'), q: hex('q'), dp: hex('dp'), dq: hex('dq'), qi: hex('qi') }
  }
  const raised = (n: string, block: string): string => ((BigInt(`0x${block}`) ** 3n) % BigInt(`0x${n}`)).toString(16).toUpperCase().padStart(n.length, '0')
  const pad = (value: string): string => {
    const open = `${value}80`
    return open.padEnd(Math.ceil(open.length / 16) * 16, '0')
  }

  it.each([768, 1024, 1152, 1408, 1976, 1984])('of %i bits, by parts padded or not, and by modulus and exponent', (bits) => {
    const { n, d, p, q, dp, dq, qi } = parts(bits)
    const block = `6A${'5B'.repeat(n.length / 2 - 2)}BC`
    const crt = { '8201': qi, '8202': dq, '8203': dp, '8204': q, '8205': p }
    const forms = [crt, Object.fromEntries(Object.entries(crt).map(([dgi, value]) => [dgi, pad(value)])), { '8101': d, '8103': n }, { '8101': pad(d), '8103': pad(n) }]
    for (const groupings of forms) {
      const card = loneCard(visa)
      expect(card.personalize(groupings).every((status) => status === '9000')).toBe(true)
      const key = cardKeyPair(new EmvState(card.eeprom.memory), 'icc', services)!
      expect(key.length).toBe(n.length / 2)
      expect(raised(n, toHex(key.apply(fromHex(block))))).toBe(block)
    }
  })
})

describe('directories', () => {
  it('1PAY lists what the card has', async () => {
    const card = loneCard(directoryNames.payment)
    card.personalize(paymentDirectory([{ identifier: visa, label: 'VISA' }, { identifier: mchip, label: 'MASTERCARD' }]))
    expect(await new Terminal(card.exchange).directory()).toEqual([{ identifier: visa, label: 'VISA' }, { identifier: mchip, label: 'MASTERCARD' }])
    expect(card.exchange('80A80000028300').status).toBe('6D00')
  })
  it('2PAY says it in its answer to SELECT', () => {
    const card = loneCard(directoryNames.proximity)
    card.personalize(proximityDirectory([{ identifier: visa, label: 'VISA' }]))
    expect(card.exchange(`00A404000E${directoryNames.proximity}00`).data).toBe(tlv('6F', tlv('84', directoryNames.proximity) + tlv('A5', tlv('BF0C', tlv('61', tlv('4F', visa) + tlv('50', '56495341') + tlv('87', '01'))))))
  })
})

describe('the data of demo cards', () => {
  it('are the same each time', () => {
    const pki = vectorFile('test-pki.json') as never
    if (pki === undefined) return
    const card = { scheme: 'visa-10', number: '4276550000000018', expiry: '2912', name: 'A/B', authentication: 'SDA', pki: { index: '92', ...(pki as object) } } as never
    expect(cardData(card)).toEqual(cardData(card))
  })
})
