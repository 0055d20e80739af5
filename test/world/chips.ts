/** A small payment card with a chip: every kind of command that there is, and not one more. */
import { readFileSync } from 'node:fs'
import type { CardKeys } from '#main/ports/card-keys.ts'
import type { Store } from '#main/ports/store.ts'
import type { ChipTask } from '#shared/chip/task.ts'
import type { JobSetUp } from './workspace.ts'
import { smallCard } from './cards.ts'

type Order = JobSetUp['cards'][number]

const application = 'A0000000031010'
const loadFile = 'F043415244575201'

/** Everything that is written is read back: what a card silently loses has to come to light. */
const task: ChipTask = {
  cardwright: 'chip-task',
  version: 1,
  id: 'world-chip',
  name: { en: 'World', ru: 'Мир' },
  card: { serial: { from: 'cplc' }, keyVersion: '01' },
  applications: [
    {
      application: 'payment',
      scapp: 'emv-cps',
      parameters: { application, install: true, loadFile, module: `${loadFile}01`, diversification: 'emv-cps', level: 'mac' },
      keys: { 'card-manager': 'world-master' },
      template: ['0101', '9102', '9104'].map((group) => ({ group, required: true, secret: false })),
      open: [`00A4040007${application}00`],
      verify: [
        { read: 'record', sfi: 1, record: 1, group: '0101' },
        { read: 'command', command: `00A4040007${application}00`, offset: 11, group: '9102' },
        { read: 'command', command: '80A8000002830000', offset: 0, group: '9104' },
      ],
    },
  ],
}

/** The documents and the key that these cards are made with; the key store is open. */
export function furnishChips(store: Store, keys: CardKeys, at: number): void {
  keys.importKey({ name: 'world-master', algorithm: 'des2', purpose: 'master', value: Uint8Array.from(Buffer.from('404142434445464748494A4B4C4D4E4F', 'hex')) })
  const script = readFileSync(new URL('../../assets/scapps/emv-cps.js', import.meta.url), 'utf8')
  const documents = [
    { document: 'task', id: task.id, source: JSON.stringify(task) },
    { document: 'scapp', id: 'emv-cps', source: script },
  ] as const
  for (const { document, id, source } of documents) {
    store.saveChipDocument({ at, by: 'system', fact: { kind: 'chip.document-saved', document, id, revision: 1, digest: '00'.repeat(32), name: id } }, source)
  }
}

/** A small card whose chip names its number and expiry, as its track does. */
export function chipCard(index: number): Order {
  const { card, expected } = smallCard(index)
  const { number } = card
  const equivalent = `${number}D2912101`
  const objects = tlv('5A', number) + tlv('5F24', '291231') + tlv('57', equivalent.length % 2 === 0 ? equivalent : `${equivalent}F`)
  const record = tlv('70', objects)
  const label = tlv('50', Buffer.from('CARD').toString('hex').toUpperCase())
  const groups = [
    { name: '0101', value: record },
    { name: '9102', value: tlv('A5', label) },
    { name: '9104', value: '8006180008010100' },
  ]
  return {
    card: { ...card, chip: { task: task.id, applications: [{ application: 'payment', groups }] } },
    expected: { ...expected, chip: { application, cells: { 'record/0101': record, 'tag/A5': label, 'tag/82': '1800', 'tag/94': '08010100' } } },
  }
}

function tlv(tag: string, value: string): string {
  return tag + (value.length / 2).toString(16).toUpperCase().padStart(2, '0') + value
}
