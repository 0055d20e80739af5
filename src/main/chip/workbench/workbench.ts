/** All benches that are open. Each belongs to the session that opened it, and is closed with it. */
import type { BenchTarget } from '#shared/contract/chip-calls.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Actor } from '#shared/journal/events.ts'
import type { ChipReaders } from '../../ports/chip-station.ts'
import type { PracticeCards } from '../../ports/practice-cards.ts'
import type { Random } from '../../ports/random.ts'
import type { PersonalizationServer } from '../personalization.ts'
import { createBench } from './bench.ts'
import type { Bench, Trial } from './bench.ts'

export interface WorkbenchParts {
  server: Pick<PersonalizationServer, 'begin'>
  practiceCards: PracticeCards
  readers: Pick<ChipReaders, 'station'>
  random: Random
  /** See `BenchParts`; `by` is whoever opened the bench. */
  beforeRealCard(trial: Trial, by: Actor): 'go-on' | 'personalized-before'
}

export interface Workbench {
  /** Answers the bench's name. @param owner token of the session */
  open(owner: string, by: Actor, target: BenchTarget): Promise<string>
  /** Throws `bench.unknown`. */
  bench(owner: string, bench: string): Bench
  close(owner: string, bench: string): Promise<void>
  closeOf(owner: string): Promise<void>
  closeAll(): Promise<void>
}

/** Of one session; the oldest is put away for a further one. */
const mostBenches = 8

export function createWorkbench({ server, practiceCards, readers, random, beforeRealCard }: WorkbenchParts): Workbench {
  const benches = new Map<string, { owner: string; bench: Bench }>()
  const unknown = (bench: string) => new CardwrightError({ code: 'bench.unknown', class: 'operator', values: { bench } })

  const make = (target: BenchTarget, by: Actor): Bench => {
    const asked = (trial: Trial) => beforeRealCard(trial, by)
    if (target.kind === 'reader') return createBench({ target, station: readers.station(target.reader), server, beforeRealCard: asked })
    const practiceCard = practiceCards.make({ type: target.type, seed: target.seed })
    for (const fault of target.faults) practiceCard.arm(fault)
    return createBench({ target, station: practiceCard.station, practiceCard, server, beforeRealCard: asked })
  }

  const shut = async (names: readonly string[]) => {
    const closing = names.flatMap((name) => benches.get(name) ?? [])
    for (const name of names) benches.delete(name)
    await Promise.all(closing.map(({ bench }) => bench.close()))
  }
  const namesOf = (owner: string) => [...benches].flatMap(([name, entry]) => (entry.owner === owner ? [name] : []))

  return {
    async open(owner, by, target) {
      const mine = namesOf(owner)
      await shut(mine.slice(0, Math.max(0, mine.length + 1 - mostBenches)))
      const name = Buffer.from(random.bytes(9)).toString('base64url')
      benches.set(name, { owner, bench: make(target, by) })
      return name
    },
    bench(owner, name) {
      const found = benches.get(name)
      if (found?.owner !== owner) throw unknown(name)
      return found.bench
    },
    async close(owner, name) {
      if (benches.get(name)?.owner === owner) await shut([name])
    },
    closeOf: (owner) => shut(namesOf(owner)),
    closeAll: () => shut([...benches.keys()]),
  }
}
