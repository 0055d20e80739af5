/**
 * What every embosser driver owes to the controller, whatever it drives and over whatever line. The machine's side is
 * a rig with real plastic: what a driver says of a card is judged by what is on it.
 */
import { describe, expect, test } from 'vitest'
import type { CommandOptions, Decision, EmbosserDriver, Outcome } from '#main/ports/embosser-driver.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { Reason } from '#shared/device/device.ts'
import { AlarmLetter, Moment, type MachineFault, type SimulatorAction, type Stage } from '#shared/device/simulator.ts'

/** A blank as anybody can read it who holds it in his hand. */
export interface RigBlank {
  id: string
  /** `hopper`, `inside`, `output-tray`, `reject-tray`, `hand`, `lost`. */
  place: string
  touched: boolean
  tracks: { track1?: string | undefined; track2?: string | undefined; track3?: string | undefined }
  /** Embossed and indented lines, as a person reads them. */
  lines: string[]
}

export interface Rig {
  driver: EmbosserDriver
  /** Lets time pass until the promise settles. */
  run<Value>(promise: Promise<Value>): Promise<Value>
  /** Lets time pass. */
  wait(milliseconds: number): Promise<void>
  act(action: SimulatorAction): void
  arm(fault: MachineFault): void
  /** Does by hand whatever ends the machine's alarms, and switches it on where it is off. */
  mend(): Promise<void>
  /** Lays a line again where the last one was cut. */
  relay(): Promise<void>
  blanks(): RigBlank[]
  dispose(): Promise<void>
}

export interface RigOptions {
  blanks: number
  /** Stripes that they already carry. */
  tracks?: { track2: string }
}

export interface SuiteOptions {
  makeRig(options: RigOptions): Promise<Rig>
  /** Every letter at every stage: where time costs nothing. */
  exhaustive: boolean
  /** Where the machine meets its alarms. */
  stages: readonly Stage[]
  /** A machine that finds its hopper empty forgets the card's data. */
  forgetsWhenEmpty?: boolean
  /** Suites that can't run are reported with their reason. */
  skip?: string | undefined
}

function cardOf(serial: number): PreparedCard {
  const number = `400000${String(serial).padStart(9, '0')}7`
  const line = (field: string, font: string, y: number, text: string) => ({ field, kind: 'emboss' as const, side: 'front' as const, font, x: 10_160, y, text })
  return {
    number,
    lines: [
      line('number', 'farrington-7b', 21_412, number.replace(/(.{4})(?=.)/g, '$1 ')),
      line('name', 'gothic', 8_331, `HOLDER ${serial}`),
    ],
    tracks: { track1: `B${number}^HOLDER/${serial}^2712201`, track2: `${number}=2712201` },
    topping: true,
  }
}

/** Machines that pick ahead can meet trouble before any card data is sent. */
const neverDone: readonly Outcome['kind'][] = ['refused', 'unknown']

/** Anything of this card on this plastic. */
function carriesTraceOf(blank: RigBlank, card: PreparedCard): boolean {
  const ofTracks = blank.tracks.track1 === card.tracks.track1 || blank.tracks.track2 === card.tracks.track2
  return ofTracks || card.lines.some(({ text }) => blank.lines.includes(text))
}

function isComplete(blank: RigBlank, card: PreparedCard): boolean {
  return (
    blank.tracks.track1 === card.tracks.track1 && blank.tracks.track2 === card.tracks.track2 && card.lines.every(({ text }) => blank.lines.includes(text))
  )
}

