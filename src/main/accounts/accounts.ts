/** People: who may sign in, with which roles, and who signs as the second person. */
import { CardwrightError } from '#shared/faults.ts'
import type { Actor, Fact, PersonId, Role } from '#shared/journal/events.ts'
import type { Clock } from '../ports/clock.ts'
import type { KeyStoreSlots } from '../ports/key-store.ts'
import type { Random } from '../ports/random.ts'
import type { Store, StoredPerson } from '../ports/store.ts'
import { checkPassword, createThrottle, plainName } from './passwords.ts'
import { createSessions } from './sessions.ts'
import type { Session } from './sessions.ts'

export type { Session } from './sessions.ts'

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
  /** The live session of a token, with the roles that its person has now; using it keeps it from idling out. */
  session(token: string): Session | undefined
  /** Ends sessions that have idled too long; answers their tokens. Locks the keys where nothing needs them any more. */
  expire(): string[]
  /** Somebody else than `first`, with a right to sign at the machine. Throws `person.second-refused`, or `person.wait`. */
  confirmSecond(name: string, password: string, first: PersonId): Promise<PersonId>
  list(): StoredPerson[]
  add(person: NewPerson, by: Actor): Promise<StoredPerson>
  /**
   * Throws `person.last-administrator` where nobody would be left to administer. Somebody who is switched off loses the slot
   * in the key store, and needs a new password when switched on again.
   */
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
  /** Whether something goes on that needs the keys although nobody may be signed in, such as a run. */
  keysInUse?(): boolean
  onSessionEnded(token: string): void
}

const tenMinutes = 600_000
const maySignSecond: readonly Role[] = ['operator', 'custodian', 'administrator']

