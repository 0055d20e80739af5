/** Whole transactions: a card personalized from the test payment system's keys against a terminal and an issuer written apart from it. */
import { describe, expect, it } from 'vitest'
import { authenticationData, expectedCryptogram } from '../../../../support/emv-issuer.ts'
import type { TransactionData } from '../../../../support/emv-issuer.ts'
import type { Cryptogram, Terminal } from '../../../../support/emv-terminal.ts'
import { demo, ready, schemes, testPki as known } from './ready.ts'

const ways = ['SDA', 'DDA', 'CDA'] as const

const dataOf = (terminal: Terminal, given: Cryptogram): TransactionData => ({
  terminal: Object.fromEntries(['9F02', '9F03', '9F1A', '95', '5F2A', '9A', '9C', '9F37'].map((tag) => [tag, terminal.values[tag]!])) as TransactionData['terminal'],
  interchangeProfile: terminal.card['82']!,
  counter: given.counter,
  issuerApplicationData: given.issuerApplicationData,
})

const approval = { 'visa-10': '3030', 'visa-18': '00820000', mchip: '0012' } as const

describe.skipIf(!known)('offline data authentication', () => {
  it.each(schemes.flatMap((scheme) => ways.map((way) => [scheme, way] as const)))('%s by %s', async (scheme, way) => {
    const { terminal } = await ready(demo(scheme, way))
    if (way === 'SDA') expect(terminal.authenticateStatic()).toBe('DAC0')
    if (way === 'DDA') expect((await terminal.authenticateDynamic()).length).toBe(16)
    const given = await terminal.generate('ARQC', 'first', way === 'CDA')
    expect(given).toMatchObject({ kind: 'ARQC', combined: way === 'CDA', counter: '0001' })
  })
})

describe.skipIf(!known)('online', () => {
  it.each(schemes)('%s: request, answer of the issuer, approval', async (scheme) => {
    const { terminal, keys } = await ready(demo(scheme))
    const request = await terminal.generate('ARQC', 'first', true)
    expect(request.cryptogram).toBe(expectedCryptogram(scheme, keys, dataOf(terminal, request)))
    const authentication = authenticationData(scheme, keys, request.cryptogram, request.counter, approval[scheme])
    if (scheme === 'mchip') terminal.values['91'] = authentication
    else expect(await terminal.externalAuthenticate(authentication)).toBe('9000')
    terminal.values['9F37'] = 'A1A2A3A4'
    const final = await terminal.generate('TC', 'second', true)
    expect(final.kind).toBe('TC')
    expect(final.cryptogram).toBe(expectedCryptogram(scheme, keys, dataOf(terminal, final), '01020304'))
    expect((await terminal.getData('9F13')).data).toBe('9F13020001')
  })

  it.each(schemes)('%s: a wrong answer of the issuer', async (scheme) => {
    const { terminal, keys } = await ready(demo(scheme))
    const request = await terminal.generate('ARQC')
    const right = authenticationData(scheme, keys, request.cryptogram, request.counter, approval[scheme])
    const wrong = (right.startsWith('00') ? '01' : '00') + right.slice(2)
    if (scheme === 'mchip') terminal.values['91'] = wrong
    else expect(await terminal.externalAuthenticate(wrong)).toBe('6300')
    expect((await terminal.generate('TC', 'second')).kind).toBe('AAC')
  })
})
