/**
 * A simulated world: machines that live on, a program that dies and is started again, people who answer truthfully, and
 * the oracle, which looks after every mark on the plastic and every journal write. Nothing in it is random: the same
 * workspace and the same plan give the same history to the last byte.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { Machine } from '#drivers/cpx/simulator/machine.ts'
import { seededRandom } from '#drivers/random/random.ts'
import type { MachineModule, Stage } from '#shared/device/simulator.ts'
import type { DeviceId, JournalRow } from '#shared/journal/events.ts'
import { Hands } from './hands.ts'
import { Killed, WatchedLine } from './line.ts'
import { judge, judgeEnd } from './oracle.ts'
import type { Breach, WitnessedBlank } from './oracle.ts'
import { machineFault } from './plan.ts'
import type { CrashMoment, Plan, Point, Strike } from './plan.ts'
import { Program } from './program.ts'
import type { Flaw } from './program.ts'
import { WatchedStation } from './station.ts'
import { findSecrets } from './secrets.ts'
import { people, unpack } from './workspace.ts'
import type { MachineSetUp, Workspace } from './workspace.ts'

export interface Site {
  device: DeviceId
  machine: Machine
  line: WatchedLine
  station: WatchedStation
  hands: Hands
}

/** What people do: given a program that runs, they work until all is done, or `closed` it. Throws `Killed` where it dies. */
export type Staff = (world: World, program: Program) => Promise<void | 'closed'>

export interface WorldOptions {
  workspace: Workspace
  plan: Plan
  staff: Staff
  seed?: string
  /** How long the program stays dead before it is started again, milliseconds; by its count of deaths. */
  downtime?: (deaths: number) => number
  /** Whether the operator lets the machine be asked about a card in doubt before she looks for herself. */
  asksMachine?: boolean
  flaw?: Flaw
  /** In each hopper at the beginning. */
  blanks?: number
  /** Looks for card data in the files and messages too. */
  searchSecrets?: boolean
}

export interface History {
  breaches: Breach[]
  /** What was passed, in order; `after`: how many of these lay before the last strike fell. */
  points: Point[]
  after: number
  /** Strikes of the plan that never came to pass. */
  unstruck: Strike[]
}

const stages: Partial<Record<MachineModule, Stage>> = {
  hopper: 'pick', feed: 'feed', encoder: 'encode', embosser: 'emboss', indent: 'indent', topper: 'topper', 'output-tray': 'deliver',
}

/** What blanks carry where cards have chips. */
const blankChip = 'gp-scp02-55'

/** Longer than any history should take, milliseconds. */
const patience = 6 * 3_600_000

export async function live(options: WorldOptions): Promise<History> {
  const world = new World(options)
  await world.run()
  return world.history()
}

export class World {
  readonly clock = new VirtualClock()
  readonly sites = new Map<DeviceId, Site>()
  readonly options: WorldOptions
  readonly #pending: Strike[]
  readonly #points: Point[] = []
  readonly #breaches: Breach[] = []
  #after = 0
  #counts = { append: 0, stage: 0 }
  #rows: JournalRow[] = []
  #program: Program | undefined
  #dead: Program[] = []
  /** All that programs which have ended said. */
  #said: string[] = []
  #path = ''
  /** Armed on the machine: the stage strike at the head of the plan. */
  #armed: { strike: Strike; device: DeviceId; id: number }[] = []
  /** The program dies as soon as the machine has done its work, before it can have heard of it. */
  #awaitsEffect = false

  constructor(options: WorldOptions) {
    this.options = options
    this.#pending = [...options.plan]
    for (const setUp of options.workspace.machines) this.sites.set(setUp.device, this.#site(setUp))
    this.#armNext()
  }

  get #hasChips(): boolean {
    return this.options.workspace.cards.some(({ chip }) => chip !== undefined)
  }

  site(device: DeviceId): Site {
    return this.sites.get(device)!
  }

