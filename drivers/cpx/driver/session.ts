/** What the driver knows of the machine while a line to it is open. */
import type { CommandOptions, Decision } from '#main/ports/embosser-driver.ts'
import type { Clock } from '#main/ports/clock.ts'
import type { ModuleProgress, Reason } from '#shared/device/device.ts'
import type { Mode, Profile } from '../profile.ts'
import type { Place } from './card-layout.ts'
import type { Conversation, HeardStatus } from './conversation.ts'
import type { Flight } from './flight.ts'
import { conclude, reasonOf } from './outcomes.ts'

/** What a command asks of its controller; `signal` is aborted by the controller and by the loss of the line. */
export interface Errand {
  readonly signal: AbortSignal
  /** The card lies at the chip station already: no pick is waited for. */
  readonly presented: boolean
  /** False where the presented card has left the chip station: card data would go onto another blank. */
  stillThere(): boolean
  attention(reason: Reason, sent: boolean): Promise<Decision>
  progress(progress: ModuleProgress): void
}

export interface SessionParts {
  profile: Profile
  mode: Mode
  clock: Clock
  conversation: Conversation
  lost: AbortSignal
  note(text: string): void
}

export class Session {
  readonly profile: Profile
  readonly mode: Mode
  readonly clock: Clock
  readonly conversation: Conversation
  readonly lost: AbortSignal
  readonly note: (text: string) => void

  /** Card data without an end, oldest first: more than one only in modes with a completion lag. */
  flights: Flight[] = []
  /** How the last command on this line ended. */
  standing: 'new' | 'good' | 'failed' = 'new'
  /** The line locations that the machine holds, and when they were last of use. */
  format: { places: readonly Place[]; usedAt: number } | undefined
  /** In a mode where the machine is never asked: it has said ready, and has been given nothing since. */
  readyUnasked = false
  /** Card data is out, and its end is not known. */
  cardOut = false
  /** A completion that came while no card was out: the end of one that was given up or sent before the line was opened. */
  earlyComplete = false
  /** Until then a completion that was lost may still arrive; elapsed time. */
  lateUntil: number | undefined

  #attended: { code: string; until: number } | undefined

  constructor(parts: SessionParts) {
    this.profile = parts.profile
    this.mode = parts.mode
    this.clock = parts.clock
    this.conversation = parts.conversation
    this.lost = parts.lost
    this.note = parts.note
  }

  /** The last command did not end as it should, or there was none: the machine has to say ready before new data. */
  get unclean(): boolean {
    return this.standing !== 'good'
  }

  get timings(): Profile['timings'] {
    return this.profile.timings
  }

  errand(options: CommandOptions, presented = false): Errand {
    const { signal } = options
    return {
      signal: signal === undefined ? this.lost : AbortSignal.any([this.lost, signal]),
      presented,
      stillThere: () => options.stillThere?.() ?? true,
      attention: async (reason, sent) => options.onAttention(reason, sent),
      progress: (progress) => {
        try {
          options.onProgress?.(progress)
        } catch {
          // Whoever watches must not be able to put a card in doubt.
          this.note('a listener of progress failed')
        }
      },
    }
  }

  /** Why nothing more can be said: the line is gone, or the controller gave the command up. */
  interruption(): Reason {
    return conclude(this.conversation.lost ? 'link-lost' : 'cancelled')
  }

  /** Ends early, without a word, when the errand is interrupted: the next step finds out why. */
  async pause(milliseconds: number, { signal }: Errand): Promise<void> {
    await this.clock.sleep(milliseconds, signal).catch(() => undefined)
  }

  /**
   * Trouble that a person has to mend. Undefined: the machine may be asked again; otherwise the reason that ends the
   * command. What was just attended to is not asked about again at once: the machine needs a moment to notice.
   */
  async attend(heard: HeardStatus, sent: boolean, errand: Errand): Promise<Reason | undefined> {
    const reason = reasonOf(heard)
    const now = this.clock.elapsed()
    if (this.#attended?.code === reason.code && now < this.#attended.until) {
      await this.pause(this.timings.busy, errand)
      return errand.signal.aborted ? this.interruption() : undefined
    }
    const decision = await decided(errand.attention(reason, sent), errand.signal)
    if (decision === 'interrupted') return this.interruption()
    if (decision === 'give-up') return reason
    this.#attended = { code: reason.code, until: this.clock.elapsed() + this.timings.attentionAgain }
    return undefined
  }
}

/** Resolves with the decision, or when the signal is aborted first. A question that fails was not answered: give up. */
function decided(decision: Promise<Decision>, signal: AbortSignal): Promise<'continue' | 'give-up' | 'interrupted'> {
  return new Promise((resolve) => {
    const interrupted = () => resolve('interrupted')
    if (signal.aborted) return interrupted()
    signal.addEventListener('abort', interrupted, { once: true })
    decision
      .catch(() => 'give-up' as const)
      .then((answer) => {
        signal.removeEventListener('abort', interrupted)
        resolve(answer)
      })
      .catch(() => undefined)
  })
}
