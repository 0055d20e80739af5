/** mchip-multos from a load unit to a payment with dynamic data authentication. */
import { describe, expect, it } from 'vitest'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { usualIdentifier } from '../../../support/emv-card-data.ts'
import type { Pki } from '../../../support/emv-card-data.ts'
import { controlsData } from '../../../support/multos-load-unit.ts'
import { Terminal } from '../../../support/emv-terminal.ts'
import { vectorFile } from '../../../support/vectors.ts'
import { send } from '../../drivers/virtual-card/native/host.ts'
import { endOf, groupsOf, personalize } from './run.ts'
import { issuer, multosGroups } from './samples.ts'

const known = vectorFile('test-pki.json') as Omit<Pki, 'index'> | undefined
const identifier = usualIdentifier.mchip

const blank = (seed = 1) => createCard('multos', { seed, baudRate: 115_200 })

function prepared(change: (groups: Record<string, string>) => Record<string, string> = (groups) => groups) {
  return [{ application: 'payment', groups: groupsOf(change(multosGroups({ index: '92', ...known! })), []) }]
}

describe.skipIf(!known)('mchip-multos', () => {
  it('makes a card that pays', async () => {
    const card = blank()
    const run = await personalize('mchip-multos', card, prepared())
    expect(endOf(run)).toBe('done')
    expect(run.result).toMatchObject({ report: { verified: 7 } })
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
    expect(await terminal.generate('TC', 'first', false)).toMatchObject({ counter: '0001' })
  })

  it('refuses another card, one in use, and one that is not enabled for this issuer', async () => {
    expect(endOf(await personalize('mchip-multos', createCard('native-mchip', { seed: 1, baudRate: 9_600 }), prepared()))).toContain('chip-wrong-card')
    const card = blank()
    await personalize('mchip-multos', card, prepared())
    expect(endOf(await personalize('mchip-multos', card, prepared()))).toContain('loaded')
    const without = ({ CONTROLS: _, ...groups }: Record<string, string>) => groups
    expect(endOf(await personalize('mchip-multos', blank(), prepared(without)))).toContain('not-enabled')
    const others = prepared((groups) => ({ ...groups, CONTROLS: controlsData({ ...issuer, issuer: '00099999' }) }))
    expect(endOf(await personalize('mchip-multos', blank(), others))).toContain('9D51')
  })

  it('begins loading anew when the contact is lost in it, and is spoiled when it is lost at the certificate', async () => {
    const card = blank()
    card.arm({ kind: 'mute', ins: 0x26, executed: true })
    expect(endOf(await personalize('mchip-multos', card, prepared()))).toBe('done')
    const other = blank()
    other.arm({ kind: 'mute', ins: 0x16, executed: true })
    expect((await personalize('mchip-multos', other, prepared())).result.kind).toBe('failed')
  })

  it('finds out when a part was confirmed and not kept: its signature is not right then', async () => {
    const card = blank()
    card.arm({ kind: 'silent-loss', ins: 0x26 })
    expect(endOf(await personalize('mchip-multos', card, prepared()))).toContain('9D1A')
  })
})
