/** A person's hands and eyes on a core in this process: for the command line and the demonstration. */
import type { CallName, InputOf, OutputOf, SessionView } from '#shared/contract/calls.ts'
import { type Followed, followLive } from '#shared/contract/follow.ts'
import type { LiveState } from '#shared/contract/live.ts'
import { CardwrightError, type Fault } from '#shared/faults.ts'
import type { Core } from '../transport/core.ts'

export interface Client {
  /** Throws a CardwrightError with the core's faults. */
  call<Name extends CallName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>
  signIn(name: string, password: string): Promise<SessionView>
  /** The live state at once and after every change. Throws `call.not-signed-in`. Returns the function that stops it. */
  follow(hear: (state: LiveState) => void): () => void
}

export function createClient(core: Pick<Core, 'call' | 'listen'>): Client {
  let token: string | undefined

  async function call<Name extends CallName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    const answer = await core.call(name, input, { token, host: 'cli' })
    if (!answer.ok) throw new CardwrightError(answer.faults as [Fault, ...Fault[]])
    return answer.value as OutputOf<Name>
  }

  return {
    call,
    async signIn(name, password) {
      const session = await call('session.signIn', { name, password })
      token = session.token
      return session
    },
    follow(hear) {
      let followed: Followed | undefined
      const stop = core.listen(token ?? '', (message) => {
        const step = followLive(followed, message)
        if (step.kind !== 'state') return
        followed = step.followed
        hear(followed.state)
      })
      if (stop === undefined) throw new CardwrightError({ code: 'call.not-signed-in', class: 'operator' })
      return stop
    },
  }
}

/** Resolves with the first state in which `there` finds something, and with what it found. */
export function whenThere<Found>(client: Pick<Client, 'follow'>, there: (state: LiveState) => Found | undefined): Promise<Found> {
  return new Promise((resolve) => {
    let found = false
    const stop = client.follow((state) => {
      const here = there(state)
      if (here === undefined || found) return
      found = true
      resolve(here)
      queueMicrotask(() => stop())
    })
  })
}
