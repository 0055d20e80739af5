/** The live state: what the rooms know now, and which of it each journal row changes. */
import type { Change, LiveState } from '#shared/contract/live.ts'
import type { Fact, JobId, JournalRow } from '#shared/journal/events.ts'
import type { Controller } from '../controller/controller.ts'
import type { Devices } from '../devices/devices.ts'
import type { Store } from '../ports/store.ts'

export interface LiveParts {
  store: Store
  devices: Devices
  controller: Controller
  journal(): LiveState['journal']
  logRevision(): number
}

export function liveState({ store, devices, controller, journal, logRevision }: LiveParts): LiveState {
  return {
    devices: devices.views(),
    jobs: store.jobs(),
    runs: controller.runs(),
    prompts: controller.prompts(),
    logRevision: logRevision(),
    journal: journal(),
  }
}

/** The job that a fact speaks of; an attempt's reference begins with its job. */
export function jobsOf(fact: Fact): readonly JobId[] {
  if (fact.kind === 'job.reordered') return fact.jobs
  if ('job' in fact && fact.job !== undefined) return [fact.job]
  if ('attempt' in fact && fact.attempt !== undefined) return [fact.attempt.slice(0, fact.attempt.indexOf('/'))]
  return []
}

/** What the screens have to hear of after these rows. `run.*` facts move their job through its run. */
export function changesOf(rows: readonly JournalRow[], store: Store, jobOfRun: (run: string) => JobId | undefined): Change[] {
  const jobs = new Set<JobId>()
  for (const { fact } of rows) {
    for (const job of jobsOf(fact)) jobs.add(job)
    if ('run' in fact && fact.run !== undefined) {
      const job = jobOfRun(fact.run)
      if (job !== undefined) jobs.add(job)
    }
  }
  return [...jobs].flatMap((job): Change[] => {
    const value = store.job(job)
    return value ? [{ topic: 'job', value }] : []
  })
}
