/** How long to wait between enquiries, and what the machine is probably doing: learnt from the card before. */
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { ModuleProgress } from '#shared/device/device.ts'
import type { Profile } from '../profile.ts'

export class Pace {
  readonly #timings: Profile['timings']
  readonly #stages: Profile['stages']
  /** Between these two moments after its data the last card was completed. */
  #window: { from: number; to: number } | undefined

  constructor({ timings, stages }: Profile) {
    this.#timings = timings
    this.#stages = stages
  }

  /** So long after its data the machine still said busy, and so long after it the card was complete. */
  learn(busy: number, complete: number): void {
    this.#window = { from: busy, to: complete }
  }

  /**
   * The pause after busy, `elapsed` after the card data. A host that asks once a second hears of a completion half a
   * second late: where a card like the last one would end, it asks at quarters of what is uncertain, and so knows the
   * next one's end four times as well. Past that it asks ever less often.
   */
  pause(elapsed: number): number {
    const { busy, near } = this.#timings
    if (this.#window === undefined) return busy
    const { from, to } = this.#window
    if (elapsed < from) return Math.min(busy, Math.max(1, from - elapsed))
    return Math.min(busy, Math.max(near, elapsed < to ? (to - from) / 4 : elapsed - to))
  }

  /** The module that a card like this is probably in; the machine itself doesn't say. */
  module(card: PreparedCard, elapsed: number): ModuleProgress['module'] {
    const stages = this.#stages.filter(({ module }) => passes(card, module))
    const usual = stages.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
    let left = elapsed * (usual / (this.#window?.to ?? usual))
    for (const { module, milliseconds } of stages) {
      if (left < milliseconds) return module
      left -= milliseconds
    }
    return stages.at(-1)?.module ?? 'embosser'
  }
}

function passes(card: PreparedCard, module: ModuleProgress['module']): boolean {
  switch (module) {
    case 'encoder':
      return Object.values(card.tracks).some((data) => data !== undefined) || card.compareTrack2 !== undefined
    case 'embosser':
      return card.lines.some(({ kind }) => kind === 'emboss')
    case 'indent':
      return card.lines.some(({ kind }) => kind === 'indent')
    case 'topper':
      return card.topping
    default:
      return true
  }
}
