/** What the card decides for itself, and what it tells its issuer about it. */
import { describe, expect, it } from 'vitest'
import { tlv } from '../../../../support/emv-card-data.ts'
import type { DemoCard } from '../../../../support/emv-card-data.ts'
import { authenticationData } from '../../../../support/emv-issuer.ts'
import { begin, demo, ready, testPki } from './ready.ts'

const limits = { visa: (more: string) => ({ '0D01': tlv('9F58', '02') + tlv('9F59', '04') + tlv('9F54', '000000003000') + tlv('9F5C', '000000006000'), '0E01': tlv('9F51', '0643') + tlv('9F57', '0643') + more }) }

/** One transaction online, approved, so that the card is no longer new. */
async function used(card: DemoCard, code: string) {
  const begun = await ready(card)
  const request = await begun.terminal.generate('ARQC')
  const data = authenticationData(card.scheme, begun.keys, request.cryptogram, request.counter, code)
  if (card.scheme === 'mchip') begun.terminal.values['91'] = data
  else expect(await begun.terminal.externalAuthenticate(data)).toBe('9000')
  expect((await begun.terminal.generate('TC', 'second')).kind).toBe('TC')
  return begun
}

describe.skipIf(!testPki)('Visa', () => {
  it('asks to go online when enough were offline, declines when it can not', async () => {
    const { terminal, again } = await used(demo('visa-10', 'SDA', { more: limits.visa('') }), '3030')
    const kinds: string[] = []
    terminal.values['9F02'] = '000000000100'
    for (let count = 0; count < 3; count += 1) {
      await again()
      kinds.push((await terminal.generate('TC')).kind)
    }
    expect(kinds).toEqual(['TC', 'TC', 'ARQC'])
    // Unable to go online: below the upper limit it approves, above it does not.
    terminal.values['8A'] = '5933'
    expect((await terminal.generate('TC', 'second')).kind).toBe('TC')
    await again()
    expect((await terminal.generate('TC')).kind).toBe('ARQC')
    expect((await terminal.generate('TC', 'second')).kind).toBe('TC')
    await again()
    const last = await terminal.generate('TC')
    expect(last.kind).toBe('ARQC')
    // The one before was not completed online; counters are exceeded.
    expect(last.issuerApplicationData.slice(10, 12)).toBe('A0')
    expect((await terminal.generate('TC', 'second')).kind).toBe('AAC')
  })
  it('adds amounts up in its own currency', async () => {
    const { terminal, again } = await used(demo('visa-10', 'SDA', { more: { ...limits.visa(''), '0D01': tlv('9F54', '000000003000') } }), '3030')
    const kinds: string[] = []
    for (const [amount, currency] of [['000000002000', '0643'], ['000000900000', '0840'], ['000000001001', '0643']] as const) {
      Object.assign(terminal.values, { '9F02': amount, '5F2A': currency })
      await again()
      kinds.push((await terminal.generate('TC')).kind)
    }
    expect(kinds).toEqual(['TC', 'TC', 'ARQC'])
  })
  it('goes by its application default action for a new card and a blocked PIN', async () => {
    const first = await ready(demo('visa-10', 'SDA', { more: limits.visa(tlv('9F52', '0200')) }))
    expect((await first.terminal.generate('TC')).kind).toBe('ARQC')
    const second = begin(demo('visa-10', 'SDA', { more: { ...limits.visa(tlv('9F52', '0040')), '9010': '0003' } }))
    await second.again()
    expect((await second.terminal.generate('ARQC')).kind).toBe('AAC')
    const third = await ready(demo('visa-10', 'SDA', { more: { ...limits.visa(tlv('9F52', '0080')), '9010': '0103' } }))
    expect(await third.terminal.verifyPin('0000')).toBe('63C0')
    expect((await third.terminal.generate('TC')).kind).toBe('AAC')
    await third.again('6283')
  })
  it('wants its issuer authenticated where that is mandatory', async () => {
    const { terminal, again } = await ready(demo('visa-10', 'SDA', { more: limits.visa(tlv('9F52', '2000') + tlv('9F56', '80')) }))
    await terminal.generate('ARQC')
    expect((await terminal.generate('TC', 'second')).kind).toBe('AAC')
    await again()
    const { issuerApplicationData } = await terminal.generate('AAC')
    expect(Number.parseInt(issuerApplicationData.slice(10, 12), 16) & 0x04).toBe(0x04)
  })
  it('obeys a card status update', async () => {
    const card = demo('visa-18', 'CDA', { more: { '9010': '0103' } })
    for (const [code, kind, status] of [['00000000', 'AAC', '9000'], ['00800000', 'TC', '9000'], ['00A00000', 'AAC', '6283'], ['00C00000', 'AAC', '6A81'], ['02900000', 'TC', '9000']] as const) {
      const { terminal, keys, identifier } = await ready(card)
      const request = await terminal.generate('ARQC')
      expect(await terminal.externalAuthenticate(authenticationData('visa-18', keys, request.cryptogram, request.counter, code))).toBe('9000')
      if (status !== '6A81') expect((await terminal.generate('TC', 'second')).kind).toBe(kind)
      if (code === '02900000') expect((await terminal.getData('9F17')).data).toBe('9F170102')
      expect(await terminal.select(identifier)).toBe(status)
    }
  })
  it('says what was done with the PIN and the signature', async () => {
    const { terminal, again } = await ready(demo('visa-10', 'DDA'))
    await terminal.authenticateDynamic()
    await terminal.verifyPin('0000')
    expect((await terminal.generate('ARQC')).issuerApplicationData.slice(6, 14)).toBe('03A61002')
    await again()
    await terminal.verifyPin('1234')
    expect((await terminal.generate('ARQC')).issuerApplicationData.slice(6, 14)).toBe('03A49000')
  })
})

