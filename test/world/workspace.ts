/**
 * A workspace as a branch has it in the morning: people, machines, jobs that wait. It is made once, by the program's own
 * calls, and every history then begins with a copy of it.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadProfile, shippedDocuments } from '#drivers/cpx/profile.ts'
import type { Profile } from '#drivers/cpx/profile.ts'
import { memoryKeyFile } from '#drivers/keystore-file/key-file.ts'
import type { KeyFile } from '#drivers/keystore-file/key-file.ts'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import { seededRandom } from '#drivers/random/random.ts'
import { createAccounts } from '#main/accounts/accounts.ts'
import { createJobs } from '#main/jobs/jobs.ts'
import type { StoredDesign } from '#main/ports/store.ts'
import { openStore } from '#main/store/store.ts'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { CardDesign } from '#shared/design/design.ts'
import type { SimulatorMode, SimulatorModel } from '#shared/device/simulator.ts'
import type { DeviceId, JobId } from '#shared/journal/events.ts'
import { furnishChips } from './chips.ts'
import type { ExpectedCard } from './oracle.ts'

export const people = {
  operator: { name: 'Olga', password: 'a quiet morning at branch 12' },
  second: { name: 'Sergei', password: 'two people are needed for this' },
}

/** Card machines whose sites know more, or less, of what a status letter means for the blank. */
export const profiles = {
  /** As it ships: nobody knows where a letter leaves the card. */
  dc450: loadProfile({ extends: 'dc450' }, shippedDocuments),
  dc280p: loadProfile({ extends: 'dc280p' }, shippedDocuments),
  dc150i: loadProfile({ extends: 'dc150i' }, shippedDocuments),
  /** The site knows that a stripe failure leaves the card inside, and has it embossed over. */
  'site-void': siteProfile('site-void', ['void-pattern']),
  /** The same, and a person takes the card out. */
  'site-removal': siteProfile('site-removal', ['operator-removal']),
} satisfies Record<string, Profile>
export type ProfileName = keyof typeof profiles

function siteProfile(profile: string, rejectWays: string[]): Profile {
  const statuses = {
    H: { card: 'inside' },
    W: { card: 'inside' },
    N: { card: 'reject-tray' },
    T: { card: 'none' },
    U: { card: 'none' },
    V: { card: 'none' },
  }
  return loadProfile({ extends: 'dc450', profile, model: profile, statuses, rejectWays }, shippedDocuments)
}

export interface MachineSetUp {
  device: DeviceId
  profile: ProfileName
  mode: SimulatorMode
  /** `dc450` where absent. */
  model?: SimulatorModel
}

export interface JobSetUp {
  cards: readonly { card: PreparedCard; expected: Omit<ExpectedCard, 'job' | 'record'> }[]
}

export interface Workspace {
  machines: readonly MachineSetUp[]
  jobs: readonly JobId[]
  cards: readonly ExpectedCard[]
  /** The database's bytes, and the key store's document. */
  database: Uint8Array
  keys: string
}

export const lightScrypt = { logN: 4, r: 8, p: 1 }

let made: string | undefined

/** A folder of this process in memory, where the machine has one, which ends with the process. */
export function worldFolder(): string {
  if (made === undefined) {
    made = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'cardwright-world-'))
    const folder = made
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  }
  return made
}

let folders = 0
export function newFolder(): string {
  const folder = join(worldFolder(), String(++folders))
  mkdirSync(folder)
  return folder
}

export async function makeWorkspace(machines: readonly MachineSetUp[], jobs: readonly JobSetUp[]): Promise<Workspace> {
  const path = join(newFolder(), 'cardwright.db')
  const clock = new VirtualClock()
  const file = memoryKeyFile()
  const store = openStore({ path })
  const keys = openFileKeyStore({ file, random: seededRandom('workspace'), cost: lightScrypt })
  const accounts = createAccounts({ store, slots: keys, clock, random: seededRandom('accounts'), onSessionEnded: () => {} })
  const staff = [people.operator, people.second].map((person) => ({ ...person, roles: ['operator' as const] }))
  await accounts.setUp({ name: 'Branch 12', demo: false, people: [{ name: 'Anna', password: 'keeper of the small keys', roles: ['administrator'] }, ...staff] })
  const session = await accounts.signIn(people.operator.name, people.operator.password, 'cli')
  if (jobs.some(({ cards }) => cards.some(({ card }) => card.chip !== undefined))) furnishChips(store, keys.cardKeys, clock.now())
  for (const { device, profile, mode } of machines) {
    const link = { kind: 'tcp' as const, host: device, port: 1 }
    store.append([{ at: clock.now(), by: session.person, fact: { kind: 'device.saved', device, name: device, profile, mode, link } }])
  }
  const service = createJobs({ store, keys, clock })
  const cards = jobs.flatMap(({ cards: made }) => {
    const order = service.startImport({ name: 'Batch', design: designOf(made[0]?.card.chip?.task), fileName: 'batch.csv' })
    order.add(made.map(({ card }) => card))
    const { job } = order.commit('00'.repeat(32), session.person)
    return made.map(({ expected }, index) => ({ ...expected, job, record: index + 1 }))
  })
  accounts.signOut(session.token)
  const ids = store.jobs().map(({ job }) => job)
  store.close()
  return { machines, jobs: ids.toSorted(), cards, database: readFileSync(path), keys: file.read() ?? '' }
}

/** The least that a design says. What stands on the cards of this world was prepared without it. */
function designOf(task: string | undefined): StoredDesign {
  const name = { en: 'World', ru: 'Мир' }
  const document: CardDesign = {
    cardwright: 'card-design', version: 1, id: 'world', name, topping: true, contacts: task !== undefined,
    columns: [{ name: 'number', required: true, example: '' }],
    number: { text: 'number', luhn: true },
    lines: [],
    tracks: { track2: { text: 'number', format: 'free' } },
    ...(task !== undefined && { chip: { task, applications: [{ application: 'any', groups: [{ group: 'any', bytes: 'number' }] }] } }),
  }
  return { design: 'world', revision: 1, digest: '00'.repeat(32), name: name.en, document: JSON.stringify(document), savedAt: 0, savedBy: 'system' }
}

/** A copy of the workspace in a folder of its own. */
export function unpack(workspace: Workspace): { path: string; keys: KeyFile } {
  const path = join(newFolder(), 'cardwright.db')
  writeFileSync(path, workspace.database)
  const keys = memoryKeyFile()
  keys.write(workspace.keys)
  return { path, keys }
}
