/** A fact of the journal as a sentence. The timeline of a card, the journal browser, reports and the command line say it in the same words. */
import type { CardPlace } from '../card/life.ts'
import type { Reason } from '../device/device.ts'
import type { TextKey } from '../texts/index.ts'
import type { Actor, Fact, FactOf, PersonId } from './events.ts'

/** Whoever can speak one of the languages: a page, a report, the command line. */
export interface Words {
  say(key: TextKey, values?: Record<string, string | number>): string
  /** A sentence whose key is composed of data; undefined where there is none. */
  sayIfKnown(key: string, values?: Record<string, string | number>): string | undefined
  reason(reason: Pick<Reason, 'code' | 'status'>): string
}

/** Names for identifiers. Where a name is not known, the identifier stands for itself. */
export interface Names {
  people: ReadonlyMap<string, string>
  devices: ReadonlyMap<string, string>
}

export function personName(names: Names, person: string): string {
  return names.people.get(person) ?? person
}

/** Who did it: a person by name, or the program itself. */
export function actorName(words: Words, names: Names, by: Actor): string {
  return by === 'system' ? words.say('fact.by.system') : personName(names, by)
}

/** What a fact is about, by its reference: the attempt, else the record, the run, the job, the design. */
export function subjectOf(fact: Fact): string {
  if ('attempt' in fact && fact.attempt !== undefined) return fact.attempt
  if ('record' in fact) return `${fact.job}/${fact.record}`
  if ('run' in fact && fact.run !== undefined) return fact.run
  if ('job' in fact && fact.job !== undefined) return fact.job
  if ('design' in fact) return fact.design
  if (fact.kind === 'chip.document-saved') return fact.id
  if (fact.kind === 'key.imported' || fact.kind === 'key.removed') return fact.name
  return ''
}

/** What happened. It ends without who and when: these stand beside it. */
export function factSentence(words: Words, names: Names, fact: Fact): string {
  const { say } = words
  const device = (id: string) => names.devices.get(id) ?? id
  const person = (id: PersonId) => personName(names, id)
  switch (fact.kind) {
    case 'workspace.created':
      return say('fact.workspace.created', { name: fact.name, demo: String(fact.demo) })
    case 'person.added':
      return say('fact.person.added', { name: fact.name, roles: rolesIn(words, fact.roles) })
    case 'person.changed':
      return say('fact.person.changed', { name: fact.name, roles: rolesIn(words, fact.roles), active: String(fact.active) })
    case 'person.password-set':
    case 'person.signed-out':
      return say(`fact.${fact.kind}`, { person: person(fact.person) })
    case 'person.signed-in':
      return say('fact.person.signed-in', { person: person(fact.person), host: fact.host })
    case 'person.sign-in-refused':
      return fact.person === undefined
        ? say('fact.person.sign-in-refused.nobody', { host: fact.host })
        : say('fact.person.sign-in-refused', { person: person(fact.person), host: fact.host })
    case 'device.saved':
      return say('fact.device.saved', { name: fact.name, profile: fact.profile, mode: fact.mode })
    case 'device.removed':
      return say('fact.device.removed', { device: device(fact.device) })
    case 'device.reasons':
      return fact.reasons.length === 0
        ? say('fact.device.cleared', { device: device(fact.device) })
        : say('fact.device.reasons', { device: device(fact.device), reasons: fact.reasons.map((reason) => reasonWithStatus(words, reason)).join('; ') })
    case 'design.saved':
      return say('fact.design.saved', { name: fact.name, revision: fact.revision })
    case 'chip.document-saved':
      return say(`fact.chip.document-saved.${fact.document}`, { name: fact.name, revision: fact.revision })
    case 'chip.tried':
      return say('fact.chip.tried', { reader: fact.reader, chip: fact.chip ?? fact.atr, task: fact.task ?? 'none' })
    case 'key.imported':
      return say('fact.key.imported', { name: fact.name, checkValue: fact.checkValue })
    case 'key.removed':
      return say('fact.key.removed', { name: fact.name })
    case 'job.created':
      return say('fact.job.created', { job: fact.job, name: fact.name, records: fact.records, file: fact.fileName })
    case 'job.reordered':
      return say('fact.job.reordered', { jobs: fact.jobs.join(', ') })
    case 'job.discarded':
    case 'job.purged':
    case 'job.sealed':
      return say(`fact.${fact.kind}`, { job: fact.job })
    case 'job.closed':
      return say('fact.job.closed', {
        job: fact.job,
        good: fact.good,
        rejected: fact.rejected,
        skipped: fact.skipped,
        picked: fact.picked,
        resolved: fact.resolved,
      })
    case 'run.started':
      return fact.range === undefined
        ? say('fact.run.started', { run: fact.run, job: fact.job, device: device(fact.device) })
        : say('fact.run.started.range', { run: fact.run, job: fact.job, device: device(fact.device), from: fact.range.from, to: fact.range.to })
    case 'run.chip':
      return say('fact.run.chip', { run: fact.run, task: fact.task.id, revision: fact.task.revision, scripts: documentsUsed(fact) })
    case 'run.paused':
    case 'run.resumed':
      return say(`fact.${fact.kind}`, { run: fact.run })
    case 'run.stopping':
      return say(`fact.run.stopping.${fact.how}`, { run: fact.run })
    case 'run.ended':
      return say(`fact.run.ended.${fact.why}`, { run: fact.run })
    case 'record.skipped':
    case 'record.requeued':
      return say(`fact.${fact.kind}`, { job: fact.job, record: fact.record })
    case 'attempt.claimed':
      return say('fact.attempt.claimed', { run: fact.run, device: device(fact.device) })
    case 'attempt.intended':
      return say(`fact.attempt.intended.${fact.command}`, { operations: operationsIn(words, fact.carries) })
    case 'attempt.chip-identified':
      return fact.chip === undefined
        ? say('fact.attempt.chip-identified.nameless', { station: fact.station, atr: fact.atr })
        : say('fact.attempt.chip-identified', { station: fact.station, chip: fact.chip, atr: fact.atr })
    case 'attempt.outcome':
      return outcomeSentence(words, fact)
    case 'attempt.resolved':
      return resolvedSentence(words, names, fact)
    case 'attempt.closed':
      return join(
        say(`fact.attempt.closed.${fact.verdict}`),
        placeIn(words, fact.place),
        fact.reason && say('fact.because', { reason: reasonWithStatus(words, fact.reason) }),
      )
    case 'prompt.answered':
      return say('fact.prompt.answered', { choice: choiceIn(words, fact.choice), device: device(fact.device) })
    case 'recovery.found':
      return say('fact.recovery.found', { attempts: fact.attempts.join(', '), count: fact.attempts.length })
    case 'report.exported':
      return say('fact.report.exported', { format: fact.format.toUpperCase(), rows: fact.rows, job: fact.job ?? 'none' })
    case 'simulator.acted':
      return say('fact.simulator.acted', { device: device(fact.device), action: fact.action })
  }
}

