/**
 * What one ScApp sees of one card: the host's end of `assets/scapps/host.d.ts`. It believes nothing that a script says; it counts,
 * wraps and sends, and remembers what the card answered well.
 */
import { fromHex, toHex, concatenate } from '#shared/bytes.ts'
import { buildCommand, statusHex } from '#shared/chip/apdu.ts'
import type { CommandApdu, ResponseApdu } from '#shared/chip/apdu.ts'
import { keyLengths } from '#shared/chip/keys.ts'
import type { TaskApplication } from '#shared/chip/task.ts'
import { CardwrightError } from '#shared/cardwright-error.ts'
import type { CardKeys } from '../ports/card-keys.ts'
import type { Random } from '../ports/random.ts'
import { ResponseAltered } from './channel/channel.ts'
import type { SecureChannel } from './channel/channel.ts'
import { cardKey } from './channel/diversification.ts'
import { openChannel } from './channel/open.ts'
import { ChipLost, ScriptError, lossReason } from './endings.ts'
import type { ChipReasonCode } from './endings.ts'
import type { CardLink, Sending } from './link.ts'
import { maskText, maskValue } from './masks.ts'
import { Placed } from './placed.ts'
import type { PlacedPiece } from './placed.ts'
import { requests, wordOf } from './requests.ts'
import type { OpenRequest, SealedKeyRequest, SendRequest } from './requests.ts'
import type { HostAnswer, HostCall, Plain, ScriptHost } from './sandbox/engine.ts'
import type { Secrets } from './secrets.ts'

const channelsAtOnce = 20
const repeatsOfAStep = 2

export interface ContextParts {
  link: CardLink
  keys: CardKeys
  random: Random
  application: TaskApplication
  secrets: Secrets
  serial: Uint8Array | undefined
  /** APDUs that the script may still send. */
  apdus: number
  accompanying: Record<string, string | number>
  onProgress(progress: { application: string; step?: string; share?: number }): void
  signal: AbortSignal | undefined
  onBug: ((thrown: unknown) => void) | undefined
  /** The card was lost and switched on again: whether it is still the same. */
  stillTheSame(): Promise<boolean>
}

interface Step {
  name: string
  safeToRepeat: boolean
  repeats: number
}

export class ScriptContext implements ScriptHost {
  readonly placed = new Placed()
  /** Why the host ended the script. */
  stopped: ChipReasonCode | undefined
  rejected: { code: string; text: string } | undefined
  /** The last error that was thrown into the script: when nobody caught it, it is the card's reason. */
  lastError: ScriptError | undefined
  step: string | undefined
  private readonly parts: ContextParts
  private readonly steps: Step[] = []
  private readonly channels = new Map<number, SecureChannel>()
  private readonly sealedKeys: Uint8Array[] = []
  /** The contact that is lost now. A script that goes on as if nothing had happened doesn't change that. */
  lost: ChipLost | undefined
  sent = 0
  private logged = 0

  constructor(parts: ContextParts) {
    this.parts = parts
  }

  async call(call: HostCall): Promise<HostAnswer> {
    if (this.stopped !== undefined || this.rejected !== undefined) return { stop: true }
    try {
      return { ok: true, value: await this.answer(call) }
    } catch (thrown) {
      return this.failed(thrown)
    }
  }

  tell(call: HostCall): boolean {
    const word = wordOf(call)
    if (word === undefined) return true
    switch (word.name) {
      case 'step':
        this.steps.push({ ...word.said, name: maskText(word.said.name).slice(0, 60), repeats: 0 })
        this.step = this.steps.at(-1)!.name
        this.progress()
        break
      case 'step-end':
        this.steps.pop()
        break
      case 'progress':
        this.progress(Math.min(1, Math.max(0, word.said.share)))
        break
      case 'log':
        this.logged += 1
        if (this.logged <= 1_000) this.parts.link.log(this.parts.application.application, maskText(word.said.text))
        break
      case 'accompany':
        this.accompany(word.said.name, word.said.value)
        break
      case 'reject':
        this.rejected ??= { code: word.said.code.replace(/[^a-z0-9-]/g, '').slice(0, 40), text: maskText(word.said.text).slice(0, 200) }
        return false
    }
    return true
  }

