/** The chips of a run: its personalization session, its device's stations, and the order in which cards come to them. */
import type { PresentedCard, CommandOptions, EmbosserDriver } from '../ports/embosser-driver.ts'
import type { ChipStation } from '../ports/chip-station.ts'
import type { ChipSession } from '../chip/personalization.ts'
import type { Reason } from '#shared/device/device.ts'
import type { Clock } from '../ports/clock.ts'
import { StationWatch } from './station-watch.ts'

/** How long a station may stay empty, or full of the card before, milliseconds. */
export const stationPatience = 30_000

export type Presented = { kind: 'presented'; card: PresentedCard; watch: StationWatch } | { kind: 'refused'; reason: Reason }

export interface RunChip {
  readonly session: ChipSession
  /** Cards whose chips can be made at the same time. */
  readonly lanes: number
  /** Brings the next blank to a station from which the card before has left. One at a time, in the order of asking. */
  present(options: CommandOptions): Promise<Presented>
  close(): Promise<void>
}

export interface RunChipParts {
  session: ChipSession
  stations: ReadonlyMap<string, ChipStation>
  driver: EmbosserDriver
  clock: Clock
}

const reasons = {
  'station-not-set-up': { severity: 'error', action: 'none' },
  'station-occupied': { severity: 'operator', action: 'look-at-machine' },
} as const satisfies Record<string, Omit<Reason, 'code'>>

export function createRunChip({ session, stations, driver, clock }: RunChipParts): RunChip {
  const watches = new Map([...stations].map(([name, station]) => [name, new StationWatch(station)]))
  let queue: Promise<unknown> = Promise.resolve()

  const refused = (code: keyof typeof reasons): Presented => ({ kind: 'refused', reason: { code, ...reasons[code] } })

  const next = async (options: CommandOptions): Promise<Presented> => {
    const answer = await driver.present(options)
    if (answer.kind === 'refused') return answer
    const watch = watches.get(answer.card.station)
    const cleared = await watch?.cleared(clock, stationPatience, options.signal ?? new AbortController().signal)
    if (watch !== undefined && cleared === true) return { kind: 'presented', card: answer.card, watch }
    driver.handBack?.(answer.card)
    return refused(watch === undefined ? 'station-not-set-up' : 'station-occupied')
  }

  const after = async (former: Promise<unknown>, options: CommandOptions): Promise<Presented> => {
    await former
    return next(options)
  }

  return {
    session,
    lanes: Math.max(1, watches.size),
    present(options) {
      const turn = after(queue, options)
      queue = turn.catch(() => undefined)
      return turn
    },
    async close() {
      for (const watch of watches.values()) watch.close()
      await session.end()
    },
  }
}