function outcomeSentence(words: Words, fact: FactOf<'attempt.outcome'>): string {
  return join(
    words.say(outcomeKey(fact)),
    fact.chip && chipSentence(words, fact.chip),
    placeIn(words, fact.card),
    fact.reason && words.say('fact.because', { reason: reasonWithStatus(words, fact.reason) }),
    fact.statuses && fact.statuses.length > 0 ? words.say('fact.statuses', { statuses: fact.statuses.join(' ') }) : undefined,
  )
}

function outcomeKey({ command, outcome, effect, delivered }: FactOf<'attempt.outcome'>): TextKey {
  if (outcome === 'done') return `fact.attempt.outcome.${command}.${delivered ? 'delivered' : 'done'}`
  if (outcome === 'failed') return `fact.attempt.outcome.${command}.failed-${effect ?? 'applied'}`
  return `fact.attempt.outcome.${command}.${outcome}`
}

/** What was exchanged with the chip, and where its script ended. */
function chipSentence(words: Words, chip: NonNullable<FactOf<'attempt.outcome'>['chip']>): string {
  const { apdus, verified, application, step, line, lastStatus, accompanying } = chip
  const told = Object.entries(accompanying).map(([name, value]) => `${name} ${value}`)
  return join(
    words.say('fact.chip.exchanged', { apdus, verified }),
    application === undefined ? undefined : words.say('fact.chip.ended', { application, step: step ?? 'none', line: line ?? 0, status: lastStatus ?? 'none' }),
    told.length > 0 ? words.say('fact.chip.told', { told: told.join(', ') }) : undefined,
  )
}

function documentsUsed({ scapps, extension }: FactOf<'run.chip'>): string {
  return [...scapps, ...(extension ? [extension] : [])].map(({ id }) => id).join(', ')
}

function resolvedSentence(words: Words, names: Names, fact: FactOf<'attempt.resolved'>): string {
  const { say } = words
  return join(
    say(`fact.attempt.resolved.${fact.basis}`, { choice: choiceIn(words, fact.choice), verdict: say(`fact.verdict.${fact.verdict}`) }),
    fact.second && say('fact.second', { person: personName(names, fact.second) }),
    fact.statuses && fact.statuses.length > 0 ? say('fact.statuses', { statuses: fact.statuses.join(' ') }) : undefined,
  )
}

/** The reason in words, with the byte that the machine sent, so that service can be told. */
function reasonWithStatus(words: Words, reason: Reason): string {
  const text = words.reason(reason)
  return reason.status === undefined || text.includes(reason.status) ? text : `${text} (${reason.status})`
}

/** Where the blank is, as far as the fact knows. */
function placeIn(words: Words, place: CardPlace | undefined): string | undefined {
  return place === undefined || place === 'unknown' ? undefined : words.say('fact.place', { place: words.say(`place.${place}`) })
}

function choiceIn(words: Words, choice: string): string {
  return words.sayIfKnown(`fact.choice.${choice}`) ?? choice
}

function operationsIn(words: Words, operations: readonly string[]): string {
  return operations.map((operation) => words.sayIfKnown(`operation.${operation}`) ?? operation).join(', ')
}

function rolesIn(words: Words, roles: readonly string[]): string {
  return roles.map((role) => words.sayIfKnown(`role.${role}`) ?? role).join(', ')
}

function join(...sentences: (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join(' ')
}
