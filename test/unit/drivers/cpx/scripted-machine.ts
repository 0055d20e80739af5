/** A machine that says exactly what a test tells it to: for what a driver must make of answers, without any mechanics. */
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { HostFrameReader, toBytes, type HostFrame } from '#drivers/cpx/codec.ts'
import { createCpxDriver } from '#drivers/cpx/driver.ts'
import { loadProfile, shippedDocuments } from '#drivers/cpx/profile.ts'
import { memoryOpener } from '#drivers/serial/memory-pipe.ts'
import type { ByteLink } from '#main/ports/byte-link.ts'
import type { CommandOptions, Decision, EmbosserDriver } from '#main/ports/embosser-driver.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { ModuleProgress, Reason } from '#shared/device/device.ts'

export const debitCard: PreparedCard = {
  number: '4000001234567899',
  lines: [
    { field: 'number', kind: 'emboss', side: 'front', font: 'farrington-7b', x: 10_185, y: 21_412, text: '4000 0012 3456 7899' },
    { field: 'name', kind: 'emboss', side: 'front', font: 'gothic', x: 10_185, y: 8_331, text: 'CARD HOLDER' },
  ],
  tracks: { track2: '4000001234567899=2712201' },
  topping: true,
}

/** What the machine heard: `ENQ`, or a frame's head and body. */
export type HeardByMachine = string

/** What it answers to an enquiry: text as bytes, after a pause; undefined: nothing. */
export type Answer = string | { after: number; say: string } | undefined

export class ScriptedMachine {
  readonly clock = new VirtualClock()
  readonly heard: HeardByMachine[] = []
  /** Times of what was heard. */
  readonly times: number[] = []
  readonly notes: string[] = []
  readonly attention: { code: string; sent: boolean }[] = []
  readonly progress: ModuleProgress[] = []
  readonly driver: EmbosserDriver
  link: ByteLink | undefined
  /** Answers to enquiries, one each; when they are used up, `rest` is said. */
  answers: Answer[] = []
  rest: Answer = 'A'
  reply: () => Answer = () => (this.answers.length > 0 ? this.answers.shift() : this.rest)
  onFrame: (frame: HostFrame) => void = () => undefined
  decide: (reason: Reason, sent: boolean) => Promise<Decision> = () => Promise.resolve('give-up')

  constructor({ profile = 'dc450', mode = 'standard', overrides = {} }: { profile?: string; mode?: string; overrides?: object } = {}) {
    const opener = memoryOpener((far) => this.attach(far))
    this.driver = createCpxDriver({
      profile: loadProfile({ extends: profile, profile: 'test', ...overrides }, shippedDocuments),
      mode,
      opener,
      clock: this.clock,
      onTrace: (note) => this.notes.push(note),
    })
  }

  attach(far: ByteLink): void {
    this.link = far
    const reader = new HostFrameReader()
    far.onData((bytes) => {
      for (const event of reader.push(bytes)) {
        this.times.push(this.clock.elapsed())
        if (event.kind === 'enquiry') {
          this.heard.push('ENQ')
          this.say(this.reply())
        } else if (event.kind === 'frame') {
          this.heard.push(`${event.frame.head} ${event.frame.body}`)
          this.onFrame(event.frame)
        } else this.heard.push(event.mistake)
      }
    })
  }

  say(answer: Answer): void {
    if (answer === undefined) return
    if (typeof answer === 'string') void this.link?.write(toBytes(answer))
    else void this.clock.sleep(answer.after).then(() => this.link?.write(toBytes(answer.say)))
  }

  /** After the card data, enquiries are answered so; then with `A`, or with `rest` where it is given. */
  afterCard(answers: Answer[], ...rest: [Answer?]): void {
    this.onFrame = ({ head }) => {
      if (head !== 'DCC') return
      this.answers = [...answers]
      this.rest = rest.length > 0 ? rest[0] : 'A'
    }
  }

  /** A card that takes this long, by the machine's own watch. */
  cardTakes(milliseconds: number): void {
    this.onFrame = ({ head }) => {
      if (head !== 'DCC') return
      let told = false
      const ready = this.clock.elapsed() + milliseconds
      this.reply = () => {
        if (this.clock.elapsed() < ready) return '\u0013'
        const first = !told
        told = true
        return first ? 'C' : 'A'
      }
    }
  }

  options(signal?: AbortSignal): CommandOptions {
    return {
      onAttention: (reason, sent) => {
        this.attention.push({ code: reason.code, sent })
        return this.decide(reason, sent)
      },
      onProgress: (progress) => this.progress.push(progress),
      ...(signal && { signal }),
    }
  }

  connect(): Promise<void> {
    return this.clock.run(this.driver.connect())
  }

  personalize(card: PreparedCard = debitCard, signal?: AbortSignal) {
    return this.clock.run(this.driver.personalize(card, this.options(signal)).completed)
  }

  /** What was heard since the line was opened, enquiries left out. */
  get frames(): string[] {
    return this.heard.filter((text) => text !== 'ENQ')
  }
}