  close(): void {
    for (const channel of this.channels.values()) channel.close()
    this.channels.clear()
    for (const value of this.sealedKeys) value.fill(0)
  }

  private answer(call: HostCall): Promise<Plain> {
    if (call.name === 'repeat') return this.repeat()
    if (this.lost !== undefined) throw this.lost
    switch (call.name) {
      case 'send':
        return this.send(requests.send(call), call.line)
      case 'open':
        return this.open(requests.open(call), call.line)
      case 'sealed-key':
        return this.sealedKey(requests.sealedKey(call))
      case 'close':
        this.closeChannel(requests.close(call).channel)
        return Promise.resolve(null)
      case 'reset':
        return this.reset()
      default:
        throw new ScriptError('no such call')
    }
  }

  /** What a failure means: an error that the script may catch, or its end. */
  private failed(thrown: unknown): HostAnswer {
    if (thrown instanceof ScriptError) {
      this.lastError = thrown
      return { ok: false, error: { message: thrown.message, ...thrown.detail } }
    }
    if (thrown instanceof ChipLost) {
      this.lost = thrown
      const repeatable = thrown.loss !== 'cancelled' && this.steps.some(({ safeToRepeat, repeats }) => safeToRepeat && repeats < repeatsOfAStep)
      if (repeatable) return { ok: false, error: { message: thrown.message, lost: thrown.loss } }
      return this.stop(lossReason(thrown.loss))
    }
    if (thrown instanceof ResponseAltered) return this.stop('chip-response-altered')
    if (thrown instanceof CardwrightError && thrown.faults[0].code.startsWith('key.')) return this.stop('chip-keys')
    if (this.parts.signal?.aborted === true) return this.stop('chip-cancelled')
    this.parts.onBug?.(thrown)
    return this.stop('chip-unexpected')
  }

  private stop(reason: ChipReasonCode): HostAnswer {
    this.stopped ??= reason
    return { stop: true }
  }

  private async send(request: SendRequest, line: number | undefined): Promise<Plain> {
    const channel = request.channel === undefined ? undefined : this.channel(request.channel)
    const data = await this.dataOf(request, channel)
    const { cla, ins, p1, p2, le } = request
    const command: CommandApdu = { cla, ins, p1, p2, data: data.bytes, ...(le === undefined ? {} : { expected: expectedOf(le, data.bytes.length) }) }
    const plain = build(command)
    const shown = build({ ...command, data: data.shown })
    const response = await this.exchange({
      line,
      bytes: channel === undefined ? plain : await wrapped(channel, command),
      plain: channel === undefined && !data.hides ? undefined : hidden(shown, data),
      conceal: data.inClear,
      unwrap: channel === undefined ? undefined : (answer) => channel.unwrap(answer),
    })
    const status = statusHex(response.status)
    const expected = request.expect ?? ['9000']
    if (!expected.some((pattern) => fits(pattern.toUpperCase(), status))) throw new ScriptError(`status word ${status}`, { status })
    if (status === '9000') this.placed.add(toHex(data.plain), data.groups)
    return { data: toHex(response.data), status }
  }

  /** Sends one command and counts it. Throws `ChipLost`. */
  private async exchange(sending: Omit<Sending, 'by' | 'application' | 'step'>): Promise<ResponseApdu> {
    if (this.sent >= this.parts.apdus) {
      this.stopped = 'chip-script-limit'
      throw new ScriptError('too many commands')
    }
    this.sent += 1
    const { link, application } = this.parts
    return link.exchange({ ...sending, by: 'script', application: application.application, step: this.steps.at(-1)?.name })
  }

  private async dataOf(request: SendRequest, channel: SecureChannel | undefined): Promise<CommandData> {
    const pieces = await Promise.all(request.data.map((part) => this.partOf(part, request.channel, channel)))
    return {
      bytes: concatenate(...pieces.map(({ bytes }) => bytes)),
      shown: concatenate(...pieces.map(({ bytes, secret }) => (secret ? new Uint8Array(bytes.length) : bytes))),
      plain: concatenate(...pieces.map(({ bytes, secret }) => (secret ? new Uint8Array() : bytes))),
      hides: pieces.some(({ secret }) => secret),
      inClear: request.data.some((part) => typeof part !== 'string' && part.sealed.startsWith('clear:')),
      lengths: pieces.map(({ bytes, secret }) => ({ length: bytes.length, secret })),
      groups: pieces.flatMap(({ group }) => group ?? []),
    }
  }

