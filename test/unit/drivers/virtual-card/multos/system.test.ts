/** Loading, creating and deleting on the MULTOS-like card: docs/multos-card.md, command by command. */
import { describe, expect, it } from 'vitest'
import { createCard, restoreCard } from '#drivers/virtual-card/cards.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { cardData, usualIdentifier } from '../../../../support/emv-card-data.ts'
import type { Pki } from '../../../../support/emv-card-data.ts'
import { controlsData, deleteCertificate, loadUnit } from '../../../../support/multos-load-unit.ts'
import type { LoadOrder, LoadUnit } from '../../../../support/multos-load-unit.ts'
import { Terminal } from '../../../../support/emv-terminal.ts'
import { vectorFile } from '../../../../support/vectors.ts'
import { send } from '../native/host.ts'

const known = vectorFile('test-pki.json') as Omit<Pki, 'index'> | undefined
const identifier = usualIdentifier.mchip
const issuer = { product: '01', issuer: '00012345', date: '41' }
const secrets = ['8000', '8010', '8201', '8202', '8203', '8204', '8205', 'A006']

function unit(more: Partial<LoadOrder> = {}): LoadUnit {
  const groupings = cardData({ scheme: 'mchip', number: '5413330089600010', expiry: '2912', name: 'IVANOV/IVAN', authentication: 'DDA', pki: { index: '92', ...known! } })
  return loadUnit({ ...issuer, identifier, label: 'MASTERCARD', groupings, secrets, ...more })
}

function enabled(seed = 1): VirtualCard {
  const card = createCard('multos', { seed, baudRate: 115_200 })
  card.powerOn()
  expect(inPieces(card, 'BE10', controlsData(issuer), false)).toBe('9000')
  return card
}

const withLength = (data: string): string => (data.length / 2).toString(16).padStart(2, '0') + data

/** As many commands as it takes; the first status that is not 9000, or that of the last. */
function inPieces(card: VirtualCard, start: string, data: string, offsets: boolean): string {
  let status = '9000'
  for (let at = 0; at < data.length && status === '9000'; at += 400) {
    const offset = offsets ? (at / 2).toString(16).padStart(4, '0') : '0000'
    status = send(card, start + offset + withLength(data.slice(at, at + 400)))
  }
  return status
}

const instructions = { CODE: '24', DATA: '26', DIR: '20', FCI: '22', SIGNATURE: '28', KTU: '2A' } as const

function load(card: VirtualCard, parts: LoadUnit): string {
  const opened = send(card, `BE120000${withLength(parts.HEADER)}`)
  if (opened !== '9000') return opened
  for (const [name, ins] of Object.entries(instructions)) {
    const status = inPieces(card, `BE${ins}`, parts[name as keyof LoadUnit], true)
    if (status !== '9000') return status
  }
  return inPieces(card, 'BE16', parts.ALC, false)
}

const turned = (hex: string, at: number): string => hex.slice(0, at * 2) + (Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16) ^ 1).toString(16).padStart(2, '0').toUpperCase() + hex.slice(at * 2 + 2)

describe('the card', () => {
  it('tells its number, and its issuer once it is enabled', () => {
    const card = createCard('multos', { seed: 5, baudRate: 115_200 })
    card.powerOn()
    const manufacturer = send(card, '8002000016')
    expect(manufacturer).toMatch(/^4357050143570000.{8}0{20}9000$/)
    expect(send(card, '800000007F')).toContain(`0000000000004357`)
    expect(send(card, 'BE120000' + withLength('00'.repeat(157)))).toBe('9D1D')
    expect(inPieces(card, 'BE10', turned(controlsData(issuer), 3), false)).toBe('9D45')
    expect(inPieces(card, 'BE10', controlsData(issuer), false)).toBe('9000')
    expect(send(card, '800000007F').slice(0, 12)).toBe('010001234541')
    expect(inPieces(card, 'BE10', controlsData(issuer), false)).toBe('9D41')
  })
})

