/**
 * One start of the program in a simulated world: the real core on the real store, key store and driver. It can be killed
 * at any journal write; what is left of it then runs nowhere, says nothing and hears nothing.
 */
import type { LinkOpener } from '#main/ports/byte-link.ts'
import type { ChipStation } from '#main/ports/chip-station.ts'
import type { Clock } from '#main/ports/clock.ts'
import type { EmbosserDriver } from '#main/ports/embosser-driver.ts'
import type { DeviceFactory } from '#main/ports/device-factory.ts'
import type { KeyStore, KeyStoreSlots } from '#main/ports/key-store.ts'
import type { Core } from '#main/transport/core.ts'
import { createApp } from '#main/app.ts'
import { createLocalEngine } from '#main/chip/sandbox/local-engine.ts'
import { openStore } from '#main/store/store.ts'
import type { OpenStore } from '#main/store/store.ts'
import { Recorder } from '#drivers/serial/recorder.ts'
import { createCpxDriver } from '#drivers/cpx/driver.ts'
import { profileSummary } from '#drivers/cpx/profile.ts'
import type { KeyFile } from '#drivers/keystore-file/key-file.ts'
import { openFileKeyStore } from '#drivers/keystore-file/file-key-store.ts'
import type { seededRandom } from '#drivers/random/random.ts'
import { usualLimits } from '#shared/chip/task.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { LiveMessage, LiveState } from '#shared/contract/live.ts'
import { applyChange } from '#shared/contract/live.ts'
import type { Answer, CallName, InputOf, OutputOf } from '#shared/contract/calls.ts'
import type { Fact, JournalRow } from '#shared/journal/events.ts'
import { snapshotStore, tearable } from '../support/store-crash.ts'
import type { CrashMoment } from './plan.ts'
import { Killed } from './line.ts'
import { lightScrypt, people, profiles } from './workspace.ts'
import type { ProfileName } from './workspace.ts'

/** Known mistakes, for the proof that the oracle would notice them. */
export interface Flaw {
  driver?(driver: EmbosserDriver): EmbosserDriver
  station?(station: ChipStation): ChipStation
  store?(store: OpenStore): OpenStore
  /** What the program notes down of itself. */
  note?: string
  /** The disk says that a write is durable when it is not: at the program's death the last one is lost. */
  lyingDisk?: true
}

export interface ProgramPorts {
  path: string
  keys: KeyFile
  clock: Clock
  random: ReturnType<typeof seededRandom>
  flaw: Flaw
  opener(device: string, alive: () => boolean): LinkOpener
  /** The machine's chip station; undefined where it has none. */
  station(device: string, alive: () => boolean): ChipStation | undefined
  /** Asked before each journal write: whether the program dies around it. */
  onWrite(facts: readonly Fact[]): CrashMoment | undefined
  /** The journal as the program finds it when it starts. */
  onOpened(rows: readonly JournalRow[]): void
  /** Rows are durable. */
  onRows(rows: readonly JournalRow[]): void
}

/** In this thread, so that scripts pass in simulated time; contexts share nothing. */
const engine = createLocalEngine()

/** The interpreter itself is loaded in real time, before any world begins. */
await engine.run({ name: 'first', source: 'export const nothing = 0', call: '', argument: null, kind: 'extension', limits: usualLimits }, { call: () => Promise.resolve({ stop: true }), tell: () => true })

const summaries = Object.values(profiles).map(profileSummary)

export class Program {
  readonly #ports: ProgramPorts
  #store!: OpenStore
  #core!: Core
  #token = ''
  #live: LiveState | undefined
  #ended!: () => void
  #copy: string | undefined
  /** Resolves when the program was killed. */
  readonly killed: Promise<void>
  readonly bugs: unknown[] = []
  readonly #recorders: Recorder[] = []
  readonly #sent: string[] = []

