import { describe, expect, test } from 'vitest'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import { memoryKeyFile } from '#drivers/keystore-file/key-file.ts'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { seededRandom } from '#drivers/random/random.ts'
import { createAccounts } from '#main/accounts/accounts.ts'
import { openStore } from '#main/store/store.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Role } from '#shared/journal/events.ts'

const minute = 60_000
const staff = [
  { name: 'Maria', roles: ['administrator'] as Role[], password: 'green lamp on the desk' },
  { name: 'Олег', roles: ['operator'] as Role[], password: 'чай без сахара утром' },
  { name: 'Anna', roles: ['auditor'] as Role[], password: 'seven quiet rivers' },
  { name: 'Kirill', roles: ['custodian'] as Role[], password: 'locks and more locks' },
]

async function branch({ idle = 10 * minute, demo = false } = {}) {
  const clock = new VirtualClock()
  const store = openStore({ path: ':memory:' })
  const file = memoryKeyFile()
  const keys = openFileKeyStore({ file, random: seededRandom('keys'), cost: { logN: 2, r: 8, p: 1 } })
  const ended: string[] = []
  const busy = { machine: false }
  const open = () =>
    createAccounts({ store, slots: keys, clock, random: seededRandom('tokens'), idle, keysInUse: () => busy.machine, onSessionEnded: (token) => ended.push(token) })
  const accounts = open()
  await accounts.setUp({ name: 'Branch 12', demo, people: staff })
  const signIn = (name: string) => accounts.signIn(name, staff.find((person) => person.name === name)!.password, 'web')
  const kinds = () => store.journal({ after: 0, limit: 1_000 }).map((row) => row.fact.kind)
  return { clock, store, keys, file, accounts, open, ended, busy, signIn, kinds }
}

async function codeOf(act: () => unknown): Promise<string | undefined> {
  try {
    await act()
    return undefined
  } catch (thrown) {
    return thrown instanceof CardwrightError ? thrown.faults[0].code : String(thrown)
  }
}

describe('setting up a workspace', () => {
  test('names its people, and no password is anywhere but wrapped around the key', async () => {
    const { store, file, keys } = await branch()
    expect(store.workspace()).toEqual({ name: 'Branch 12', demo: false })
    expect(store.people().map(({ name, roles, active }) => [name, roles, active])).toEqual(staff.map(({ name, roles }) => [name, roles, true]))
    expect(keys.locked).toBe(true)
    const kept = JSON.stringify(store.journal({ after: 0, limit: 100 })) + (file.read() ?? '')
    for (const { password } of staff) expect(kept).not.toContain(password)
  })

  test('happens once, needs an administrator, and good passwords', async () => {
    const { accounts } = await branch()
    expect(await codeOf(() => accounts.setUp({ name: 'again', demo: false, people: staff }))).toBe('workspace.exists')
    const fresh = () => {
      const slots = openFileKeyStore({ file: memoryKeyFile(), random: seededRandom('keys'), cost: { logN: 2, r: 8, p: 1 } })
      return createAccounts({ store: openStore({ path: ':memory:' }), slots, clock: new VirtualClock(), random: seededRandom(1), onSessionEnded: () => {} })
    }
    const setUp = (people: typeof staff, demo = false) => codeOf(() => fresh().setUp({ name: 'x', demo, people }))
    const [maria, oleg] = staff as [(typeof staff)[0], (typeof staff)[0]]
    expect(await setUp([oleg])).toBe('person.last-administrator')
    expect(await setUp([{ ...maria, password: 'short' }])).toBe('person.password-short')
    expect(await setUp([{ ...maria, password: 'my name is MARIA ' }])).toBe('person.password-has-name')
    expect(await setUp([maria, { ...oleg, name: ' ' }])).toBe('person.name-blank')
    expect(await setUp([maria, { ...oleg, name: ' MARIA' }])).toBe('person.name-taken')
    expect(await setUp([{ ...maria, password: 'demo' }], true)).toBeUndefined()
  })

  test('that was cut off before its first fact is finished by the same administrator', async () => {
    const keys = openFileKeyStore({ file: memoryKeyFile(), random: seededRandom('keys'), cost: { logN: 2, r: 8, p: 1 } })
    await keys.create('P-01', staff[0]!.password)
    keys.lock()
    const store = openStore({ path: ':memory:' })
    const accounts = createAccounts({ store, slots: keys, clock: new VirtualClock(), random: seededRandom(1), onSessionEnded: () => {} })
    expect(await codeOf(() => accounts.setUp({ name: 'x', demo: false, people: [{ ...staff[0]!, password: 'another password' }] }))).toBe('key.exists')
    await accounts.setUp({ name: 'x', demo: false, people: staff })
    expect((await accounts.signIn('Олег', staff[1]!.password, 'web')).roles).toEqual(['operator'])
  })
})

