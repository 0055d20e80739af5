/** What a script may ask for, as it arrives: a script can say anything, so every word is looked at before it is believed. */
import { z } from 'zod'
import { Hex } from '#shared/chip/prepared-chip.ts'
import type { HostCall } from './sandbox/engine.ts'
import { ScriptError } from './endings.ts'

const byte = z.number().int().min(0).max(255)
const diversification = z.enum(['none', 'emv-cps', 'visa2', 'kdf3', 'serial'])
const channel = z.number().int().min(1)
const keyName = z.string().max(60)

const Send = z.object({
  channel: channel.optional(),
  cla: byte,
  ins: byte,
  p1: byte,
  p2: byte,
  data: z.array(z.union([Hex, z.object({ sealed: z.string().max(200) })])).max(1_000),
  le: z.number().int().min(0).max(65_536).optional(),
  expect: z.array(z.string().regex(/^[0-9A-Fa-f.]{4}$/)).max(50).optional(),
})
export type SendRequest = z.infer<typeof Send>

const Open = z.object({
  protocol: z.enum(['auto', 'scp02', 'scp03', 'native']),
  key: keyName,
  diversification,
  level: z.enum(['mac', 'mac+encryption', 'mac+encryption+response-mac', 'mac+encryption+response-mac+response-encryption']),
  keyVersion: z.string().regex(/^[0-9A-Fa-f]{2}$/).optional(),
  initialVector: z.enum(['encrypted', 'plain']).optional(),
})
export type OpenRequest = z.infer<typeof Open>

const SealedKey = z.object({ channel, key: keyName, diversification, purpose: z.enum(['encryption', 'mac', 'data']) })
export type SealedKeyRequest = z.infer<typeof SealedKey>

const Close = z.object({ channel })

const Word = {
  step: z.object({ name: z.string(), safeToRepeat: z.boolean() }),
  'step-end': z.object({}),
  progress: z.object({ share: z.number() }),
  log: z.object({ text: z.string() }),
  accompany: z.object({ name: z.string(), value: z.union([z.string(), z.number()]) }),
  reject: z.object({ code: z.string(), text: z.string() }),
} as const
export type Words = { [Name in keyof typeof Word]: z.infer<(typeof Word)[Name]> }
export type WordName = keyof Words

/** What a `ScriptError` says is what the script's author reads: the argument by its name. */
function read<Output>(schema: z.ZodType<Output>, call: HostCall): Output {
  const read = schema.safeParse(call.argument)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  throw new ScriptError(`${call.name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not what it should be'}`.slice(0, 160))
}

export const requests = {
  send: (call: HostCall) => read(Send, call),
  open: (call: HostCall) => read(Open, call),
  sealedKey: (call: HostCall) => read(SealedKey, call),
  close: (call: HostCall) => read(Close, call),
}

/** A word that needs no answer, or undefined where it is none. */
export function wordOf(call: HostCall): { [Name in WordName]: { name: Name; said: Words[Name] } }[WordName] | undefined {
  if (!Object.hasOwn(Word, call.name)) return undefined
  const name = call.name as WordName
  const read = Word[name].safeParse(call.argument)
  return read.success ? ({ name, said: read.data } as ReturnType<typeof wordOf>) : undefined
}
