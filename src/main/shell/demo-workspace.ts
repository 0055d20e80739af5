/** The workspace that a newcomer finds: people of every role, designs, practice machines, and batches ready to run. */
import { fileURLToPath } from 'node:url'
import type { CallName, InputOf, OutputOf } from '#shared/contract/calls.ts'
import type { CardDesign } from '#shared/design/design.ts'
import { CardwrightError } from '#shared/faults.ts'
import { systemRandom } from '#drivers/random/random.ts'
import bureauCard from '#assets/templates/bureau-card.json' with { type: 'json' }
import chipDebitCard from '#assets/templates/chip-debit-card.json' with { type: 'json' }
import debitCard from '#assets/templates/debit-card.json' with { type: 'json' }
import idCard from '#assets/templates/id-card.json' with { type: 'json' }
import loyaltyCard from '#assets/templates/loyalty-card.json' with { type: 'json' }
import { createAccounts } from '../accounts/accounts.ts'
import type { DemoPerson } from '../app/people.ts'
import type { CardKeys } from '../ports/card-keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { KeyStoreSlots } from '../ports/key-store.ts'
import type { Store } from '../ports/store.ts'
import type { Core } from '../transport/core.ts'
import { importDemoKeys } from './demo-keys.ts'

/** Two operators, because some answers take two. The passwords are no secret: they stand on the sign-in page. */
export const demoPeople: readonly DemoPerson[] = [
  { name: 'Olga Orlova', role: 'operator', password: 'operator' },
  { name: 'Omar Osman', role: 'operator', password: 'second operator' },
  { name: 'Dana Dvorak', role: 'designer', password: 'designer' },
  { name: 'Arthur Abel', role: 'auditor', password: 'auditor' },
  { name: 'Clara Costa', role: 'custodian', password: 'custodian' },
  { name: 'Adam Adler', role: 'administrator', password: 'administrator' },
]

export const sampleDesigns = [debitCard, loyaltyCard, idCard, bureauCard, chipDebitCard] as readonly unknown[] as readonly CardDesign[]

/** Beside the sources, or in the package beside what was built from them. */
const assets = new URL(import.meta.url.endsWith('.ts') ? '../../../assets/' : '../../assets/', import.meta.url)

export const sampleBatch = {
  path: fileURLToPath(new URL('samples/branch-12-debit.csv', assets)),
  fileName: 'branch-12-debit.csv',
  design: 'debit-card',
  name: 'Debit July, branch 12',
}

export const practiceMachine = { name: 'Practice DC450', profile: 'dc450', mode: 'standard' }

/** The machine whose chip station makes chips while another card is embossed, and the batch that is made on it. */
export const chipMachine = { name: 'Practice chip machine', profile: 'dc450', mode: 'chip-fast' }

export const chipBatch = {
  path: fileURLToPath(new URL('samples/chip-debit-cards.csv', assets)),
  fileName: 'chip-debit-cards.csv',
  design: 'chip-debit-card',
  name: 'Chip debit, branch 12',
}

/** Everything through the ordinary calls, as a person would do it on the first morning. */
export async function furnishDemo(core: Core, parts: { store: Store; keys: KeyStoreSlots; clock: Clock }): Promise<void> {
  const accounts = createAccounts({ store: parts.store, slots: parts.keys, clock: parts.clock, random: systemRandom, onSessionEnded: () => {} })
  const people = demoPeople.map(({ name, role, password }) => ({ name, roles: [role], password }))
  await accounts.setUp({ name: 'Practice branch', demo: true, people })

  const as = await signIn(core, 'administrator')
  for (const design of sampleDesigns) await as('design.save', { design })
  await furnish(core, as, practiceMachine, sampleBatch)
  await as('session.signOut', {})
}

/** After `furnishDemo`, in a core that makes chips: keys that everybody knows, a chip machine, and a batch for it. */
export async function furnishDemoChips(core: Core, parts: { store: Store; cardKeys: CardKeys; clock: Clock }): Promise<void> {
  const as = await signIn(core, 'administrator')
  const by = parts.store.people().find(({ name }) => name === demoPeople.find(({ role }) => role === 'administrator')?.name)!.person
  for (const { name, algorithm, purpose, checkValue } of importDemoKeys(parts.cardKeys)) {
    parts.store.append([{ at: parts.clock.now(), by, fact: { kind: 'key.imported', name, algorithm, purpose, checkValue } }])
  }
  await furnish(core, as, chipMachine, chipBatch)
  await as('session.signOut', {})
}

/** A practice machine, and a batch that is checked against it. */
async function furnish(core: Core, as: Awaited<ReturnType<typeof signIn>>, machine: typeof practiceMachine, batch: typeof sampleBatch): Promise<void> {
  const { device } = await as('device.save', { ...machine, link: { kind: 'simulator', speed: 1 } })
  const { path, fileName, design, name } = batch
  const upload = core.addUpload({ path, name: fileName })
  const { options } = await as('intake.preview', { upload, design, device })
  const imported = await as('intake.import', { upload, options, design, device, name })
  if (!imported.accepted) throw new CardwrightError(imported.mistakes as never)
}

/** Calls in the name of a demo person. */
export async function signIn(core: Core, role: DemoPerson['role']) {
  const person = demoPeople.find((candidate) => candidate.role === role)!
  let token: string | undefined
  const call = async <Name extends CallName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> => {
    const answer = await core.call(name, input, { host: 'cli', token })
    if (!answer.ok) throw new CardwrightError(answer.faults as never)
    return answer.value as OutputOf<Name>
  }
  ;({ token } = await call('session.signIn', { name: person.name, password: person.password }))
  return call
}
