/** Cards with certificates of real payment systems' keys, as others recorded them: the practice card gives them out, the terminal of the tests believes them. */
import { describe, expect, it } from 'vitest'
import { tlv } from '../../../../support/emv-card-data.ts'
import { loneCard } from '../../../../support/emv-card.ts'
import { Terminal } from '../../../../support/emv-terminal.ts'
import { vectorFile } from '../../../../support/vectors.ts'

interface Chain {
  source: string
  capk: { rid: string; index: string; modulus: string; exponent: string }
  raw: Record<string, string>
  sda?: { DAC_9F45: string }
  icc?: { icc_modulus: string }
}

const known = vectorFile('emv-certificate-chains.json') as { chains: Chain[] } | undefined
const chains = (known?.chains ?? []).filter(({ raw }) => raw['ssd1'] !== undefined)

/** Static data end with the AIP where they have more than data objects. */
async function cardOf({ capk, raw }: Chain) {
  const identifier = `${capk.rid}1010`
  const card = loneCard(identifier)
  const [records, profile] = [raw['ssd1']!.slice(0, -4), raw['ssd1']!.slice(-4)]
  const hasList = records.includes('9F4A0182')
  const rest = (records.includes('8C21') ? '' : tlv('8C', '9F3704') + tlv('8D', '8A02')) + (hasList ? '' : tlv('9F4A', '82'))
  const statuses = card.personalize({
    '0101': tlv('70', records),
    '0102': tlv('70', rest === '' ? tlv('5F30', '0201') : rest),
    '0103': tlv('70', tlv('8F', capk.index) + tlv('9F32', raw['issuer_exp']!) + tlv('92', raw['issuer_rem']!)),
    '0104': tlv('70', tlv('90', raw['issuer_cert']!)),
    '0105': tlv('70', raw['icc_cert'] ? tlv('9F46', raw['icc_cert']) : tlv('93', raw['ssad_cr']!)),
    '0106': tlv('70', tlv('9F47', raw['icc_exp'] ?? '03')),
    '9102': tlv('A5', tlv('50', '41')),
    '9104': tlv('82', profile) + tlv('94', '08010601'),
  })
  expect(statuses.every((status) => status === '9000')).toBe(true)
  const terminal = new Terminal(card.exchange, { authorities: { [capk.rid + capk.index]: { modulus: capk.modulus, exponent: capk.exponent } } })
  expect(await terminal.select(identifier)).toBe('9000')
  await terminal.initiate()
  await terminal.read()
  return terminal
}

describe.skipIf(!known)('recorded chains', () => {
  it('are a static and a dynamic one', () => expect(chains).toHaveLength(2))
  it.each(chains.map((chain) => [chain.source, chain] as const))('%s', async (_source, chain) => {
    const terminal = await cardOf(chain)
    if (chain.sda) expect(terminal.authenticateStatic()).toBe(chain.sda.DAC_9F45)
    else expect(terminal.recoverCardKey().modulus).toBe(chain.icc!.icc_modulus)
  })
})
