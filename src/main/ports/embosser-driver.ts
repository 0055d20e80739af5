/**
 * The port behind which every card machine stands.
 *
 * A command ends in one of four ways and the type says which. `unknown` is never sent again by the program.
 * The driver knows the wire and the profile; it knows nothing of jobs, journals or people.
 */
import type { Capabilities, DeviceState, ModuleProgress, ProbeReport, Reason } from '#shared/device/device.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'

/** What the machine itself said that proves a command's end, masked, for the journal. */
export interface Evidence {
  /** Status bytes as letters or hex, in the order they came: `['13h', 'C']`. */
  statuses: readonly string[]
}

export type Outcome =
  /** `card`: where it lies; in the output tray where absent. */
  | { kind: 'done'; evidence: Evidence; card?: 'output-tray' | 'operator' }
  /** The machine did not take the command: nothing happened to any blank. */
  | { kind: 'refused'; reason: Reason }
  /** It took the command and failed, and the profile knows what that means for the blank. */
  | { kind: 'failed'; effect: 'none'; reason: Reason }
  | { kind: 'failed'; effect: 'applied'; card: 'inside' | 'reject-tray' | 'output-tray'; reason: Reason }
  /** Nobody knows. Never repeated by the program. */
  | { kind: 'unknown'; reason: Reason }

/** What the operator decided about a reason that holds a command up. */
export type Decision = 'continue' | 'give-up'

export interface CommandOptions {
  /**
   * The machine waits for a person (hopper, tray, cover, foil). The command is still under way: nothing is sent
   * again; after `continue` the driver goes on asking the machine. `give-up` ends the command by what is known.
   * `sent` tells whether card data has already gone to the machine. `over` is aborted when the reason has gone by itself, such
   * as by a card put into the reader: the question is withdrawn, and the command goes on without its answer.
   */
  onAttention(reason: Reason, sent: boolean, over?: AbortSignal): Promise<Decision>
  onProgress?(progress: ModuleProgress): void
  /**
   * Asked at the last moment before card data goes out for a presented card: whether that card still lies in its station. Where it does
   * not, the command is `refused` with `card-not-presented`: the machine would take another blank for it.
   */
  stillThere?(): boolean
  /** Aborted when the controller gives the command up; the driver ends it as `refused` before card data went out, else `unknown`. */
  signal?: AbortSignal
}

/**
 * One command under way. In modes without lag both promises settle together; with a completion lag of one,
 * `accepted` settles when the machine would take the next card, and `completed` when this one's end is known.
 * Neither ever rejects: every ending is an Outcome.
 */
export interface CommandRun {
  accepted: Promise<'accepted' | 'ended'>
  completed: Promise<Outcome>
}

/** A blank that lies in a chip station, and waits to be personalized or led out. */
export interface PresentedCard {
  /** Name of the station, one of `capabilities.chip.stations`. */
  station: string
  /** Told back with the command that takes this card on. Only this driver knows what it means. */
  ticket: number
}

export interface EmbosserDriver {
  readonly capabilities: Capabilities
  readonly limits: DeviceLimits

  /** Opens the line and waits for a sign of life. Throws `device.*` faults. */
  connect(): Promise<void>
  close(): Promise<void>

  state(): { state: DeviceState; reasons: readonly Reason[]; connected: boolean }
  /** Any change of `state()`. Returns the function that stops listening. */
  onState(listener: () => void): () => void

  /** Only ENQ, `#VER#` and `#ERR#`, or their like: can't move a card. */
  probe(): Promise<ProbeReport>

  /**
   * Brings the next blank to a chip station, unless one lies there already; only where `capabilities.chip` is not null. Nothing is
   * done to the card. Where the machine feeds by itself or by hand, the driver may resolve before the card has arrived: whoever
   * asked then waits for the station. `refused`: no card will come; nothing happened to any blank.
   */
  present(options: CommandOptions): Promise<{ kind: 'presented'; card: PresentedCard } | { kind: 'refused'; reason: Reason }>

  /**
   * Nobody works at the presented card any more, and nothing was done to it: the next `present` answers it again. Only where a machine
   * holds several presented cards, and would otherwise wait for this one's turn.
   */
  handBack?(presented: PresentedCard): void

  /** Feeds a blank, or takes the presented one, and does all of `capabilities.carries` to it, as one command. */
  personalize(card: PreparedCard, options: CommandOptions, presented?: PresentedCard): CommandRun

  /**
   * Makes the card that is inside unusable and leads it out by the profile's reject way.
   * Only for `void-pattern` and `reject-verb`; `operator-removal` is the controller's own prompt.
   */
  spoil(card: PreparedCard, options: CommandOptions, presented?: PresentedCard): CommandRun

  /** After the last card in a mode with lag: asks until the outstanding completions are known. */
  settle(options: CommandOptions): Promise<void>

  /**
   * What the machine says of a command whose end was lost (crash, link drop): `complete` only where the protocol makes
   * the answer unmistakable. Sends nothing that could move a card.
   */
  enquireLost(): Promise<{ answer: 'complete' | 'busy' | 'nothing' | 'no-answer'; evidence: Evidence }>

  /** Feeds a card to the stripe reader and reads it; undefined where the profile lacks the verbs. */
  readStripe(options: CommandOptions): Promise<{ outcome: Outcome; tracks: { track1?: string; track2?: string; track3?: string } }>
}
