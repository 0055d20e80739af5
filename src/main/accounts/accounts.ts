/** People and their sessions: who may sign in, with which roles, and who signs as the second person. */
import { createHash } from 'node:crypto'
import { CardwrightError } from '#shared/faults.ts'
import type { Actor, Fact, PersonId, Role } from '#shared/journal/events.ts'
import type { Clock } from '../ports/clock.ts'
import type { KeyStoreSlots } from '../ports/key-store.ts'
import type { Random } from '../ports/random.ts'
import type { Store, StoredPerson } from '../ports/store.ts'
import { checkPassword, createThrottle } from './passwords.ts'

export interface Session {
  readonly token: string
  readonly person: PersonId
  readonly name: string
  readonly roles: readonly Role[]
}

export interface NewPerson {
  name: string
  roles: Role[]
  password: string
}

export interface Accounts {
  /** The first people of a new workspace, an administrator among them. In a demo workspace any password will do. */
  setUp(workspace: { name: string; demo: boolean; people: NewPerson[] }): Promise<void>
  /** Throws `person.sign-in-refused` without saying whether name or password was wrong, or `person.wait`. */
  signIn(name: string, password: string, host: string): Promise<Session>
  signOut(token: string): void
  /** The live session of a token; using it keeps it from idling out. */
  session(token: string): Session | undefined
  /** Ends sessions that have idled too long; answers their tokens. */
  expire(): string[]
  /** Somebody else than `first`, with a right to sign at the machine. Throws `person.second-refused`. */
  confirmSecond(name: string, password: string, first: PersonId): Promise<PersonId>
  list(): StoredPerson[]
  add(person: NewPerson, by: Actor): Promise<StoredPerson>
  /** Throws `person.last-administrator` where nobody would be left to administer. */
  change(person: StoredPerson, by: Actor): Promise<StoredPerson>
  setPassword(person: PersonId, password: string, by: Actor): Promise<void>
  changePassword(session: Session, old: string, next: string): Promise<void>
}

export interface AccountsPorts {
  store: Store
  slots: KeyStoreSlots
  clock: Clock
  random: Random
  /** Milliseconds without a call after which a session ends. */
  idle?: number
  onSessionEnded(token: string): void
}

const tenMinutes = 600_000
const maySignSecond: readonly Role[] = ['operator', 'custodian', 'administrator']

