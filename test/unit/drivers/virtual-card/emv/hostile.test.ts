/** Whatever is sent, the application answers with a status word, and keeps to itself what is secret. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '#shared/bytes.ts'
import { cardData, keysOfCard, usualIdentifier } from '../../../../support/emv-card-data.ts'
import { loneCard } from '../../../../support/emv-card.ts'
import { demo, schemes, testPki } from './ready.ts'

const instructions = [0x16, 0x18, 0x1e, 0x20, 0x24, 0x82, 0x84, 0x88, 0xa4, 0xa8, 0xae, 0xb2, 0xca, 0xda, 0xdc, 0xe2]
const classes = [0x00, 0x04, 0x80, 0x84, 0x8c]
const length = (bytes: Uint8Array) => toHex(Uint8Array.of(bytes.length))

const command = fc
  .tuple(fc.constantFrom(...classes), fc.oneof(fc.constantFrom(...instructions), fc.nat(255)), fc.nat(255), fc.nat(255), fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 29, maxLength: 31 })))
  .map(([cla, ins, p1, p2, data]) => toHex(Uint8Array.of(cla, ins, p1, p2)) + (data.length === 0 ? '00' : `${length(data)}${toHex(data)}00`))
const usual = fc.constantFrom('00A4040007A0000000031010', '80A80000028300', `80AE80001D${'00'.repeat(29)}00`, `80AE40001F3030${'00'.repeat(29)}00`, '0084000000', '0020008008241234FFFFFFFFFF', '00880000040102030400')

describe.skipIf(!testPki).each(schemes)('a hostile terminal before %s', (scheme) => {
  it('learns no key and no PIN', () => {
    const card = demo(scheme)
    const secrets = [...Object.values(keysOfCard(card)), '241234FFFFFFFFFF', testPki!.icc.prime1, testPki!.icc.prime2]
    const made = loneCard(usualIdentifier[scheme])
    made.personalize(cardData(card))
    fc.assert(fc.property(fc.array(fc.oneof(command, usual), { minLength: 1, maxLength: 12 }), (commands) => {
      for (const one of commands) {
        const { data, status } = made.exchange(one)
        expect(status).toMatch(/^[69][0-9A-F]{3}$/)
        for (const secret of secrets) expect(data.includes(secret)).toBe(false)
      }
    }), { numRuns: 300 })
  })
  it('and a hostile host: groupings of any content', () => {
    const dgis = ['0101', '0D01', '8000', '9000', '8010', '9010', '8201', '8205', '9102', '9104', '9200', 'A002', 'A005', 'A006', '1501', '7777']
    const grouping = fc.tuple(fc.constantFrom(...dgis), fc.uint8Array({ maxLength: 60 })).map(([dgi, value]) => `${dgi}${length(value)}${toHex(value)}`)
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('00', '20', '60', '80'), fc.oneof(grouping, fc.uint8Array({ maxLength: 60 }).map(toHex))), { minLength: 1, maxLength: 8 }), fc.array(fc.oneof(command, usual), { maxLength: 8 }), (blocks, commands) => {
      const made = loneCard(usualIdentifier[scheme])
      const stores = blocks.map(([p1, data], index) => `80E2${p1}${toHex(Uint8Array.of(index))}${(data.length / 2).toString(16).padStart(2, '0')}${data}`)
      for (const one of [...stores, ...commands]) {
        if (one.length === 10 && one.endsWith('00') && one.startsWith('80E2')) continue
        expect(made.exchange(one).status).toMatch(/^[69][0-9A-F]{3}$/)
      }
    }), { numRuns: 500 })
  })
})
