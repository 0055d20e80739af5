/** The order of the jobs that wait: moved by one place, to an end, or dropped somewhere. */

/** `jobs` with `job` moved by `steps` places; at an end it stays there. */
export function movedBy(jobs: readonly string[], job: string, steps: number): string[] {
  const from = jobs.indexOf(job)
  if (from < 0) return [...jobs]
  const to = Math.max(0, Math.min(jobs.length - 1, from + steps))
  return jobs.toSpliced(from, 1).toSpliced(to, 0, job)
}

/** `jobs` with `moved` taken out and put before or after `target`, in the order in which they stood. */
export function droppedAt(jobs: readonly string[], moved: ReadonlySet<string>, target: string, position: 'before' | 'after'): string[] {
  if (moved.has(target)) return [...jobs]
  const rest = jobs.filter((job) => !moved.has(job))
  const at = rest.indexOf(target)
  if (at < 0) return [...jobs]
  return rest.toSpliced(position === 'before' ? at : at + 1, 0, ...jobs.filter((job) => moved.has(job)))
}
