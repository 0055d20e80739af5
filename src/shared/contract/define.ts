/** The shape of one call over the contract: who may make it, what it takes, what it answers. */
import type { z } from 'zod'
import type { Role } from '../journal/events.ts'

/** `anyone`: also before signing in. `signed-in`: any role. Otherwise one of these roles. */
export type Permission = 'anyone' | 'signed-in' | readonly Role[]

export interface Call<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** A query changes nothing; a command may. */
  readonly kind: 'query' | 'command'
  readonly permission: Permission
  readonly input: Input
  readonly output: Output
}

export function query<Input extends z.ZodType, Output extends z.ZodType>(permission: Permission, input: Input, output: Output): Call<Input, Output> {
  return { kind: 'query', permission, input, output }
}

export function command<Input extends z.ZodType, Output extends z.ZodType>(permission: Permission, input: Input, output: Output): Call<Input, Output> {
  return { kind: 'command', permission, input, output }
}
