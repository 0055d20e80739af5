/** Which rows of the journal are about which job, record and attempt, so that a timeline is read without a search. */
import type { DatabaseSync } from 'node:sqlite'
import type { Fact, JobId, RunId } from '#shared/journal/events.ts'
import { one } from '../database.ts'
import { attemptOf, jobOf } from '../identifiers.ts'
import type { AttemptKey } from '../identifiers.ts'
import type { Projection } from './projection.ts'

export function createSubjects(connection: DatabaseSync): Projection {
  const jobOfRun = connection.prepare('SELECT job FROM runs WHERE run = ?')
  const insert = connection.prepare('INSERT OR IGNORE INTO subjects (job, record, attempt, sequence) VALUES (?, ?, ?, ?)')

  const whole = (fact: Fact & { job: JobId }, record = 0): AttemptKey => ({ job: jobOf(fact), record, number: 0 })
  const ofRun = (run: RunId | undefined): AttemptKey[] => {
    const found = run === undefined ? undefined : one<{ job: number }>(jobOfRun, run)
    return found ? [{ job: found.job, record: 0, number: 0 }] : []
  }

  const subjects = (fact: Fact): AttemptKey[] => {
    switch (fact.kind) {
      case 'recovery.found':
        return fact.attempts.map((attempt) => attemptOf({ ...fact, attempt }))
      case 'job.reordered':
        return fact.jobs.map((job) => whole({ ...fact, job }))
      case 'record.skipped':
      case 'record.requeued':
        return [whole(fact, fact.record)]
      case 'run.chip':
      case 'run.paused':
      case 'run.resumed':
      case 'run.stopping':
      case 'run.ended':
        return ofRun(fact.run)
      case 'prompt.answered':
        return fact.attempt === undefined ? ofRun(fact.run) : [attemptOf({ ...fact, attempt: fact.attempt })]
      case 'report.exported':
        return fact.job === undefined ? [] : [whole({ ...fact, job: fact.job })]
      default:
        if ('attempt' in fact) return [attemptOf(fact)]
        return 'job' in fact ? [whole(fact)] : []
    }
  }

  return {
    apply({ fact, sequence }) {
      for (const { job, record, number } of subjects(fact)) insert.run(job, record, number, sequence)
    },
    clear: () => connection.exec('DELETE FROM subjects'),
  }
}