describe('signing in', () => {
  test('opens the keys, and is written down; a name may be typed in any case', async () => {
    const { accounts, keys, store } = await branch()
    const session = await accounts.signIn(' олег ', staff[1]!.password, 'electron')
    expect(keys.locked).toBe(false)
    expect(accounts.session(session.token)).toEqual(session)
    expect(session).toMatchObject({ person: 'P-02', name: 'Олег', roles: ['operator'] })
    expect(Buffer.from(session.token, 'base64url')).toHaveLength(32)
    expect(store.journal({ after: 0, limit: 100 }).at(-1)).toMatchObject({ by: 'P-02', fact: { kind: 'person.signed-in', host: 'electron' } })
  })

  test('is refused alike for a wrong password, an unknown name and somebody switched off', async () => {
    const { accounts, signIn, store, keys } = await branch()
    expect(await codeOf(() => accounts.signIn('Anna', 'wrong', 'web'))).toBe('person.sign-in-refused')
    expect(await codeOf(() => accounts.signIn('Nobody', 'wrong', 'web'))).toBe('person.sign-in-refused')
    expect(keys.locked).toBe(true)
    expect(store.journal({ after: 0, limit: 100 }).slice(-2).map((row) => row.fact)).toEqual([
      { kind: 'person.sign-in-refused', person: 'P-03', host: 'web' },
      { kind: 'person.sign-in-refused', host: 'web' },
    ])
    await signIn('Maria')
    await accounts.change({ person: 'P-03', name: 'Anna', roles: ['auditor'], active: false }, 'P-01')
    expect(await codeOf(() => signIn('Anna'))).toBe('person.sign-in-refused')
  })

  test('has to wait longer after each wrong password, whatever the case of the name and however many at once', async () => {
    const { accounts, signIn, clock } = await branch()
    const wrong = ['Anna', 'anna', ' ANNA', 'Anna', 'anna'].map((name) => codeOf(() => accounts.signIn(name, 'wrong', 'web')))
    expect(await Promise.all(wrong)).toEqual([...Array(3).fill('person.sign-in-refused'), ...Array(2).fill('person.wait')])
    expect(await codeOf(() => signIn('Anna'))).toBe('person.wait')
    await clock.advance(2_000)
    expect(await codeOf(() => accounts.signIn('Anna', 'wrong', 'web'))).toBe('person.sign-in-refused')
    await clock.advance(2_000)
    expect(await codeOf(() => signIn('Anna'))).toBe('person.wait')
    await clock.advance(2_000)
    expect((await signIn('Anna')).name).toBe('Anna')
    // The right one clears the slate; another name never waited.
    expect(await codeOf(() => accounts.signIn('Anna', 'wrong', 'web'))).toBe('person.sign-in-refused')
    expect((await signIn('Maria')).name).toBe('Maria')
  })
})

describe('a session', () => {
  test('ends by signing out, once, and its token is worth nothing then', async () => {
    const { accounts, signIn, ended, kinds } = await branch()
    const { token } = await signIn('Олег')
    accounts.signOut(token)
    accounts.signOut(token)
    expect(accounts.session(token)).toBeUndefined()
    expect(ended).toEqual([token])
    expect(kinds().filter((kind) => kind === 'person.signed-out')).toHaveLength(1)
    expect(accounts.session('')).toBeUndefined()
  })

  test('ends when nobody has used it for the idle time; use prolongs it', async () => {
    const { accounts, signIn, clock, ended } = await branch({ idle: 15 * minute })
    const used = await signIn('Олег')
    const left = await signIn('Maria')
    for (let quarter = 0; quarter < 3; quarter++) {
      await clock.advance(14 * minute)
      expect(accounts.session(used.token)?.name).toBe('Олег')
    }
    expect(accounts.session(left.token)).toBeUndefined()
    expect(accounts.expire()).toEqual([left.token])
    expect(ended).toEqual([left.token])
    await clock.advance(16 * minute)
    expect(accounts.expire()).toEqual([used.token])
  })

  test('has the roles that its person has now, and ends with the person', async () => {
    const { accounts, signIn, ended } = await branch()
    await signIn('Maria')
    const { token } = await signIn('Олег')
    await accounts.change({ person: 'P-02', name: 'Олег', roles: ['designer'], active: true }, 'P-01')
    expect(accounts.session(token)?.roles).toEqual(['designer'])
    await accounts.change({ person: 'P-02', name: 'Олег', roles: ['designer'], active: false }, 'P-01')
    expect(accounts.session(token)).toBeUndefined()
    expect(ended).toEqual([token])
  })

  test('the last one locks the keys, but not while a machine needs them', async () => {
    const { accounts, signIn, keys, busy, clock } = await branch()
    const first = await signIn('Олег')
    const second = await signIn('Maria')
    accounts.signOut(first.token)
    expect(keys.locked).toBe(false)
    busy.machine = true
    accounts.signOut(second.token)
    expect(keys.locked).toBe(false)
    busy.machine = false
    accounts.expire()
    expect(keys.locked).toBe(true)
    const again = await signIn('Олег')
    await clock.advance(11 * minute)
    expect(accounts.expire()).toEqual([again.token])
    expect(keys.locked).toBe(true)
  })
})