  #site({ device, mode, model = 'dc450' }: MachineSetUp): Site {
    const { clock } = this
    const machine = new Machine({
      clock,
      start: { model, mode, blanks: this.options.blanks ?? 6, chipSeed: Number(device.replace(/\D/g, '')) * 1000, ...(this.#hasChips && { chip: blankChip }) },
      onModule: (module) => this.#moved(module && stages[module]),
    })
    const line = new WatchedLine(clock, machine, {
      write: ({ index, name }) => this.#pass({ on: 'write', index, name }) as never,
      reply: ({ index, name }) => this.#pass({ on: 'reply', index, name }) as never,
    })
    machine.onChange(() => this.#noteStruck())
    const station = new WatchedStation(machine, {
      apdu: ({ index, name }) => this.#pass({ on: 'apdu', index, name }) as never,
      kill: () => this.#program?.kill(),
    })
    const hands = new Hands({ machine, line, clock, asksMachine: this.options.asksMachine ?? true, ...(this.#hasChips && { chip: blankChip }) })
    return { device, machine, line, station, hands }
  }

  /** Starts the program again and again until the staff have gone home. */
  async run(): Promise<void> {
    const { path, keys } = unpack(this.options.workspace)
    this.#path = path
    const random = seededRandom(this.options.seed ?? 'world')
    const { downtime = () => 2000, staff } = this.options
    try {
      for (let deaths = 0; ; deaths++) {
        if (deaths > 0) await this.clock.advance(downtime(deaths))
        this.#program = await Program.start({
          path: this.#path,
          keys,
          clock: this.clock,
          random,
          flaw: this.options.flaw ?? {},
          opener: (device, alive) => this.site(device).line.opener(alive),
          station: (device, alive) => this.site(device).station.station(alive),
          onWrite: (facts) => this.#write(facts.map(({ kind }) => kind).join('+')),
          onOpened: (rows) => this.#opened(rows),
          onRows: (rows) => this.#durable(rows),
        })
        const end = this.#program.alive ? await this.#works(staff, this.#program) : 'killed'
        if (end === 'done') break
        this.#bury(this.#program)
      }
      this.#judge(true)
      if (this.options.searchSecrets === true) this.#search()
    } finally {
      if (this.#program?.alive === true) await this.clock.run(this.#program.close())
      for (const program of this.#dead) await program.close()
    }
  }

  /** How it ended: the work is done, the program died under their hands, or somebody closed it. */
  async #works(staff: Staff, program: Program): Promise<'done' | 'killed' | 'closed'> {
    const late = this.clock.sleep(patience).then(() => 'late' as const)
    const work = staff(this, program).then(
      (how) => how ?? ('done' as const),
      (thrown: unknown) => (thrown instanceof Killed ? ('killed' as const) : Promise.reject(thrown as Error)),
    )
    const end = await this.clock.run(Promise.race([work, program.killed.then(() => 'killed' as const), late]))
    for (const bug of program.bugs) this.#breaches.push({ invariant: 9, what: `the program reports ${String(bug)}` })
    if (end === 'late') this.#breaches.push({ invariant: 9, what: 'the work never ends' })
    if (end === 'closed') await this.clock.run(Promise.race([program.close(), program.killed]))
    return end === 'late' ? 'done' : program.alive ? end : 'killed'
  }

  #bury(program: Program): void {
    this.#said.push(...program.said)
    for (const { line, station } of this.sites.values()) {
      line.cut()
      station.cut()
    }
    if (program.remains === undefined) return
    this.#dead.push(program)
    this.#path = program.remains
  }

  // Where faults strike

  #pass(point: Point): string | undefined {
    this.#points.push(point)
    return this.#strikes((strike) => strike.on !== 'stage' && strike.on === point.on && strike.index === point.index)?.fault
  }

  #write(name: string): CrashMoment | undefined {
    const index = this.#counts.append++
    this.#awaitsEffect = false
    this.#points.push({ on: 'append', index, name })
    const strike = this.#strikes((candidate) => candidate.on === 'append' && candidate.index === index)
    if (strike?.fault !== 'after-effect') return strike?.fault as CrashMoment | undefined
    this.#awaitsEffect = true
    return undefined
  }

  /** A machine begins a stage, or has come to rest: the plastic is not what it was. */
  #moved(stage: Stage | undefined): void {
    this.#judge(false)
    if (stage === undefined) {
      if (this.#awaitsEffect) this.#program?.kill()
      this.#awaitsEffect = false
      return
    }
    const index = this.#counts.stage++
    this.#points.push({ on: 'stage', index, name: stage })
    if (this.#strikes((strike) => strike.on === 'begin' && strike.index === index)) this.#program?.kill()
  }

  #strikes(falls: (strike: Strike) => boolean): Strike | undefined {
    const strike = this.#pending.find(falls)
    if (strike !== undefined) this.#struck(strike)
    return strike
  }

  #struck(strike: Strike): void {
    this.#pending.splice(this.#pending.indexOf(strike), 1)
    this.#after = this.#points.length
    this.#armNext()
  }

