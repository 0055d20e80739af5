/** What every step of an attempt works with: its card, its life as the journal has it, and the ways to ask and to write. */
import type { AttemptLife, AttemptRef, Operation } from '#shared/card/life.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { Reason } from '#shared/device/device.ts'
import type { Prompt, RunView } from '#shared/job/job.ts'
import type { Actor, CommandName, Fact } from '#shared/journal/events.ts'
import { livesOn } from '#shared/journal/attempt-steps.ts'
import type { CommandOptions, CommandRun, Decision, PresentedCard } from '../ports/embosser-driver.ts'
import { attentionChoices, certainty } from './choices.ts'
import { answerFact } from './doubt.ts'
import type { Settled, Subject } from './doubt.ts'
import type { PromptAnswer } from './prompts.ts'
import type { RunChip } from './run-chip.ts'
import type { RunContext, RunOrder } from './run.ts'
import type { Stay } from './station-watch.ts'

/** How an attempt's conclusion moves its run. */
export type Conclusion = 'ended' | 'end-run'

/** What an attempt needs of the run that it belongs to. */
export interface RunSide {
  readonly context: RunContext
  readonly order: RunOrder
  /** Where the run makes chips. */
  readonly chip: RunChip | undefined
  /** Aborted when the run is cancelled. */
  readonly cancelled: AbortSignal
  append(by: Actor, facts: readonly Fact[]): void
  /** Opens a question; the run shows that it waits. Only `withdrawable` questions end when the run is cancelled, or when `over` is aborted. */
  ask(prompt: Omit<Prompt, 'id' | 'openedAt'>, withdrawable?: 'withdrawable', over?: AbortSignal): Promise<PromptAnswer>
  changed(): void
}

/** The blank of this attempt in its chip station. */
export interface Lying {
  card: PresentedCard
  stay: Stay
}

export type ChipProgress = NonNullable<RunView['cards'][number]['chip']>

export class Work {
  readonly side: RunSide
  readonly card: PreparedCard
  readonly attempt: AttemptRef
  readonly subject: Subject
  /** Set from the moment when the chip was identified. */
  lying: Lying | undefined
  /** While its chip is made. */
  progress: ChipProgress | undefined
  #life: AttemptLife | undefined

  constructor(side: RunSide, card: PreparedCard, attempt: AttemptRef, number: string) {
    this.side = side
    this.card = card
    this.attempt = attempt
    this.subject = { device: side.order.device, run: side.order.run, attempt, number }
  }

  get life(): AttemptLife {
    return this.#life!
  }

  get driver() {
    return this.side.context.driver
  }

  /** Operations of the machine's one command. */
  get carries(): readonly Operation[] {
    return this.driver.capabilities.carries
  }

  /** What earlier commands have certainly done to the blank. */
  get done(): readonly Operation[] {
    return this.life.touched ? ['chip'] : []
  }

  append(by: Actor, facts: readonly Fact[]): void {
    this.side.append(by, facts)
    for (const fact of facts) this.#life = livesOn(this.#life, fact) ?? this.#life
  }

  settle({ by, facts }: Settled): Conclusion {
    this.append(by, facts)
    return 'ended'
  }

  intend(command: CommandName): void {
    const carries: readonly Operation[] = command === 'chip' ? ['chip'] : command === 'spoil' ? ['void', 'deliver'] : this.carries
    this.append('system', [{ kind: 'attempt.intended', attempt: this.attempt, command, carries: [...carries] }])
  }

  /** The intent is durable, then the machine hears of it. */
  command(name: 'personalize' | 'spoil'): CommandRun {
    this.intend(name)
    const { lying, driver, card } = this
    const options = this.options(this.carries)
    if (lying === undefined) return name === 'spoil' ? driver.spoil(card, options) : driver.personalize(card, options)
    const guarded: CommandOptions = { ...options, stillThere: () => this.isThere(name) }
    return name === 'spoil' ? driver.spoil(card, guarded, lying.card) : driver.personalize(card, guarded, lying.card)
  }

  /**
   * Whether a command may be sent for the card in the station. Without a card there, the machine would take a fresh blank for it. A
   * machine that can reject by name may do so unseen.
   */
  isThere(command: 'personalize' | 'spoil'): boolean {
    const where = this.lying?.stay.whereabouts() ?? 'there'
    return where === 'there' || (where === 'unseen' && command === 'spoil' && this.driver.capabilities.rejectWay === 'reject-verb')
  }

  options(carries: readonly Operation[]): CommandOptions {
    const { context, cancelled } = this.side
    return {
      onAttention: (reason, sent, over) => this.#attend(carries, reason, sent, over),
      onProgress: (progress) => context.progressed(progress),
      signal: cancelled,
    }
  }

  /** The machine waits for a hand while a command is under way. Nothing is sent again. */
  async #attend(carries: readonly Operation[], reason: Reason, sent: boolean, over: AbortSignal | undefined): Promise<Decision> {
    const { side, subject } = this
    try {
      const certain = certainty(this.done, carries, sent ? 'unknown' : 'none')
      const answer = await side.ask({ ...subject, kind: 'attention', reason, certain, choices: attentionChoices(sent) }, 'withdrawable', over)
      this.append(answer.by, [answerFact(subject, 'attention', answer.choice)])
      return answer.choice === 'continue' ? 'continue' : 'give-up'
    } catch (thrown) {
      if (over?.aborted) return 'continue'
      if (side.cancelled.aborted) return 'give-up'
      throw thrown
    }
  }
}
