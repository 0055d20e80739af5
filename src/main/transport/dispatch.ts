/** The gate of the core: a call by name, as it came over some wire, becomes a typed handler's call or a fault. */
import type { z } from 'zod'
import { type Answer, type CallName, type Calls, calls, type OutputOf } from '#shared/contract/calls.ts'
import type { Permission } from '#shared/contract/define.ts'
import { CardwrightError, type Fault, faultsOf } from '#shared/faults.ts'
import { maskNumbersIn } from '#shared/card/number.ts'
import type { PersonId, Role } from '#shared/journal/events.ts'
import type { Caller } from './core.ts'

export interface Session {
  readonly token: string
  readonly person: PersonId
  readonly name: string
  readonly roles: readonly Role[]
}

interface CallContext<Signed extends Session | undefined> {
  readonly caller: Caller
  readonly session: Signed
}

/** Who calls: surely a signed-in person, unless the contract lets anyone make the call. */
type ContextOf<Name extends CallName> = CallContext<Calls[Name]['permission'] extends 'anyone' ? Session | undefined : Session>

type Handler<Name extends CallName> = (
  input: z.output<Calls[Name]['input']>,
  context: ContextOf<Name>,
) => OutputOf<Name> | Promise<OutputOf<Name>>

export type Handlers = { readonly [Name in CallName]: Handler<Name> }

export interface DispatcherOptions {
  handlers: Handlers
  /** The live session of a token; undefined once it has ended. */
  sessionOf(token: string): Session | undefined
  /** Hears of every exception that is no CardwrightError. */
  onBug(thrown: unknown, call: string): void
  /** In tests: an answer that its schema does not know is a bug. */
  checkOutput?: boolean
}

export interface Dispatcher {
  call(name: string, input: unknown, caller: Caller): Promise<Answer<CallName>>
}

/** More mistakes than this in one input help nobody. */
const mostFaults = 20

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { handlers, sessionOf, onBug, checkOutput = false } = options

  async function run(name: string, input: unknown, caller: Caller): Promise<unknown> {
    if (!isCall(name)) throw new CardwrightError({ code: 'call.unknown', class: 'bug', place: maskNumbersIn(name.slice(0, 60)) })
    const session = caller.token === undefined ? undefined : sessionOf(caller.token)
    // Before the input is looked at, so that nobody learns from its mistakes what they may not do.
    checkPermission(calls[name].permission, session)
    const parsed = calls[name].input.safeParse(input)
    if (!parsed.success) throw new CardwrightError(inputFaults(parsed.error))
    // The name picks schema and handler together; the compiler can't follow a union of functions that far.
    const handler = handlers[name] as (input: unknown, context: CallContext<Session | undefined>) => unknown
    const value = await handler(parsed.data, { caller, session })
    if (checkOutput) calls[name].output.parse(value)
    return value
  }

  return {
    async call(name, input, caller) {
      try {
        return { ok: true, value: (await run(name, input, caller)) as OutputOf<CallName> }
      } catch (thrown) {
        if (!(thrown instanceof CardwrightError)) onBug(thrown, name)
        return { ok: false, faults: [...faultsOf(thrown)] }
      }
    },
  }
}

function isCall(name: string): name is CallName {
  return Object.hasOwn(calls, name)
}

/** Throws `call.not-signed-in` or `call.forbidden`. */
export function checkPermission(permission: Permission, session: Session | undefined): void {
  if (permission === 'anyone') return
  if (session === undefined) throw new CardwrightError({ code: 'call.not-signed-in', class: 'operator' })
  if (permission === 'signed-in' || session.roles.some((role) => permission.includes(role))) return
  throw new CardwrightError({ code: 'call.forbidden', class: 'operator' })
}

/** Says where and which rule; never the value, which may be a password or a card number. */
function inputFaults(error: z.ZodError): [Fault, ...Fault[]] {
  const faults = error.issues.slice(0, mostFaults).map((issue): Fault => {
    const place = maskNumbersIn(placeOf(issue.path))
    return { code: 'call.invalid', class: 'data', values: { rule: issue.code }, ...(place === '' ? {} : { place }) }
  })
  return faults as [Fault, ...Fault[]]
}

/** `design.lines[2].x` */
function placeOf(path: readonly PropertyKey[]): string {
  let place = ''
  for (const part of path) {
    if (typeof part === 'number') place += `[${part}]`
    else place += place === '' ? String(part) : `.${String(part)}`
  }
  return place
}