  /** A strike at a stage waits until those before it in the plan have fallen. */
  #armNext(): void {
    const [next] = this.#pending
    if (next?.on !== 'stage' || this.#armed.length > 0) return
    for (const { device, machine } of this.sites.values()) this.#armed.push({ strike: next, device, id: machine.arm(machineFault(next)) })
  }

  /** A fault that is no longer armed on one machine has struck there, and strikes nowhere else. */
  #noteStruck(): void {
    if (this.#armed.length === 0) return
    const struck = this.#armed.some(({ device, id }) => !this.site(device).machine.armed().some((armed) => armed.id === id))
    if (!struck) return
    const armed = this.#armed
    this.#armed = []
    for (const { device, id } of armed) this.site(device).machine.act({ do: 'disarm', id })
    this.#struck(armed[0]!.strike)
  }

  // What the oracle is shown

  /** What was durable when the program died must be there; at most the write that it died in may have come on top. */
  #opened(rows: readonly JournalRow[]): void {
    const kept = this.#rows.every(({ hash }, index) => rows[index]?.hash === hash)
    if (!kept) this.#breaches.push({ invariant: 'chain', what: 'rows that were durable are gone after a crash' })
    this.#rows = [...rows]
    this.#judge(false)
  }

  #durable(rows: readonly JournalRow[]): void {
    this.#rows.push(...rows)
    for (const { fact } of rows) {
      if (fact.kind !== 'attempt.claimed') continue
      const card = this.options.workspace.cards.find(({ job, record }) => fact.attempt.startsWith(`${job}/${record}.`))
      if (card !== undefined) this.site(fact.device).hands.noteClaim(card)
    }
    if (rows.some(({ fact }) => fact.kind.startsWith('attempt.') || fact.kind === 'job.closed' || fact.kind === 'recovery.found')) this.#judge(false)
  }

  #blanks(): WitnessedBlank[] {
    return [...this.sites.values()].flatMap(({ device, machine }) => machine.ledger().map((blank) => ({ device, blank })))
  }

  #judge(end: boolean): void {
    const { cards, machines } = this.options.workspace
    const feedAhead = new Set(machines.filter(({ mode }) => mode === 'chip-fast' || this.#hasChips).map(({ device }) => device))
    const testimony = { rows: this.#rows, blanks: this.#blanks(), cards, feedAhead }
    for (const breach of end ? judgeEnd(testimony) : judge(testimony)) {
      if (!this.#breaches.some(({ what }) => what === breach.what)) this.#breaches.push(breach)
    }
  }

  /** 8: no card data in any file or message. */
  #search(): void {
    const secrets = [
      ...this.options.workspace.cards.flatMap(({ number, tracks }) => [
        { name: 'a card number', value: number },
        ...Object.values(tracks).map((value) => ({ name: 'a track', value })),
      ]),
      ...Object.values(people).map(({ password }) => ({ name: 'a password', value: password })),
    ]
    const folder = dirname(this.#path)
    const found = [
      ...readdirSync(folder).flatMap((file) => (file.startsWith('cardwright.db') ? findSecrets(readFileSync(join(folder, file)), secrets) : [])),
      ...findSecrets(Buffer.from([...this.#said, ...this.#program!.said].join('\n')), secrets),
    ]
    for (const name of new Set(found)) this.#breaches.push({ invariant: 8, what: `${name} stands in a file or a message` })
  }

  history(): History {
    return { breaches: this.#breaches, points: this.#points, after: this.#after, unstruck: this.#pending }
  }
}