describe.skipIf(!known)('a load unit', () => {
  it('becomes an application that pays with dynamic data authentication, over a restart', async () => {
    const first = enabled()
    expect(load(first, unit())).toBe('9000')
    const card = restoreCard(JSON.parse(JSON.stringify(first.save())))
    card.powerOn()
    const exchange = (command: string) => {
      const answered = send(card, command)
      return { data: answered.slice(0, -4), status: answered.slice(-4) }
    }
    const terminal = new Terminal(exchange, { authorities: { [`${identifier.slice(0, 10)}92`]: { modulus: known!.ca.modulus, exponent: known!.ca.publicExponent } } })
    expect(await terminal.select(identifier)).toBe('9000')
    await terminal.initiate()
    await terminal.read()
    expect((await terminal.authenticateDynamic()).length).toBe(16)
    expect(await terminal.generate('ARQC', 'first', false)).toMatchObject({ kind: 'ARQC', counter: '0001' })
    expect(send(card, '00A4000C022F00')).toBe('9000')
    expect(send(card, '00B2010400')).toBe('61154F07A0000000041010500A4D4153544552434152449000')
  })

  it.each([
    ['a signature of something else', '9D1A', (parts: LoadUnit) => ({ ...parts, SIGNATURE: turned(parts.SIGNATURE, 9) })],
    ['code that was changed', '9D1A', (parts: LoadUnit) => ({ ...parts, CODE: turned(parts.CODE, 20) })],
    ['data that were changed', '9D1A', (parts: LoadUnit) => ({ ...parts, DATA: turned(parts.DATA, 40) })],
    ['a key transformation unit that was changed', '9D1B', (parts: LoadUnit) => ({ ...parts, KTU: turned(parts.KTU, 100) })],
    ['a certificate that was changed', '9D19', (parts: LoadUnit) => ({ ...parts, ALC: turned(parts.ALC, 50) })],
    ['a certificate for deleting', '9D05', (parts: LoadUnit) => ({ ...parts, ALC: parts.ALC.replace(/^5A01/, '5A02') })],
    ['another size of code', '9D0A', (parts: LoadUnit) => ({ ...parts, CODE: `${parts.CODE}00`, HEADER: turned(parts.HEADER, 121) })],
    ['a wrong open command', '9D21', (parts: LoadUnit) => ({ ...parts, HEADER: `${parts.HEADER}00` })],
    ['more than was opened', '9D17', (parts: LoadUnit) => ({ ...parts, DIR: `${parts.DIR}00` })],
  ])('with %s is refused with %s', (_what, status, change) => {
    const card = enabled()
    expect(load(card, change(unit()))).toBe(status)
    expect(send(card, `00A4040007${identifier}`)).toBe('6A82')
  })

  it('for another issuer, product or card is refused, and one for this card taken', () => {
    const card = enabled()
    const own = send(card, '8002000016').slice(8, 24)
    expect(load(card, unit({ issuer: '00099999' }))).toBe('9D51')
    expect(load(card, unit({ product: '02' }))).toBe('9D50')
    expect(load(card, unit({ date: '42' }))).toBe('9D52')
    expect(load(card, unit({ card: '4357000000000001' }))).toBe('9D53')
    expect(load(card, unit({ card: own }))).toBe('9000')
    expect(load(card, unit())).toBe('9D13')
  })

  it('that was not opened, signed or keyed does not become an application', () => {
    const card = enabled()
    const parts = unit()
    expect(inPieces(card, 'BE16', parts.ALC, false)).toBe('9D15')
    expect(send(card, 'BE24000001' + '00')).toBe('9D15')
    send(card, `BE120000${withLength(parts.HEADER)}`)
    expect(inPieces(card, 'BE16', parts.ALC, false)).toBe('9D1A')
  })

  it('that is torn off leaves nothing, and loads again', () => {
    for (const byte of [0, 500, 1500, 2500]) {
      const card = enabled()
      card.arm({ kind: 'torn-write', ins: 0x16, byte })
      load(card, unit())
      card.disarm()
      card.powerOn()
      const there = send(card, `00A4040C07${identifier}`)
      if (there === '6A82') expect(load(card, unit())).toBe('9000')
      else expect(there).toBe('9000')
    }
  })

  it('is deleted by a certificate for it', () => {
    const card = enabled()
    load(card, unit())
    expect(inPieces(card, 'BE18', deleteCertificate({ ...issuer, issuer: '00099999', identifier }), false)).toBe('9D51')
    expect(inPieces(card, 'BE18', deleteCertificate({ ...issuer, identifier: 'A0000000041011' }), false)).toBe('9D20')
    expect(inPieces(card, 'BE18', deleteCertificate({ ...issuer, identifier }), false)).toBe('9000')
    expect(send(card, `00A4040007${identifier}`)).toBe('6A82')
    expect(load(card, unit())).toBe('9000')
  })
})