  private constructor(ports: ProgramPorts) {
    this.#ports = ports
    this.killed = new Promise((resolve) => (this.#ended = resolve))
  }

  /** Starts it and signs the operator in. Undefined where it was killed while it started. */
  static async start(ports: ProgramPorts): Promise<Program> {
    const program = new Program(ports)
    await Promise.race([program.#begin(), program.killed])
    return program
  }

  /** Where the disk's content at the moment of death is; undefined while it lives. */
  get remains(): string | undefined {
    return this.#copy
  }

  get alive(): boolean {
    return this.#copy === undefined
  }

  /** All that was sent to the screen, and all traces of the lines. */
  get said(): string[] {
    return [...this.#sent, ...this.#recorders.flatMap((recorder) => recorder.entries().map(({ text }) => text))]
  }

  get live(): LiveState {
    return this.#live!
  }

  /** Ends it here and now, with the disk as it is. */
  kill(tornBytes = this.#ports.flaw.lyingDisk ? tearable(this.#ports.path).last : 0): void {
    if (!this.alive) return
    this.#copy = snapshotStore(this.#ports.path, { tornBytes })
    this.#ended()
  }

  async #begin(): Promise<void> {
    const store = openStore({ path: this.#ports.path })
    this.#store = store
    this.#ports.onOpened(store.journal({ after: 0, limit: 100_000 }))
    const keys = remembering(openFileKeyStore({ file: this.#ports.keys, random: this.#ports.random, cost: lightScrypt }))
    await keys.unlock('P-03', people.second.password)
    keys.lock()
    this.#core = await createApp({
      store: this.#ports.flaw.store?.(this.#mortalStore(store)) ?? this.#mortalStore(store),
      keys,
      clock: this.#mortalClock(),
      random: this.#ports.random,
      devices: this.#factory(),
      chips: {
        engine,
        cardKeys: keys.cardKeys,
        readers: { list: () => Promise.resolve([]), station: () => Promise.reject(new Error('no reader in this world')) as never },
        shipped: { list: () => [] },
        practiceCards: { make: () => Promise.reject(new Error('no drawer in this world')) as never },
      },
      sources: { check: () => Promise.reject(new Error('no file is imported in this world')) } as never,
      host: 'cli',
      version: 'world',
      checkOutput: true,
      onBug: (thrown) => this.#bug(thrown),
    })
    if (this.#ports.flaw.note !== undefined) this.#sent.push(this.#ports.flaw.note)
    await this.#signIn()
  }

  async #signIn(): Promise<void> {
    const answer = await this.#core.call('session.signIn', people.operator, { host: 'cli' })
    if (!answer.ok) throw new CardwrightError(answer.faults as never)
    this.#token = (answer.value as OutputOf<'session.signIn'>).token
    this.#core.listen(this.#token, (message) => this.#heard(message))
  }

  #heard(message: LiveMessage): void {
    this.#sent.push(JSON.stringify(message))
    if (message.type === 'snapshot') this.#live = message.state
    if (message.type === 'delta') for (const change of message.changes) this.#live = applyChange(this.#live!, change)
  }

  /** One call as a person makes it. Answers the fault's code where it was refused; throws `Killed` where the program died. */
  async call<Name extends CallName>(name: Name, input: InputOf<Name>): Promise<{ value: OutputOf<Name> } | { refused: string }> {
    const asked = this.#core.call(name, input, { host: 'cli', token: this.#token })
    const answer = (await Promise.race([asked, this.killed])) as Answer<Name> | undefined
    if (!this.alive || answer === undefined) throw new Killed()
    if (answer.ok) return { value: answer.value }
    if (answer.faults[0]?.code !== 'call.not-signed-in') return { refused: answer.faults[0]?.code ?? '' }
    await this.#signIn()
    return this.call(name, input)
  }

  /** Stops it as a person does, and frees the files. */
  async close(): Promise<void> {
    if (this.alive) await this.#core.close()
    else this.#store.close()
  }

  verify(): ReturnType<OpenStore['verify']> {
    return this.#store.verify()
  }

  #bug(thrown: unknown): void {
    if (thrown instanceof Killed || !this.alive) return
    this.bugs.push(thrown)
  }

  /** After its death nothing that it waited for ever comes. */
  #mortalClock(): Clock {
    const { clock } = this.#ports
    const never = new Promise<never>(() => {})
    return {
      now: () => clock.now(),
      elapsed: () => clock.elapsed(),
      sleep: (milliseconds, signal) =>
        clock.sleep(milliseconds, signal).then(
          () => (this.alive ? undefined : never),
          (thrown: unknown) => (this.alive ? Promise.reject(thrown as Error) : never),
        ),
    }
  }

  #mortalStore(store: OpenStore): OpenStore {
    return {
      ...store,
      append: (entries) => {
        if (!this.alive) throw new Killed()
        const moment = this.#ports.onWrite(entries.map(({ fact }) => fact))
        if (moment === 'before') this.kill()
        if (!this.alive) throw new Killed()
        const rows = store.append(entries)
        if (moment === 'torn' || moment === 'unsynced') {
          const { last } = tearable(this.#ports.path)
          this.kill(moment === 'torn' ? Math.ceil(last / 2) : last)
        }
        if (moment === 'after') this.kill()
        if (!this.alive) throw new Killed()
        this.#ports.onRows(rows)
        return rows
      },
    }
  }

  #factory(): DeviceFactory {
    const { opener, flaw } = this.#ports
    return {
      profiles: () => summaries,
      ports: () => Promise.resolve([]),
      open: ({ device, profile, mode }) => {
        const recorder = new Recorder({ clock: this.#ports.clock })
        this.#recorders.push(recorder)
        const driver = createCpxDriver({
          profile: profiles[profile as ProfileName],
          mode,
          opener: recorder.opener(opener(device, () => this.alive)),
          clock: this.#mortalClock(),
          onTrace: (note) => recorder.note(note),
        })
        const station = this.#ports.station(device, () => this.alive)
        const stations = new Map(station && driver.capabilities.chip ? [[driver.capabilities.chip.stations[0]!, flaw.station?.(station) ?? station]] : [])
        return { driver: flaw.driver?.(driver) ?? driver, stations, trace: (after) => recorder.entries(after), dispose: () => Promise.resolve() }
      },
    }
  }
}

/**
 * Passwords take real time to check, and simulated time would run away meanwhile: a password that was right once is
 * known to be right.
 */
function remembering<Keys extends KeyStore & KeyStoreSlots>(keys: Keys): Keys {
  const right = new Set<string>()
  const unlock: Keys['unlock'] = async (person, password) => {
    const key = `${person} ${password}`
    if (!keys.locked && right.has(key)) return true
    const answer = await keys.unlock(person, password)
    if (answer) right.add(key)
    return answer
  }
  return new Proxy(keys, { get: (target, name) => (name === 'unlock' ? unlock : Reflect.get(target, name, target)) as never })
}