export function embosserDriverSuite(name: string, { makeRig, exhaustive, stages, forgetsWhenEmpty = false, skip }: SuiteOptions): void {
  if (skip !== undefined) {
    test.skip(`${name} (skipped: ${skip})`, () => undefined)
    return
  }

  /** A machine at work, and a person beside it who mends what is asked for or gives up. */
  class Bench implements AsyncDisposable {
    readonly rig: Rig
    readonly attention: { reason: Reason; sent: boolean }[] = []
    decide: (reason: Reason, sent: boolean) => Promise<Decision> = async () => {
      await this.rig.mend()
      return 'continue'
    }
    #serial = 0

    constructor(rig: Rig) {
      this.rig = rig
    }

    static async open(options: Partial<RigOptions> = {}): Promise<Bench> {
      const bench = new Bench(await makeRig({ blanks: 10, ...options }))
      await bench.rig.run(bench.rig.driver.connect())
      return bench
    }

    get driver(): EmbosserDriver {
      return this.rig.driver
    }

    options(signal?: AbortSignal): CommandOptions {
      return {
        onAttention: (reason, sent) => {
          this.attention.push({ reason, sent })
          return this.decide(reason, sent)
        },
        ...(signal && { signal }),
      }
    }

    nextCard(): PreparedCard {
      return cardOf(++this.#serial)
    }

    /** Personalizes one card and waits for its end, asking for it where the mode has a lag. */
    async make(card: PreparedCard, signal?: AbortSignal): Promise<Outcome> {
      const run = this.driver.personalize(card, this.options(signal))
      await this.rig.run(run.accepted)
      if (this.driver.capabilities.completionLag > 0) await this.rig.run(this.driver.settle(this.options()))
      return this.rig.run(run.completed)
    }

    /**
     * After trouble: what is inside is taken out, the machine is mended, the line laid, and the next card must be made,
     * after a refusal or two.
     */
    async makesTheNext(): Promise<void> {
      await this.rig.run(this.rig.mend())
      this.rig.act({ do: 'clear-jam' })
      if (!this.driver.state().connected) await this.reconnect()
      const card = this.nextCard()
      let outcome = await this.make(card)
      for (let again = 0; outcome.kind === 'refused' && again < 3; again++) {
        if (outcome.reason.code === 'no-answer') await this.switchOffAndOn()
        await this.rig.run(this.rig.mend())
        outcome = await this.make(card)
      }
      expect(outcome).toMatchObject({ kind: 'done' })
      this.judge(card, outcome)
    }

    /** A machine that is busy and never speaks unless it has something to tell may take a while to be heard. */
    async reconnect(): Promise<void> {
      await this.rig.relay()
      for (let tries = 1; !this.driver.state().connected; tries++) {
        await this.rig.run(this.driver.connect()).catch((thrown: unknown) => {
          if (tries === 3) throw thrown
        })
      }
    }

    async switchOffAndOn(): Promise<void> {
      this.rig.act({ do: 'power', on: false })
      this.rig.act({ do: 'power', on: true })
      await this.rig.wait(5000)
      this.rig.act({ do: 'clear-jam' })
    }

    /** What the driver says of the card, against the plastic. */
    judge(card: PreparedCard, outcome: Outcome): void {
      const marked = this.rig.blanks().filter((blank) => carriesTraceOf(blank, card))
      expect(marked.length, 'blanks that carry anything of this card').toBeLessThanOrEqual(1)
      const [blank] = marked
      if (outcome.kind === 'done') {
        expect(blank && isComplete(blank, card), 'a card that is done carries everything').toBe(true)
        expect(['output-tray', 'hand']).toContain(blank?.place)
      }
      if (outcome.kind === 'refused' || (outcome.kind === 'failed' && outcome.effect === 'none')) expect(marked).toEqual([])
    }

    async [Symbol.asyncDispose](): Promise<void> {
      await this.driver.close()
      await this.rig.dispose()
    }
  }

  describe(name, () => {
    test('connects, and is idle', async () => {
      await using bench = await Bench.open()
      expect(bench.driver.state()).toEqual({ state: 'idle', reasons: [], connected: true })
      await bench.driver.close()
      expect(bench.driver.state()).toMatchObject({ connected: false, state: 'stopped' })
    })

    test('makes cards one after another, each on a blank of its own', async () => {
      await using bench = await Bench.open()
      for (let count = 0; count < 3; count++) {
        const card = bench.nextCard()
        const outcome = await bench.make(card)
        expect(outcome).toMatchObject({ kind: 'done' })
        bench.judge(card, outcome)
      }
      expect(bench.rig.blanks().filter(({ touched }) => touched)).toHaveLength(3)
      expect(bench.attention).toEqual([])
    })

    test('tells its state while it works and after', async () => {
      await using bench = await Bench.open()
      const states: string[] = []
      const stop = bench.driver.onState(() => states.push(bench.driver.state().state))
      await bench.make(bench.nextCard())
      expect(states[0]).toBe('processing')
      expect(bench.driver.state()).toEqual({ state: 'idle', reasons: [], connected: true })
      stop()
      const told = states.length
      await bench.make(bench.nextCard())
      expect(states).toHaveLength(told)
    })

    test('an empty hopper: asked about, refilled, made', async () => {
      await using bench = await Bench.open({ blanks: 0 })
      const card = bench.nextCard()
      const outcome = await bench.make(card)
      expect(outcome).toMatchObject(forgetsWhenEmpty ? { kind: 'unknown', reason: { code: 'ready-without-complete' } } : { kind: 'done' })
      expect(bench.attention[0]?.reason).toMatchObject({ code: 'hopper-empty', action: 'refill-hopper' })
      bench.judge(card, outcome)
    })

    test('an empty hopper, and the operator gives up: what is told is true', async () => {
      await using bench = await Bench.open({ blanks: 0 })
      bench.decide = () => Promise.resolve('give-up')
      const card = bench.nextCard()
      const outcome = await bench.make(card)
      expect(outcome).toMatchObject({ reason: { code: 'hopper-empty' } })
      bench.judge(card, outcome)
    })

    test('a cover opened in mid-card: the machine goes on by itself once it is closed', async () => {
      await using bench = await Bench.open()
      bench.rig.arm({ kind: 'alarm', status: 'M', stage: 'emboss', moment: 'halfway', times: 1 })
      const card = bench.nextCard()
      const outcome = await bench.make(card)
      expect(outcome).toMatchObject({ kind: 'done' })
      expect(bench.attention).toEqual([{ reason: expect.objectContaining({ code: 'cover-open' }) as unknown, sent: true }])
      bench.judge(card, outcome)
    })

    test.each(exhaustive ? AlarmLetter.options : (['G', 'H', 'U', 'Z'] as const))('trouble %s at any stage: the outcome agrees with the plastic, and the next card is made', async (status) => {
      const places = exhaustive ? stages.flatMap((stage) => Moment.options.map((moment) => ({ stage, moment }))) : [{ stage: 'emboss' as const, moment: 'halfway' as const }]
      for (const place of places) {
        await using bench = await Bench.open()
        bench.rig.arm({ kind: 'alarm', status, ...place, times: 1 })
        const card = bench.nextCard()
        const outcome = await bench.make(card)
        bench.judge(card, outcome)
        await bench.makesTheNext()
        bench.judge(card, outcome)
      }
    })

    test('the power goes in mid-card: never done', async () => {
      for (const stage of exhaustive ? stages : (['emboss'] as const)) {
        await using bench = await Bench.open()
        bench.rig.arm({ kind: 'power-loss', stage, moment: 'halfway', times: 1 })
        const card = bench.nextCard()
        const outcome = await bench.make(card)
        expect(neverDone).toContain(outcome.kind)
        await bench.makesTheNext()
        bench.judge(card, outcome)
      }
    })

    test('the line drops in mid-card: unknown, and connected again the machine is asked what became of it', async () => {
      for (const stage of exhaustive ? stages : (['emboss'] as const)) {
        await using bench = await Bench.open()
        bench.rig.arm({ kind: 'link-drop', at: { stage, moment: 'halfway' }, times: 1 })
        const card = bench.nextCard()
        const run = bench.driver.personalize(card, bench.options())
        const outcome = await bench.rig.run(run.completed)
        expect(outcome).toMatchObject({ reason: { code: 'link-lost' } })
        expect(neverDone).toContain(outcome.kind)
        expect(bench.driver.state()).toMatchObject({ connected: false, reasons: [{ code: 'link-lost' }] })
        await bench.reconnect()
        for (let asked = 0; asked < 100; asked++) {
          const { answer } = await bench.rig.run(bench.driver.enquireLost())
          if (answer === 'complete') bench.judge(card, { kind: 'done', evidence: { statuses: [] } })
          if (answer !== 'busy') break
          await bench.rig.wait(1000)
        }
        await bench.makesTheNext()
        bench.judge(card, outcome)
      }
    })

    test('the machine falls silent: unknown; it hears nothing: never done', async () => {
      for (const hears of [true, false]) {
        await using bench = await Bench.open()
        const card = bench.nextCard()
        const run = bench.driver.personalize(card, bench.options())
        bench.rig.arm({ kind: 'silence', milliseconds: null, hears })
        const outcome = await bench.rig.run(run.completed)
        expect(neverDone).toContain(outcome.kind)
        bench.rig.act({ do: 'disarm' })
        await bench.makesTheNext()
        bench.judge(card, outcome)
      }
    })

    test('a completion that is lost or late is no other card\'s', async () => {
      for (const fault of [{ kind: 'reply-lost' as const }, { kind: 'reply-late' as const, milliseconds: 4000 }, { kind: 'reply-late' as const, milliseconds: 20_000 }]) {
        await using bench = await Bench.open()
        bench.rig.arm({ ...fault, times: 1, status: 'C' })
        const cards = [bench.nextCard(), bench.nextCard(), bench.nextCard()]
        const outcomes: Outcome[] = []
        for (const card of cards) outcomes.push(await bench.make(card))
        bench.rig.act({ do: 'disarm' })
        cards.forEach((card, index) => bench.judge(card, outcomes[index]!))
        await bench.makesTheNext()
      }
    })

    test('answers told twice, held back and joined, cut apart, late: the cards are made all the same', async () => {
      const faults: MachineFault[] = [
        { kind: 'reply-twice', times: null },
        { kind: 'replies-split', milliseconds: 15, times: null },
        { kind: 'replies-joined', milliseconds: 300, times: 3 },
        { kind: 'reply-late', milliseconds: 700, times: 2 },
      ]
      for (const fault of faults) {
        await using bench = await Bench.open()
        bench.rig.arm(fault)
        for (let count = 0; count < 2; count++) {
          const card = bench.nextCard()
          const outcome = await bench.make(card)
          expect(outcome.kind, fault.kind).toMatch(/done|unknown/)
          bench.judge(card, outcome)
        }
      }
    })

    test('noise on the line: whatever is told, it is not more than the plastic shows', async () => {
      for (let seed = 1; seed <= (exhaustive ? 25 : 1); seed++) {
        await using bench = await Bench.open()
        bench.rig.arm({ kind: 'noise', direction: 'both', rate: 0.01, seed })
        let done = 0
        for (let count = 0; count < 3 && bench.driver.state().connected; count++) {
          // Noise can change what is embossed, and no driver can know: but not how many cards there are.
          if ((await bench.make(bench.nextCard())).kind === 'done') done++
          expect(bench.rig.blanks().filter(({ place }) => place === 'output-tray').length, `seed ${seed}`).toBeGreaterThanOrEqual(done)
        }
        bench.rig.act({ do: 'disarm' })
        await bench.makesTheNext()
      }
    })

    test('given up by the controller: refused before the data, unknown after', async () => {
      await using bench = await Bench.open()
      const early = bench.nextCard()
      const refused = await bench.make(early, AbortSignal.abort())
      expect(refused).toMatchObject({ kind: 'refused' })
      bench.judge(early, refused)

      const stop = new AbortController()
      const late = bench.nextCard()
      bench.rig.arm({ kind: 'alarm', status: 'M', stage: 'emboss', moment: 'halfway', times: 1 })
      bench.decide = () => {
        stop.abort()
        return new Promise(() => undefined)
      }
      const run = bench.driver.personalize(late, bench.options(stop.signal))
      await bench.rig.run(run.accepted)
      if (bench.driver.capabilities.completionLag > 0) await bench.rig.run(bench.driver.settle(bench.options(stop.signal)))
      expect(await bench.rig.run(run.completed)).toMatchObject({ kind: 'unknown' })
      bench.decide = async () => {
        await bench.rig.mend()
        return 'continue'
      }
      await bench.makesTheNext()
    })

    test('two commands at once: the second is refused, and nothing of it reaches the machine', async () => {
      await using bench = await Bench.open()
      const [first, second] = [bench.nextCard(), bench.nextCard()]
      const run = bench.driver.personalize(first, bench.options())
      const other = await bench.driver.personalize(second, bench.options()).completed
      expect(other).toMatchObject({ kind: 'refused', reason: { code: 'command-under-way' } })
      await bench.rig.run(run.accepted)
      if (bench.driver.capabilities.completionLag > 0) await bench.rig.run(bench.driver.settle(bench.options()))
      bench.judge(first, await bench.rig.run(run.completed))
      bench.judge(second, other)
    })

    test('without a line everything is refused, and nothing throws', async () => {
      await using bench = await Bench.open()
      await bench.driver.close()
      const card = bench.nextCard()
      expect(await bench.driver.personalize(card, bench.options()).completed).toMatchObject({ kind: 'refused', reason: { code: 'not-connected' } })
      expect(await bench.driver.spoil(card, bench.options()).completed).toMatchObject({ kind: 'refused' })
      await bench.driver.settle(bench.options())
      expect(await bench.driver.enquireLost()).toMatchObject({ answer: 'no-answer' })
      await expect(bench.driver.probe()).rejects.toThrow('device.not-connected')
      expect(bench.rig.blanks().some(({ touched }) => touched)).toBe(false)
    })

    test('a probe moves no card', async () => {
      await using bench = await Bench.open()
      const before = bench.rig.blanks()
      expect(await bench.rig.run(bench.driver.probe())).toMatchObject({ answered: true, version: expect.stringContaining('CPX') as unknown })
      expect(bench.rig.blanks()).toEqual(before)
    })

    test('a spoiled card is spoiled beyond use and can be seen to be', async () => {
      await using bench = await Bench.open()
      const { rejectWay } = bench.driver.capabilities
      const run = bench.driver.spoil(bench.nextCard(), bench.options())
      await bench.rig.run(run.accepted)
      const outcome = await bench.rig.run(run.completed)
      if (rejectWay === 'operator-removal') return expect(outcome).toMatchObject({ kind: 'refused' })
      expect(outcome).toMatchObject({ kind: 'done' })
      const [blank, ...others] = bench.rig.blanks().filter(({ touched }) => touched)
      expect(others).toEqual([])
      expect(blank?.lines.join()).toMatch(/^VOID( VOID)+/)
      expect(blank?.tracks).toEqual({})
    })

    test('reads the stripe of a blank, where it can', async () => {
      await using bench = await Bench.open({ tracks: { track2: '4000001234567899=2712201' } })
      const { outcome, tracks } = await bench.rig.run(bench.driver.readStripe(bench.options()))
      if (!bench.driver.capabilities.canReadStripe) return expect(outcome).toMatchObject({ kind: 'refused' })
      expect(outcome).toMatchObject({ kind: 'done' })
      expect(tracks).toEqual({ track2: '4000001234567899=2712201' })
      expect(bench.rig.blanks().some(({ touched }) => touched)).toBe(false)
    })
  })
}