  private async partOf(part: SendRequest['data'][number], id: number | undefined, channel: SecureChannel | undefined): Promise<PartBytes> {
    return typeof part === 'string' ? { bytes: fromHex(part), secret: false, group: undefined } : this.sealedPart(part.sealed, id, channel)
  }

  /** A part that stands for a secret, or (`@8-16`) some of its bytes. */
  private async sealedPart(token: string, id: number | undefined, channel: SecureChannel | undefined): Promise<PartBytes> {
    const [name = '', range] = token.split('@')
    const { bytes, group } = await this.sealedWhole(name, id, channel)
    const [from = 0, to = bytes.length] = range?.split('-').map(Number) ?? []
    if (!(from >= 0 && from <= to && to <= bytes.length)) throw new ScriptError('no such piece of a sealed part')
    return { bytes: bytes.subarray(from, to), secret: true, group: group === undefined ? undefined : { name: group, from, to, length: bytes.length } }
  }

  /** `channel:1:none:g0`, `key:1:0`, `clear:t1`. */
  private async sealedWhole(token: string, id: number | undefined, channel: SecureChannel | undefined): Promise<{ bytes: Uint8Array; group: string | undefined }> {
    const { secrets } = this.parts
    const [kind, first = '', padding, reference = ''] = token.split(':')
    if (kind === 'clear') return { bytes: secrets.typed(first), group: undefined }
    if (channel === undefined || id !== Number(first)) throw new ScriptError('a sealed part belongs to the channel that it was sealed for')
    if (kind === 'key') {
      const bytes = this.sealedKeys[Number(padding)]
      if (bytes === undefined) throw new ScriptError('no such sealed key')
      return { bytes, group: undefined }
    }
    if (kind !== 'channel' || (padding !== 'none' && padding !== 'iso-9797-2')) throw new ScriptError('no such sealed part')
    return { bytes: await secrets.sealed(reference, channel, padding), group: secrets.groupOf(reference) }
  }

  private async open(request: OpenRequest, line: number | undefined): Promise<Plain> {
    if (this.channels.size >= channelsAtOnce) throw new ScriptError('too many channels')
    const { keys, random, serial } = this.parts
    const channel = await openChannel(
      { keys, random, serial, exchange: (bytes) => this.exchange({ bytes, line }) },
      { ...request, key: this.keyName(request.key), keyVersion: request.keyVersion === undefined ? undefined : Number.parseInt(request.keyVersion, 16) },
    )
    const id = this.channels.size + 1
    this.channels.set(id, channel)
    const { protocol, keyData, keyVersion, room, block } = channel
    this.parts.link.channel(`${protocol} ${request.level} ${request.key} (${request.diversification})`)
    return { id, protocol, keyData: toHex(keyData), keyVersion: toHex(keyVersion), room, block }
  }

  private async sealedKey(request: SealedKeyRequest): Promise<Plain> {
    const channel = this.channel(request.channel)
    const { keys, serial } = this.parts
    const master = await keys.open(this.keyName(request.key), 'master')
    const key = await cardKey(keys, master, request.diversification, request.diversification === 'serial' && serial ? serial : channel.keyData, request.purpose)
    try {
      const value = await keys.wrap(key, channel.sealing.key, { mode: channel.sealing.mode })
      this.sealedKeys.push(value)
      return { part: { sealed: `key:${request.channel}:${this.sealedKeys.length - 1}`, length: value.length }, checkValue: toHex(await keys.checkValue(key)), length: keyLengths[key.algorithm] }
    } finally {
      keys.release(key)
    }
  }

  private async reset(): Promise<Plain> {
    this.endChannels()
    await this.parts.link.reset()
    return toHex(this.parts.link.atr)
  }

