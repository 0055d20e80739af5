/** Who is signed in, and what this workspace is. */
import { create } from 'zustand'
import type { SessionView, WorkspaceView } from '#shared/contract/calls.ts'
import { calls } from '#shared/contract/calls.ts'
import type { CallName } from '#shared/contract/calls.ts'
import type { Role } from '#shared/journal/events.ts'
import { call, setSessionToken } from '../client/client.ts'
import { startLive, stopLive } from './live.ts'

interface SessionStore {
  workspace: WorkspaceView | undefined
  session: SessionView | undefined
  /** Who was signed in when the screen was locked, by a person or after idling. */
  lockedBy: string | undefined
}

export const useSession = create<SessionStore>(() => ({ workspace: undefined, session: undefined, lockedBy: undefined }))

export async function loadWorkspace(): Promise<void> {
  useSession.setState({ workspace: await call('workspace.describe', {}) })
}

export async function signIn(name: string, password: string): Promise<void> {
  const session = await call('session.signIn', { name, password })
  setSessionToken(session.token)
  useSession.setState({ session, lockedBy: undefined })
  startLive(() => leave({ locked: true }))
}

/** Ends the session. `locked` keeps the page and the person's name for the next sign-in; runs go on either way. */
export async function signOut({ locked }: { locked: boolean }): Promise<void> {
  // The core will say that the session has ended; here that is known already.
  stopLive()
  try {
    await call('session.signOut', {})
  } finally {
    leave({ locked })
  }
}

function leave({ locked }: { locked: boolean }): void {
  const { session } = useSession.getState()
  stopLive()
  setSessionToken(undefined)
  useSession.setState({ session: undefined, lockedBy: locked ? session?.name : undefined })
}

/** Whether somebody of these roles may make the call. */
export function mayCall(name: CallName, roles: readonly Role[]): boolean {
  const { permission } = calls[name]
  if (permission === 'anyone') return true
  if (permission === 'signed-in') return roles.length > 0
  return permission.some((role) => roles.includes(role))
}

const noRoles: readonly Role[] = []
export const useRoles = (): readonly Role[] => useSession((store) => store.session?.roles ?? noRoles)
/** Whether the signed-in person may make the call: screens leave out what they may not. */
export const useMay = (name: CallName): boolean => useSession((store) => mayCall(name, store.session?.roles ?? noRoles))
