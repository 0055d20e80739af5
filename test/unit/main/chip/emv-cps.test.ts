import { describe, expect, it } from 'vitest'
import { fromHex } from '#shared/bytes.ts'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { ChipTask } from '#shared/chip/task.ts'
import { cardData } from '../../../support/emv-card-data.ts'
import { rsaFrom } from '../../../support/demo-pki.ts'
import { applicationOf, chipBench, make, practiceCard, secretGroup, taskOf } from '../../../support/chip-work.ts'

const identifier = 'A0000000031010'
const pki = { index: '92', ca: rsaFrom('ca', 1152), issuer: rsaFrom('issuer', 1024), icc: rsaFrom('icc', 960) }

const groups = Object.entries(cardData({ scheme: 'visa-18', number: '4276550000000018', expiry: '2912', name: 'PETROV/PETR', authentication: 'CDA', pki })).map(([name, value]) =>
  name.startsWith('8') ? secretGroup(name, value) : { name, value },
)
const chip: PreparedChip = { task: 'task', applications: [{ application: 'app', groups }] }

function task(key: string, diversification: string, parameters: Record<string, string | boolean> = {}): ChipTask {
  return taskOf(
    [
      applicationOf('emv-cps', {
        parameters: { application: identifier, diversification, install: true, loadFile: 'F043415244575201', module: 'F04341524457520101', ...parameters },
        keys: { 'card-manager': key, ...(parameters['newKeyVersion'] === undefined ? {} : { 'new-keys': 'new-master' }) },
        template: groups.map(({ name, ...group }) => ({ group: name, required: true, secret: 'secret' in group })),
        open: [`00A4040007${identifier}00`, '80A8000002830000'],
        verify: [
          { read: 'record', sfi: 1, record: 1, group: '0101' },
          { read: 'record', sfi: 2, record: 1, group: '0201' },
          { read: 'record', sfi: 3, record: 2, group: '0302' },
        ],
      }),
    ],
    { card: { serial: { from: 'cplc' }, keyVersion: '01' } },
  )
}

const cards = [
  ['gp-scp02-15', 'practice-des', 'emv-cps', 'mac'],
  ['gp-scp02-55', 'practice-des', 'emv-cps', 'mac+encryption'],
  ['gp-scp03-128', 'practice-aes128', 'kdf3', 'mac+encryption'],
  ['gp-scp03-192', 'practice-aes192', 'kdf3', 'mac+encryption+response-mac'],
  ['gp-scp03-256', 'practice-aes256', 'kdf3', 'mac+encryption+response-mac+response-encryption'],
] as const satisfies readonly (readonly [PracticeCardType, string, string, string])[]

describe('emv-cps', () => {
  it.each(cards)('makes a payment card of %s', async (type, key, diversification, level) => {
    const bench = await chipBench({ tasks: { task: task(key, diversification, { level }) } })
    const { result, identified } = await make(bench, practiceCard(type), chip)
    expect(bench.bugs).toEqual([])
    expect(result).toMatchObject({ kind: 'done', report: { verified: 3 } })
    expect(identified).toEqual([{ atr: expect.stringMatching(/^3B/) as string, chip: expect.stringMatching(/^[0-9A-F]{20}$/) as string }])
  })
})

describe('emv-cps, further', () => {
  it.each([
    ['gp-scp02-15', 'practice-des', 'emv-cps', 'new-master'],
    ['gp-scp03-192', 'practice-aes192', 'kdf3', 'new-aes192'],
    ['gp-scp03-256', 'practice-aes256', 'kdf3', 'new-aes256'],
  ] as const)('puts new keys on %s, which opens by them from then on', async (type, key, diversification, fresh) => {
    const first = task(key, diversification, { newKeyVersion: '30', newKeyDiversification: diversification })
    first.applications[0]!.keys['new-keys'] = fresh
    const again = taskOf([applicationOf('again', { keys: { manager: fresh } })], { id: 'again', card: { serial: { from: 'cplc' } } })
    const again30 = `export default async (card) => { await card.openChannel({ protocol: 'auto', key: 'manager', diversification: '${diversification}', level: 'mac', keyVersion: '30' }) }`
    const bench = await chipBench({ tasks: { task: first, again }, scapps: { again: again30 } })
    const card = practiceCard(type)
    expect((await make(bench, card, chip)).result).toMatchObject({ kind: 'done' })
    expect((await make(bench, card, { task: 'again', applications: [] })).result).toMatchObject({ kind: 'done' })
  })

  it('puts new keys in the place of the ones that a card came with, which are gone then', async () => {
    const first = task('practice-aes128', 'kdf3', { newKeyVersion: '30', replacedKeyVersion: '01', newKeyDiversification: 'kdf3' })
    first.applications[0]!.keys['new-keys'] = 'practice-aes128'
    const bench = await chipBench({ tasks: { task: first } })
    const card = practiceCard('gp-scp03-128')
    expect((await make(bench, card, chip)).result).toMatchObject({ kind: 'done' })
    card.powerOn()
    expect(card.transmit(fromHex('80CA00E000'))).toMatchObject({ bytes: fromHex('E012C00401308810C00402308810C004033088109000') })
  })

  it.each(['in-blocks-of-their-own', 'as-the-application-knows'])('takes secrets %s, whole groupings or not', async (secrets) => {
    for (const spanning of [true, false]) {
      const bench = await chipBench({ tasks: { task: task('practice-des', 'emv-cps', { secrets, spanning, level: 'mac+encryption' }) } })
      expect((await make(bench, practiceCard('gp-scp02-55'), chip)).result).toMatchObject({ kind: 'done' })
    }
  })
})
