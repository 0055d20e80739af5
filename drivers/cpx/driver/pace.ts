/** How long to wait between enquiries, and what the machine is probably doing: learnt from the card before. */
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { ModuleProgress } from '#shared/device/device.ts'
import type { Profile } from '../profile.ts'

export class Pace {
  readonly #timings: Profile['timings']
  readonly #stages: Profile['stages']
  #last: number | undefined

  constructor({ timings, stages }: Profile) {
    this.#timings = timings
    this.#stages = stages
  }

  /** A card took this long from its data to its completion. */
  learn(milliseconds: number): void {
    this.#last = milliseconds
  }

  /**
   * The pause after busy, `elapsed` after the card data. A host that asks once a second hears of a completion half a
   * second late; near the expected end it asks more often.
   */
  pause(elapsed: number): number {
    const { busy, near } = this.#timings
    if (this.#last === undefined) return busy
    const left = this.#last - near - elapsed
    if (left > 0) return Math.min(busy, Math.max(near, left))
    return left > -2 * busy ? near : busy
  }

  /** The module that a card like this is probably in; the machine itself doesn't say. */
  module(card: PreparedCard, elapsed: number): ModuleProgress['module'] {
    const stages = this.#stages.filter(({ module }) => passes(card, module))
    const usual = stages.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
    let left = elapsed * (usual / (this.#last ?? usual))
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