  /** After a loss inside a step that is safe to repeat: switches the card on again. Answers whether the step may begin anew. */
  private async repeat(): Promise<Plain> {
    const step = this.steps.at(-1)
    const { lost } = this
    if (lost === undefined) return false
    if (step?.safeToRepeat !== true || step.repeats >= repeatsOfAStep) {
      // An outer step may still be repeated; where there is none, the card is spoiled.
      if (!this.steps.slice(0, -1).some(({ safeToRepeat, repeats }) => safeToRepeat && repeats < repeatsOfAStep)) this.stopped = lossReason(lost.loss)
      return false
    }
    step.repeats += 1
    this.endChannels()
    await this.parts.link.reset()
    if (!(await this.parts.stillTheSame())) {
      this.stopped = 'chip-wrong-card'
      return false
    }
    this.lost = undefined
    return true
  }

  private keyName(name: string): string {
    const { keys } = this.parts.application
    if (!Object.hasOwn(keys, name)) throw new ScriptError(`the task names no key ${name}`.slice(0, 100))
    return keys[name]!
  }

  private channel(id: number): SecureChannel {
    const channel = this.channels.get(id)
    if (channel === undefined) throw new ScriptError('the channel is closed')
    return channel
  }

  private closeChannel(id: number): void {
    this.channel(id).close()
    this.channels.set(id, closedChannel)
  }

  private endChannels(): void {
    for (const [id, channel] of this.channels) {
      channel.close()
      this.channels.set(id, closedChannel)
    }
  }

  private accompany(name: string, value: string | number): void {
    const { accompanying } = this.parts
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(name) || Object.keys(accompanying).length >= 20) return
    const masked = maskValue(value)
    accompanying[name] = typeof masked === 'number' ? masked : masked.slice(0, 200)
  }

  private progress(share?: number): void {
    const step = this.steps.at(-1)?.name
    this.parts.onProgress({ application: this.parts.application.application, ...(step === undefined ? {} : { step }), ...(share === undefined ? {} : { share }) })
  }
}

interface CommandData {
  bytes: Uint8Array
  /** Zeros where a secret stands. */
  shown: Uint8Array
  /** Without secrets. */
  plain: Uint8Array
  hides: boolean
  /** It holds a secret that is not encrypted. */
  inClear: boolean
  lengths: readonly { length: number; secret: boolean }[]
  /** The secret groups in it. */
  groups: readonly PlacedPiece[]
}

interface PartBytes {
  bytes: Uint8Array
  secret: boolean
  group: PlacedPiece | undefined
}

/** Hex of a command whose secrets stand as `..`. */
function hidden(shown: Uint8Array, { bytes, lengths }: CommandData): string {
  const digits = toHex(shown)
  // The data begin behind the header and Lc: one byte, or three.
  let at = bytes.length === 0 ? digits.length : bytes.length > 255 || shown[4] === 0 ? 14 : 10
  let text = digits.slice(0, at)
  for (const { length, secret } of lengths) {
    text += secret ? '..'.repeat(length) : digits.slice(at, at + length * 2)
    at += length * 2
  }
  return text + digits.slice(at)
}

function build(command: CommandApdu): Uint8Array {
  try {
    return buildCommand(command)
  } catch {
    throw new ScriptError('the data do not fit into one command')
  }
}

async function wrapped(channel: SecureChannel, command: CommandApdu): Promise<Uint8Array> {
  try {
    return await channel.wrap(command)
  } catch (thrown) {
    if (thrown instanceof CardwrightError && thrown.faults[0].code.startsWith('apdu.')) throw new ScriptError(`${command.data.length} bytes do not fit into one command of this channel`)
    throw thrown
  }
}

/** 0 asks for as much as there is. */
const expectedOf = (le: number, length: number): number => (le > 0 ? le : length > 255 ? 65_536 : 256)

const fits = (pattern: string, status: string): boolean => pattern.split('').every((digit, at) => digit === '.' || digit === status[at])

/** What a channel is when it is over. */
const closedChannel: SecureChannel = {
  protocol: 'scp02',
  keyData: new Uint8Array(),
  keyVersion: new Uint8Array(),
  block: 8,
  room: 0,
  get sealing(): never {
    throw new ScriptError('the channel is closed')
  },
  wrap: () => Promise.reject(new ScriptError('the channel is closed')),
  unwrap: () => Promise.reject(new ScriptError('the channel is closed')),
  close: () => undefined,
}
