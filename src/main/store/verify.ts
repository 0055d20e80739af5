/** The check of the chain: every row's hash, every link, every seal. Nothing here needs to understand a fact but a seal. */
import { timingSafeEqual } from 'node:crypto'
import type { JobId } from '#shared/journal/events.ts'
import type { ChainWalk } from '../ports/store.ts'
import { firstPrevious, hex, parseJson, rowHash } from './journal.ts'
import type { Journal } from './journal.ts'

/** MAC of a chain's head under the journal key of the key store. `head` is the 32 bytes of the hash. */
export type SealMac = (head: Uint8Array) => Uint8Array

/** A walk from the first row, or over the last `tail` rows, whose first link is then taken as it is. */
export function walkChain(journal: Journal, { mac, tail }: { mac?: SealMac | undefined; tail?: number } = {}): ChainWalk {
  const start = Math.max(0, tail === undefined ? 0 : journal.head().sequence - tail)
  let sequence = start
  let previous = start === 0 ? firstPrevious : hex(journal.stored(start - 1, 1)[0]?.hash ?? new Uint8Array(32))
  let brokenAt: number | undefined
  const closings = new Map<JobId, string>()
  const brokenSeals: JobId[] = []

  const sealHolds = ({ job, head, mac: seal }: Seal): boolean => {
    if (mac === undefined) return true
    const expected = mac(Buffer.from(head, 'hex'))
    const given = Buffer.from(seal, 'hex')
    // A walk over the tail has not seen every closing row.
    const sealed = closings.get(job)
    return (sealed === head || (sealed === undefined && start > 0)) && given.length === expected.length && timingSafeEqual(given, expected)
  }

  const follow = (body: string, own: string) => {
    // Only these two kinds are looked into, and few rows are of them.
    if (!body.includes('"kind":"job.closed"') && !body.includes('"kind":"job.sealed"')) return
    const fact = (parseJson(body) as { fact?: Partial<Seal> & { kind?: string } } | undefined)?.fact
    if (fact?.kind === 'job.closed' && fact.job) closings.set(fact.job, own)
    if (fact?.kind === 'job.sealed' && isSeal(fact) && !sealHolds(fact)) brokenSeals.push(fact.job)
  }

  return {
    get check() {
      return {
        rows: sequence - start,
        ...(brokenAt !== undefined && { brokenAt }),
        ...(mac !== undefined && { brokenSeals: [...brokenSeals] }),
        head: previous,
      }
    },
    advance(rows) {
      if (brokenAt !== undefined) return false
      const found = journal.stored(sequence, rows)
      for (const row of found) {
        const digest = rowHash(previous, row.body)
        if (row.sequence !== sequence + 1 || !digest.equals(row.hash)) {
          brokenAt = sequence + 1
          return false
        }
        sequence = row.sequence
        previous = hex(digest)
        follow(row.body, previous)
      }
      return found.length === rows
    },
  }
}

interface Seal {
  job: JobId
  head: string
  mac: string
}

function isSeal(fact: Partial<Seal>): fact is Seal {
  return typeof fact.job === 'string' && typeof fact.head === 'string' && typeof fact.mac === 'string'
}
