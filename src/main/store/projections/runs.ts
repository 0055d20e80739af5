import type { DatabaseSync } from 'node:sqlite'
import { one } from '../database.ts'
import { jobOf } from '../identifiers.ts'
import { notAllowed } from '../refusal.ts'
import type { Counts } from './counts.ts'
import type { Projection } from './projection.ts'

/** Runs: which job ran on which device, and whether it has ended. */
export function createRuns(connection: DatabaseSync, counts: Counts): Projection {
  const find = connection.prepare('SELECT job, ended FROM runs WHERE run = ?')
  const jobState = connection.prepare('SELECT state FROM jobs WHERE job = ?')
  const insert = connection.prepare('INSERT INTO runs (run, job, device) VALUES (?, ?, ?)')
  const end = connection.prepare('UPDATE runs SET ended = ? WHERE run = ?')

  return {
    apply({ fact }) {
      switch (fact.kind) {
        case 'run.started': {
          const job = jobOf(fact)
          if (one(find, fact.run)) throw notAllowed(fact.kind, 'the run is known')
          if (one<{ state: string }>(jobState, job)?.state !== 'open') throw notAllowed(fact.kind, 'the job is not open')
          insert.run(fact.run, job, fact.device)
          counts.move(job, ['runs', 'open_runs'], [])
          return
        }
        case 'run.chip':
        case 'run.paused':
        case 'run.resumed':
        case 'run.stopping':
        case 'run.ended': {
          const run = one<{ job: number; ended: string | null }>(find, fact.run)
          if (run === undefined || run.ended !== null) throw notAllowed(fact.kind, 'the run is not under way')
          if (fact.kind !== 'run.ended') return
          end.run(fact.why, fact.run)
          counts.move(run.job, [], ['open_runs'])
          return
        }
        default:
      }
    },
    clear: () => connection.exec('DELETE FROM runs'),
  }
}
