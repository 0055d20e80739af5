/** Identifiers as people read them, and the integers that the tables keep of them. */
import type { AttemptRef } from '#shared/card/life.ts'
import type { Fact, JobId } from '#shared/journal/events.ts'
import { notAllowed } from './refusal.ts'

export type IdentifierKind = 'job' | 'run' | 'device' | 'person'

const forms = { job: ['J', 6], run: ['R', 6], device: ['D', 2], person: ['P', 2] } as const

/** `identifier('job', 12)` is `J-000012`. */
export function identifier(kind: IdentifierKind, number: number): string {
  const [letter, digits] = forms[kind]
  return `${letter}-${String(number).padStart(digits, '0')}`
}

const jobForm = /^J-(\d{6}|[1-9]\d{6,})$/
const attemptForm = /^J-(\d{6}|[1-9]\d{6,})\/([1-9]\d*)\.([1-9]\d*)$/

/** The number of a job; undefined where it is not written the one right way (`J-0000012` would be a second name for it). */
export function jobNumber(job: JobId): number | undefined {
  const found = jobForm.exec(job)
  return found ? Number(found[1]) : undefined
}

export interface AttemptKey {
  job: number
  record: number
  number: number
}

/** The three numbers of `J-000012/7.2`; undefined where one of them is not written the one right way. */
export function attemptKey(attempt: AttemptRef): AttemptKey | undefined {
  const found = attemptForm.exec(attempt)
  return found ? { job: Number(found[1]), record: Number(found[2]), number: Number(found[3]) } : undefined
}

/** The same for a fact that is to be written: a name that is not the one right one is refused. */
export function jobOf(fact: Fact & { job: JobId }): number {
  const number = jobNumber(fact.job)
  if (number === undefined) throw notAllowed(fact.kind, 'job identifier')
  return number
}

export function attemptOf(fact: Fact & { attempt: AttemptRef }): AttemptKey {
  const key = attemptKey(fact.attempt)
  if (key === undefined) throw notAllowed(fact.kind, 'attempt reference')
  return key
}
