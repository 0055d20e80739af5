/** What the operator can do next with a machine and a job: one step, so that the page has one primary button. Pure. */
import type { DeviceView } from '#shared/contract/live.ts'
import type { JobCounts, JobView, RunView } from '#shared/job/job.ts'

export type Step =
  | { step: 'add-device' }
  | { step: 'run'; run: RunView }
  | { step: 'connect'; device: DeviceView }
  | { step: 'connecting' }
  | { step: 'choose-job' }
  /** Another machine works on the chosen job. */
  | { step: 'job-elsewhere'; run: RunView }
  | { step: 'start'; job: JobView }
  /** Nothing waits, and rejected cards have no successor yet. */
  | { step: 'make-again'; job: JobView }
  /** A card of the job is in doubt: it has to be settled first. */
  | { step: 'settle'; job: JobView }
  | { step: 'close'; job: JobView }
  | { step: 'closed'; job: JobView }

export function nextStep(device: DeviceView | undefined, job: JobView | undefined, runs: readonly RunView[]): Step {
  if (device === undefined) return { step: 'add-device' }
  const here = runs.find((run) => run.device === device.device && run.state !== 'ended')
  if (here) return { step: 'run', run: here }
  if (job?.state === 'closed') return { step: 'closed', job }
  if (job && isOver(job.counts)) return job.counts.rejected > 0 ? { step: 'make-again', job } : { step: 'close', job }
  if (device.connection === 'connecting') return { step: 'connecting' }
  if (device.connection === 'offline') return { step: 'connect', device }
  if (job === undefined || job.state === 'discarded') return { step: 'choose-job' }
  const elsewhere = runs.find((run) => run.job === job.job && run.state !== 'ended')
  if (elsewhere) return { step: 'job-elsewhere', run: elsewhere }
  if (job.counts.queued > 0) return { step: 'start', job }
  return { step: 'settle', job }
}

/** Every record has its end, or its last card was rejected. */
function isOver(counts: JobCounts): boolean {
  return counts.queued === 0 && counts.inWork === 0 && counts.inDoubt === 0
}

/** Records that will not be touched again unless somebody says so. */
export function doneOf(counts: JobCounts): number {
  return counts.good + counts.rejected + counts.skipped
}

/** The machine that the page shows: the one named, else one that runs, else the first. */
export function pickDevice(named: string | undefined, devices: readonly DeviceView[], runs: readonly RunView[]): DeviceView | undefined {
  const running = runs.find((run) => run.state !== 'ended')?.device
  return devices.find((device) => device.device === named) ?? devices.find((device) => device.device === running) ?? devices[0]
}

/** A machine that brings every card to its chip station by itself is there for cards with chips; one without a station can't make them. */
export function suits(device: DeviceView | undefined, withChip: boolean): boolean {
  const feed = device?.capabilities.chip?.feed
  return feed === 'by-command' || (feed !== undefined) === withChip
}

/**
 * The job that the page shows: that of the run, the one named, else the first with cards to make that no other machine makes, and
 * among these rather one that `fits` the machine. While it is not known what fits, none is proposed.
 */
export function pickJob(named: string | undefined, jobs: readonly JobView[], run: RunView | undefined, fits: ((job: JobView) => boolean) | undefined): JobView | undefined {
  const open = jobs.filter((job) => job.state !== 'closed' && job.state !== 'discarded').toSorted((a, b) => a.order - b.order)
  if (run) return jobs.find((job) => job.job === run.job)
  const waiting = open.filter((job) => job.counts.queued > 0 && job.state !== 'running')
  const chosen = jobs.find((job) => job.job === named && job.state !== 'discarded')
  if (chosen || fits === undefined) return chosen
  return waiting.find(fits) ?? waiting[0] ?? open[0]
}