describe('the second signature', () => {
  test('is somebody else’s who may stand at the machine', async () => {
    const { accounts, signIn, kinds } = await branch()
    await signIn('Олег')
    const second = (name: string, password?: string) =>
      codeOf(() => accounts.confirmSecond(name, password ?? staff.find((person) => person.name === name)!.password, 'P-02'))
    expect(await accounts.confirmSecond('Kirill', staff[3]!.password, 'P-02')).toBe('P-04')
    expect(await second('Maria')).toBeUndefined()
    expect(await second('Олег')).toBe('person.second-refused')
    expect(await second('Anna')).toBe('person.second-refused')
    expect(await second('Kirill', 'wrong')).toBe('person.second-refused')
    expect(kinds().at(-1)).toBe('person.sign-in-refused')
  })
})

describe('people', () => {
  test('are added one after the other, also when two are added at once', async () => {
    const { accounts, signIn } = await branch()
    await signIn('Maria')
    const person = (name: string) => ({ name, roles: ['operator'] as Role[], password: `long enough for ${name.length}` })
    const added = await Promise.all([accounts.add(person('Ivan'), 'P-01'), accounts.add(person('Boris '), 'P-01')])
    expect(added.map(({ person: id, name }) => [id, name])).toEqual([['P-05', 'Ivan'], ['P-06', 'Boris']])
    expect((await accounts.signIn('Ivan', 'long enough for 4', 'web')).person).toBe('P-05')
    expect((await accounts.signIn('Boris', 'long enough for 6', 'web')).person).toBe('P-06')
    expect(await codeOf(() => accounts.add(person('IVAN'), 'P-01'))).toBe('person.name-taken')
    expect(await codeOf(() => accounts.add(person('  '), 'P-01'))).toBe('person.name-blank')
    expect(await codeOf(() => accounts.add({ ...person('Pyotr'), password: 'short' }, 'P-01'))).toBe('person.password-short')
  })

  test('always include somebody who can administer', async () => {
    const { accounts, signIn } = await branch()
    await signIn('Maria')
    const maria = { person: 'P-01', name: 'Maria', roles: ['administrator'] as Role[], active: true }
    expect(await codeOf(() => accounts.change({ ...maria, active: false }, 'P-01'))).toBe('person.last-administrator')
    expect(await codeOf(() => accounts.change({ ...maria, roles: ['auditor'] }, 'P-01'))).toBe('person.last-administrator')
    await accounts.change({ person: 'P-04', name: 'Kirill', roles: ['administrator'], active: true }, 'P-01')
    expect(await codeOf(() => accounts.change({ ...maria, active: false }, 'P-01'))).toBeUndefined()
    expect(await codeOf(() => accounts.change({ person: 'P-99', name: 'x', roles: [], active: true }, 'P-04'))).toBe('person.unknown')
  })

  test('who were switched off hold no key, and come back with a new password', async () => {
    const { accounts, signIn, file } = await branch()
    await signIn('Maria')
    const anna = { person: 'P-03', name: 'Anna', roles: ['auditor'] as Role[] }
    await accounts.change({ ...anna, active: false }, 'P-01')
    expect(file.read()).not.toContain('P-03')
    await accounts.change({ ...anna, active: true }, 'P-01')
    expect(await codeOf(() => signIn('Anna'))).toBe('person.sign-in-refused')
    await accounts.setPassword('P-03', 'a brand new sentence', 'P-01')
    expect((await accounts.signIn('Anna', 'a brand new sentence', 'web')).person).toBe('P-03')
  })

  test('change their own password with the old one; other sessions of theirs end', async () => {
    const { accounts, signIn, ended, kinds } = await branch()
    const here = await signIn('Anna')
    const there = await signIn('Anna')
    expect(await codeOf(() => accounts.changePassword(here, 'wrong', 'a brand new sentence'))).toBe('person.sign-in-refused')
    expect(await codeOf(() => accounts.changePassword(here, staff[2]!.password, 'short'))).toBe('person.password-short')
    await accounts.changePassword(here, staff[2]!.password, 'a brand new sentence')
    expect(ended).toEqual([there.token])
    expect(accounts.session(here.token)?.name).toBe('Anna')
    expect(await codeOf(() => signIn('Anna'))).toBe('person.sign-in-refused')
    expect(kinds()).toContain('person.password-set')
  })

  test('are as they were after a new start', async () => {
    const { accounts, signIn, open } = await branch()
    const { token } = await signIn('Maria')
    await accounts.add({ name: 'Ivan', roles: ['operator'], password: 'long enough, I think' }, 'P-01')
    const later = open()
    expect(later.session(token)).toBeUndefined()
    expect((await later.signIn('Ivan', 'long enough, I think', 'web')).roles).toEqual(['operator'])
  })
})