describe.skipIf(!testPki)('M/Chip', () => {
  const codes = (more: Record<string, string>) => Object.entries({ C3: '000000', C4: '000000', C5: '000000', C8: '0643', C9: '0643', '9F14': '02', '9F23': '04', CA: '000000003000', CB: '000000006000', D5: '8C00', D6: '0010', ...more }).map(([tag, value]) => tlv(tag, value)).join('')

  it('declines, asks or approves by its action codes', async () => {
    for (const [own, terminalType, kind] of [[{}, '22', 'TC'], [{ C5: '200000' }, '22', 'ARQC'], [{ C5: '200000' }, '23', 'TC'], [{ C4: '200000' }, '23', 'AAC'], [{ C3: '020000' }, '22', 'AAC']] as const) {
      const { terminal } = await ready(demo('mchip', 'CDA', { more: { A002: codes(own) } }), { '9F35': terminalType })
      expect((await terminal.generate('TC')).kind).toBe(kind)
    }
  })
  it('counts what is offline, and shows it', async () => {
    const { terminal, again } = await ready(demo('mchip', 'CDA', { more: { A002: codes({ C5: '00A000' }) } }))
    const seen: [string, string][] = []
    for (let count = 0; count < 3; count += 1) {
      if (count > 0) await again()
      const { kind, issuerApplicationData } = await terminal.generate('TC')
      seen.push([kind, issuerApplicationData.slice(20)])
    }
    expect(seen).toEqual([['TC', '00000000000000FF'], ['TC', '00000000100001FF'], ['ARQC', '00000000200002FF']])
  })
  it('approves without an answer of the issuer only where it may', async () => {
    for (const [control, kind] of [['8C00', 'TC'], ['0C00', 'AAC']] as const) {
      const { terminal } = await ready(demo('mchip', 'CDA', { more: { A002: codes({ D5: control }) } }))
      await terminal.generate('ARQC')
      expect((await terminal.generate('TC', 'second')).kind).toBe(kind)
    }
  })
  it('obeys the response code: no approval, counters, next time online', async () => {
    const card = demo('mchip', 'CDA', { more: { A002: codes({ C5: '000800' }) } })
    const declined = await ready(card)
    const request = await declined.terminal.generate('ARQC')
    declined.terminal.values['91'] = authenticationData('mchip', declined.keys, request.cryptogram, request.counter, '0002')
    expect((await declined.terminal.generate('TC', 'second')).kind).toBe('AAC')
    const { terminal, again } = await used(card, '0016')
    await again()
    expect((await terminal.generate('TC')).kind).toBe('ARQC')
  })
  it('says what was done with the PIN and the signature', async () => {
    const { terminal } = await ready(demo('mchip', 'CDA', { more: { A002: codes({}) } }), { '9F45': 'DAC0' })
    await terminal.verifyEncipheredPin('1234')
    const { issuerApplicationData: data } = await terminal.generate('ARQC', 'first', true)
    expect(data.slice(0, 16)).toBe('0110A74003020000')
    expect(data.slice(16, 20)).not.toBe('DAC0')
    const plain = await ready(demo('mchip', 'SDA', { more: { A002: codes({}) } }), { '9F45': 'DAC0' })
    expect((await plain.terminal.generate('ARQC')).issuerApplicationData.slice(16, 20)).toBe('DAC0')
  })
})