export function createAccounts({ store, slots, clock, random, idle = tenMinutes, onSessionEnded }: AccountsPorts): Accounts {
  /** By SHA-256 of the token, so that a look-up tells nothing about tokens by its time. */
  const sessions = new Map<string, { session: Session; used: number }>()
  const throttle = createThrottle(clock)

  const append = (by: Actor, ...facts: Fact[]) => store.append(facts.map((fact) => ({ at: clock.now(), by, fact })))

  const named = (name: string) => store.people().find((person) => sameName(person.name, name))

  const known = (person: PersonId): StoredPerson => {
    const found = store.people().find((candidate) => candidate.person === person)
    if (found === undefined) throw new CardwrightError({ code: 'person.unknown', class: 'operator' })
    return found
  }

  /** Whether the password is this person's. Costs the same when there is no such person. */
  const proves = async (person: StoredPerson | undefined, password: string) => {
    const right = await slots.unlock(person?.person ?? 'nobody', password)
    return right && person?.active === true
  }

  const refuseName = (name: string, except?: PersonId) => {
    const other = named(name)
    if (other && other.person !== except) throw new CardwrightError({ code: 'person.name-taken', class: 'operator', values: { name } })
  }

  const enter = async ({ name, roles, password }: NewPerson, by: Actor, before: readonly Fact[] = []): Promise<StoredPerson> => {
    const person = store.nextId('person')
    if (slots.exists) await slots.setSlot(person, password)
    else await slots.create(person, password)
    append(by, ...before, { kind: 'person.added', person, name, roles })
    return { person, name, roles, active: true }
  }

  const endSessions = (ends: (entry: { session: Session; used: number }) => boolean): string[] => {
    const ended = [...sessions].filter(([, entry]) => ends(entry))
    for (const [key, { session }] of ended) {
      sessions.delete(key)
      append(session.person, { kind: 'person.signed-out', person: session.person })
      onSessionEnded(session.token)
    }
    return ended.map(([, { session }]) => session.token)
  }

  return {
    async setUp({ name, demo, people }) {
      if (store.workspace() !== undefined) throw new CardwrightError({ code: 'workspace.exists', class: 'operator' })
      const [first, ...others] = people.toSorted((a, b) => Number(b.roles.includes('administrator')) - Number(a.roles.includes('administrator')))
      if (!first?.roles.includes('administrator')) throw new CardwrightError({ code: 'person.last-administrator', class: 'operator' })
      if (!demo) for (const person of people) checkPassword(person.password, person.name)
      for (const person of people) {
        if (people.some((other) => other !== person && sameName(other.name, person.name))) {
          throw new CardwrightError({ code: 'person.name-taken', class: 'operator', values: { name: person.name } })
        }
      }
      // A key file without a workspace is left from a set-up that was cut off: the same administrator finishes it.
      if (slots.exists && !(await slots.unlock(store.nextId('person'), first.password))) throw new CardwrightError({ code: 'key.exists', class: 'operator' })
      await enter(first, 'system', [{ kind: 'workspace.created', name, demo }])
      for (const person of others) await enter(person, 'system')
      slots.lock()
    },

    async signIn(name, password, host) {
      throttle.check(name)
      const person = named(name)
      if (!(await proves(person, password)) || person === undefined) {
        throttle.failed(name)
        append('system', { kind: 'person.sign-in-refused', host, ...(person && { person: person.person }) })
        throw new CardwrightError({ code: 'person.sign-in-refused', class: 'operator' })
      }
      throttle.succeeded(name)
      const session: Session = { token: Buffer.from(random.bytes(32)).toString('base64url'), person: person.person, name: person.name, roles: person.roles }
      append(person.person, { kind: 'person.signed-in', person: person.person, host })
      sessions.set(fingerprint(session.token), { session, used: clock.elapsed() })
      return session
    },

    signOut: (token) => void endSessions(({ session }) => session.token === token),

    session(token) {
      const entry = sessions.get(fingerprint(token))
      if (entry === undefined || clock.elapsed() - entry.used > idle) return undefined
      entry.used = clock.elapsed()
      return entry.session
    },

    expire: () => endSessions(({ used }) => clock.elapsed() - used > idle),

    async confirmSecond(name, password, first) {
      throttle.check(name)
      const person = named(name)
      const right = await proves(person, password)
      if (!right || person === undefined || person.person === first || !person.roles.some((role) => maySignSecond.includes(role))) {
        throttle.failed(name)
        throw new CardwrightError({ code: 'person.second-refused', class: 'operator' })
      }
      throttle.succeeded(name)
      return person.person
    },

    list: () => store.people(),

    add(person, by) {
      checkPassword(person.password, person.name)
      refuseName(person.name)
      return enter(person, by)
    },

    change({ person, name, roles, active }, by) {
      known(person)
      refuseName(name, person)
      const administrators = store.people().filter((other) => other.person !== person && other.active && other.roles.includes('administrator'))
      if (administrators.length === 0 && !(active && roles.includes('administrator'))) {
        throw new CardwrightError({ code: 'person.last-administrator', class: 'operator' })
      }
      append(by, { kind: 'person.changed', person, name, roles, active })
      // Rights are read when a session begins: the next sign-in has the new ones.
      endSessions(({ session }) => session.person === person && session.person !== by)
      return Promise.resolve({ person, name, roles, active })
    },

    async setPassword(person, password, by) {
      checkPassword(password, known(person).name)
      await slots.setSlot(person, password)
      append(by, { kind: 'person.password-set', person })
      endSessions(({ session }) => session.person === person && session.person !== by)
    },

    async changePassword({ person, name }, old, next) {
      throttle.check(name)
      if (!(await slots.unlock(person, old))) {
        throttle.failed(name)
        throw new CardwrightError({ code: 'person.sign-in-refused', class: 'operator' })
      }
      checkPassword(next, name)
      await slots.setSlot(person, next)
      append(person, { kind: 'person.password-set', person })
    },
  }
}

const fingerprint = (token: string) => createHash('sha256').update(token).digest('hex')

function sameName(a: string, b: string): boolean {
  const plain = (name: string) => name.normalize('NFKC').trim().toLowerCase()
  return plain(a) === plain(b)
}
