/** The typed face of the core for every screen: `call`, `listen`, `upload`. Picks its carrier by the host of the page. */
import type { Answer, CallName, InputOf, OutputOf } from '#shared/contract/calls.ts'
import type { LiveMessage } from '#shared/contract/live.ts'
import type { DesktopBridge } from '#shared/contract/wire.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Fault } from '#shared/faults.ts'
import type { Carrier, Connection } from './carrier.ts'
import { desktopCarrier } from './desktop-carrier.ts'
import { browserCarrier } from './web-carrier.ts'

declare global {
  interface Window {
    cardwright?: DesktopBridge
  }
}

let carrier: Carrier | undefined
let token: string | undefined

function line(): Carrier {
  carrier ??= window.cardwright ? desktopCarrier(window.cardwright) : browserCarrier()
  return carrier
}

/** Later calls are made in this session. The desktop window keeps the token elsewhere and answers with an empty one. */
export function setSessionToken(next: string | undefined): void {
  token = next
}

/** Asks the core. @throws CardwrightError with the core's faults, or `client.line-broken` where no answer came. */
export async function call<Name extends CallName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
  const answer = (await line().call(name, input, token).catch(brokenLine)) as Answer<Name>
  if (answer.ok) return answer.value
  throw refused(answer.faults)
}

/** The live state of the signed-in session, from a snapshot on. Called again, it begins with a new snapshot. */
export function listen(listener: (message: LiveMessage) => void): () => void {
  return line().listen(token ?? '', listener)
}

/** Gives the core a file and answers the name that `intake.*` calls take. @throws CardwrightError */
export async function upload(file: File): Promise<string> {
  const answer = await line().upload(file, token).catch(brokenLine)
  if (answer.ok) return answer.value.upload
  throw refused(answer.faults)
}

export function onConnection(listener: (connection: Connection) => void): () => void {
  return line().onConnection(listener)
}

function refused(faults: Fault[]): CardwrightError {
  const [first, ...rest] = faults
  return new CardwrightError(first ? [first, ...rest] : { code: 'bug.unexpected', class: 'bug', values: { name: 'no fault' } })
}

function brokenLine(cause: unknown): never {
  throw new CardwrightError({ code: 'client.line-broken', class: 'operator' }, { cause })
}