export function createAccounts(ports: AccountsPorts): Accounts {
  const { store, slots, clock, random, idle = tenMinutes, keysInUse = () => false, onSessionEnded } = ports
  const sessions = createSessions(clock, random, idle)
  const throttle = createThrottle(clock)
  const inTurn = createTurns()
  /** The last session has ended: the keys are to be locked as soon as nothing needs them. */
  let lockDue = false
  let signingIn = 0

  const append = (by: Actor, ...facts: Fact[]) => store.append(facts.map((fact) => ({ at: clock.now(), by, fact })))
  const fault = (code: string, values?: Record<string, string>) => new CardwrightError({ code, class: 'operator', ...(values && { values }) })

  const named = (name: string) => store.people().find((person) => plainName(person.name) === plainName(name))
  const find = (person: PersonId) => store.people().find((candidate) => candidate.person === person)

  const known = (person: PersonId): StoredPerson => {
    const found = find(person)
    if (found === undefined) throw fault('person.unknown')
    return found
  }

  /**
   * The active person of this name, if the password is theirs; a wrong one is journaled. Costs the same time when there is
   * no such person.
   */
  const prove = async (name: string, password: string, host: string): Promise<StoredPerson | undefined> => {
    throttle.enter(name)
    const person = named(name)
    const right = await slots.unlock(person?.person ?? 'nobody', password)
    // Asked again: somebody may have been switched off while the password was tried.
    if (right && person && find(person.person)?.active === true) {
      throttle.succeeded(name)
      return known(person.person)
    }
    append('system', { kind: 'person.sign-in-refused', host, ...(person && { person: person.person }) })
    return undefined
  }

  const freeName = (given: string, except?: PersonId): string => {
    const name = given.trim()
    const other = named(name)
    if (name === '') throw fault('person.name-blank')
    if (other && other.person !== except) throw fault('person.name-taken', { name })
    return name
  }

  const enter = async ({ name, roles, password }: NewPerson, by: Actor, before: readonly Fact[] = []): Promise<StoredPerson> => {
    const person = store.nextId('person')
    if (slots.exists) await slots.setSlot(person, password)
    else await slots.create(person, password)
    append(by, ...before, { kind: 'person.added', person, name, roles })
    return { person, name, roles, active: true }
  }

  const lockWhenUnused = () => {
    if (!lockDue || sessions.count() + signingIn > 0 || keysInUse()) return
    slots.lock()
    lockDue = false
  }

  const ended = (list: readonly { token: string; person: PersonId }[]): string[] => {
    for (const { token, person } of list) {
      append(person, { kind: 'person.signed-out', person })
      onSessionEnded(token)
    }
    if (list.length > 0 && sessions.count() === 0) lockDue = true
    lockWhenUnused()
    return list.map(({ token }) => token)
  }

  const administratesWithout = (person: PersonId) =>
    store.people().some((other) => other.person !== person && other.active && other.roles.includes('administrator'))

  const viewOf = (token: string, { person, name, roles }: StoredPerson): Session => ({ token, person, name, roles })

  return {
    setUp: ({ name, demo, people: given }) =>
      inTurn(async () => {
        if (store.workspace() !== undefined) throw fault('workspace.exists')
        const people = given.map((person) => ({ ...person, name: freeName(person.name) }))
        const [first, ...others] = people.toSorted((a, b) => Number(b.roles.includes('administrator')) - Number(a.roles.includes('administrator')))
        if (!first?.roles.includes('administrator')) throw fault('person.last-administrator')
        for (const person of people) {
          if (!demo) checkPassword(person.password, person.name)
          const twice = people.some((other) => other !== person && plainName(other.name) === plainName(person.name))
          if (twice) throw fault('person.name-taken', { name: person.name })
        }
        // A key file without a workspace is left from a set-up that was cut off: the same administrator finishes it.
        if (slots.exists && !(await slots.unlock(store.nextId('person'), first.password))) throw fault('key.exists')
        await enter(first, 'system', [{ kind: 'workspace.created', name, demo }])
        for (const person of others) await enter(person, 'system')
        slots.lock()
      }),

    async signIn(name, password, host) {
      signingIn++
      try {
        const person = await prove(name, password, host)
        if (person === undefined) throw fault('person.sign-in-refused')
        append(person.person, { kind: 'person.signed-in', person: person.person, host })
        return viewOf(sessions.begin(person.person), person)
      } finally {
        signingIn--
      }
    },

    signOut: (token) => void ended(sessions.end((session) => session.token === token)),

    session(token) {
      const person = find(sessions.use(token) ?? '')
      return person?.active ? viewOf(token, person) : undefined
    },

    expire: () => ended(sessions.expire()),

    async confirmSecond(name, password, first) {
      const person = await prove(name, password, 'second-signature')
      if (person === undefined || person.person === first || !person.roles.some((role) => maySignSecond.includes(role))) {
        throw fault('person.second-refused')
      }
      return person.person
    },

    list: () => store.people(),

    add: (person, by) =>
      inTurn(async () => {
        checkPassword(person.password, person.name)
        return enter({ ...person, name: freeName(person.name) }, by)
      }),

    change: ({ person, name: given, roles, active }, by) =>
      inTurn(async () => {
        const before = known(person)
        const name = freeName(given, person)
        if (!administratesWithout(person) && !(active && roles.includes('administrator'))) throw fault('person.last-administrator')
        append(by, { kind: 'person.changed', person, name, roles, active })
        if (before.active && !active) {
          await slots.removeSlot(person)
          ended(sessions.end((session) => session.person === person))
        }
        return { person, name, roles, active }
      }),

    setPassword: (person, password, by) =>
      inTurn(async () => {
        checkPassword(password, known(person).name)
        await slots.setSlot(person, password)
        append(by, { kind: 'person.password-set', person })
        ended(sessions.end((session) => session.person === person && person !== by))
      }),

    changePassword: ({ token, person, name }, old, next) =>
      inTurn(async () => {
        if ((await prove(name, old, 'password-change')) === undefined) throw fault('person.sign-in-refused')
        checkPassword(next, name)
        await slots.setSlot(person, next)
        append(person, { kind: 'person.password-set', person })
        // Whoever is signed in elsewhere under this name has used the old password.
        ended(sessions.end((session) => session.person === person && session.token !== token))
      }),
  }
}

/** Changes to people take their turns: two at once would both take the next identifier, or the same name. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = last.then(work, work)
    last = turn.catch(() => {})
    return turn
  }
}
