/** Why a card ends other than well: as reasons that the operator reads, and as what was thrown on the way. */
import type { Reason } from '#shared/device/device.ts'
import type { ChipLoss } from '../ports/chip-station.ts'

const severities = { error: 'error', operator: 'operator' } as const

const known = {
  'chip-no-card': ['operator', 'look-at-machine'],
  'chip-no-reader': ['operator', 'look-at-machine'],
  'chip-in-use': ['operator', 'look-at-machine'],
  'chip-removed': ['error', 'look-at-machine'],
  'chip-reader-lost': ['error', 'look-at-machine'],
  'chip-mute': ['error', 'none'],
  'chip-deadline': ['error', 'none'],
  'chip-protocol-error': ['error', 'none'],
  'chip-reset': ['error', 'none'],
  'chip-cancelled': ['operator', 'none'],
  'chip-wrong-card': ['error', 'look-at-machine'],
  'chip-personalized-before': ['error', 'look-at-machine'],
  'chip-wrong-key': ['error', 'look-at-machine'],
  'chip-response-altered': ['error', 'none'],
  'chip-keys': ['error', 'correct-data'],
  'chip-data': ['error', 'correct-data'],
  'chip-extension-failed': ['error', 'correct-data'],
  'chip-script-failed': ['error', 'none'],
  'chip-script-limit': ['error', 'none'],
  'chip-rejected-by-script': ['error', 'none'],
  'chip-not-verified': ['error', 'none'],
  'chip-group-not-written': ['error', 'none'],
  'chip-unexpected': ['error', 'none'],
} as const satisfies Record<string, readonly [keyof typeof severities, Reason['action']]>

export type ChipReasonCode = keyof typeof known

export function chipReason(code: ChipReasonCode): Reason {
  const [severity, action] = known[code]
  return { code, severity, action }
}

const losses: Record<ChipLoss, ChipReasonCode> = {
  'card-removed': 'chip-removed',
  'reader-lost': 'chip-reader-lost',
  mute: 'chip-mute',
  deadline: 'chip-deadline',
  'protocol-error': 'chip-protocol-error',
  reset: 'chip-reset',
  cancelled: 'chip-cancelled',
}

export const lossReason = (loss: ChipLoss): ChipReasonCode => losses[loss]

/** The card is out of reach: what became of the last command nobody knows. */
export class ChipLost extends Error {
  readonly loss: ChipLoss

  constructor(loss: ChipLoss) {
    super(`lost: ${loss}`)
    this.name = 'ChipLost'
    this.loss = loss
  }
}

/** The card ends here. `blank`: whether it may be used all the same. */
export class CardEnds extends Error {
  readonly code: ChipReasonCode
  readonly blank: 'usable' | 'spoiled'
  /** What goes with it into the log, such as the group that was not written. */
  readonly detail: Readonly<Record<string, string>>

  constructor(code: ChipReasonCode, blank: 'usable' | 'spoiled', detail: Readonly<Record<string, string>> = {}) {
    super(code)
    this.name = 'CardEnds'
    this.code = code
    this.blank = blank
    this.detail = detail
  }
}

/** What a script asked for can't be done: it is thrown inside the script, which may catch it. */
export class ScriptError extends Error {
  /** Where it is not caught, the card's reason. */
  readonly reason: ChipReasonCode
  readonly detail: Readonly<Record<string, string>>

  constructor(message: string, detail: Readonly<Record<string, string>> = {}, reason: ChipReasonCode = 'chip-script-failed') {
    super(message)
    this.name = 'ScriptError'
    this.reason = reason
    this.detail = detail
  }
}
