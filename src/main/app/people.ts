/** Handlers of the workspace, sessions and people. */
import type { PersonView, SessionView } from '#shared/contract/calls.ts'
import type { Role } from '#shared/journal/events.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Store, StoredPerson } from '../ports/store.ts'
import type { Handlers } from '../transport/dispatch.ts'

type Names = 'workspace.describe' | 'workspace.setUp' | `session.${'signIn' | 'signOut' | 'changePassword'}` | `people.${'list' | 'add' | 'change' | 'setPassword'}`

export interface DemoPerson {
  name: string
  role: Role
  password: string
}

export interface PeopleParts {
  accounts: Accounts
  store: Store
  /** Shown on the sign-in page of a demo workspace, and nowhere else. */
  demoPeople: readonly DemoPerson[]
  host: string
  version: string
  /** Somebody has signed in: the keys are open from now on. */
  onSignedIn(): void
}

export function peopleHandlers({ accounts, store, demoPeople, host, version, onSignedIn }: PeopleParts): Pick<Handlers, Names> {
  return {
    'workspace.describe': () => {
      const workspace = store.workspace()
      const demo = workspace?.demo ?? false
      return { state: workspace ? 'ready' : 'new', name: workspace?.name ?? '', demo, demoPeople: demo ? [...demoPeople] : [], host, version }
    },
    'workspace.setUp': async ({ name, administrators }) => {
      const people = administrators.map((person) => ({ ...person, roles: ['administrator' as const] }))
      await accounts.setUp({ name, demo: false, people })
      return {}
    },
    'session.signIn': async ({ name, password }, { caller }): Promise<SessionView> => {
      const session = await accounts.signIn(name, password, caller.host)
      onSignedIn()
      return { ...session, roles: [...session.roles] }
    },
    'session.signOut': (_, { session }) => {
      accounts.signOut(session.token)
      return {}
    },
    'session.changePassword': async ({ old, new: next }, { session }) => {
      await accounts.changePassword(session, old, next)
      return {}
    },
    'people.list': () => accounts.list().map(viewOf),
    'people.add': async (person, { session }) => viewOf(await accounts.add(person, session.person)),
    'people.change': async (person, { session }) => viewOf(await accounts.change(person, session.person)),
    'people.setPassword': async ({ person, password }, { session }) => {
      await accounts.setPassword(person, password, session.person)
      return {}
    },
  }
}

const viewOf = ({ person, name, roles, active }: StoredPerson): PersonView => ({ person, name, roles, active })
