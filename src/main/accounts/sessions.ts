/** Who is signed in, where, and since when they have been idle. */
import { createHash } from 'node:crypto'
import type { PersonId, Role } from '#shared/journal/events.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'

export interface Session {
  readonly token: string
  readonly person: PersonId
  readonly name: string
  readonly roles: readonly Role[]
}

export interface Sessions {
  /** A new session; its token is 32 random bytes. */
  begin(person: PersonId): string
  /** Whose session it is, unless it has idled out; counts as use. */
  use(token: string): PersonId | undefined
  /** Ends those that `ends` names; answers whose they were and what they were. */
  end(ends: (session: { token: string; person: PersonId }) => boolean): { token: string; person: PersonId }[]
  expire(): { token: string; person: PersonId }[]
  count(): number
}

/** `idle`: milliseconds without use after which a session has ended. */
export function createSessions(clock: Clock, random: Random, idle: number): Sessions {
  /** By SHA-256 of the token, so that the time of a look-up tells nothing about tokens. */
  const sessions = new Map<string, { token: string; person: PersonId; used: number }>()
  const fingerprint = (token: string) => createHash('sha256').update(token).digest('hex')
  const idles = (used: number) => clock.elapsed() - used > idle

  const end = (ends: (session: { token: string; person: PersonId; used: number }) => boolean) => {
    const ended = [...sessions].filter(([, session]) => ends(session))
    for (const [key] of ended) sessions.delete(key)
    return ended.map(([, { token, person }]) => ({ token, person }))
  }

  return {
    begin(person) {
      const token = Buffer.from(random.bytes(32)).toString('base64url')
      sessions.set(fingerprint(token), { token, person, used: clock.elapsed() })
      return token
    },
    use(token) {
      const session = sessions.get(fingerprint(token))
      if (session === undefined || idles(session.used)) return undefined
      session.used = clock.elapsed()
      return session.person
    },
    end,
    expire: () => end(({ used }) => idles(used)),
    count: () => sessions.size,
  }
}
