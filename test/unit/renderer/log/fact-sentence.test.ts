/** Every fact that the journal knows is said in both languages, in whole sentences with its names. */
import { describe, expect, test, vi } from 'vitest'
import { Fact } from '#shared/journal/events.ts'
import { actorName, factSentence, subjectOf } from '#shared/journal/fact-sentence.ts'
import type { Names, Words } from '#shared/journal/fact-sentence.ts'
import { reasonText, sayIfKnown, sayIn } from '../../../../src/renderer/i18n/text.ts'

const names: Names = { people: new Map([['P-01', 'Olga Orlova'], ['P-02', 'Omar Osman']]), devices: new Map([['D-01', 'Desk DC450']]) }
const reason = { code: 'hopper-empty', severity: 'operator', action: 'refill-hopper', status: 'Z' } as const
const attempt = 'J-000012/7.2'

/** At least one of each kind, and every branch that a sentence takes. */
const facts: Fact[] = [
  { kind: 'workspace.created', name: 'Branch 12', demo: true },
  { kind: 'workspace.created', name: 'Branch 12', demo: false },
  { kind: 'person.added', person: 'P-01', name: 'Olga Orlova', roles: ['operator', 'auditor'] },
  { kind: 'person.changed', person: 'P-01', name: 'Olga Orlova', roles: ['operator'], active: false },
  { kind: 'person.password-set', person: 'P-01' },
  { kind: 'person.signed-in', person: 'P-01', host: 'web' },
  { kind: 'person.sign-in-refused', host: 'web' },
  { kind: 'person.sign-in-refused', person: 'P-01', host: 'web' },
  { kind: 'person.signed-out', person: 'P-01' },
  { kind: 'device.saved', device: 'D-01', name: 'Desk DC450', profile: 'dc450', mode: 'standard', link: { kind: 'serial', path: 'COM3' } },
  { kind: 'device.removed', device: 'D-01' },
  { kind: 'device.reasons', device: 'D-01', reasons: [reason] },
  { kind: 'device.reasons', device: 'D-01', reasons: [] },
  { kind: 'design.saved', design: 'debit', revision: 3, digest: 'd', name: 'Debit card' },
  { kind: 'job.created', job: 'J-000012', name: 'July', design: 'debit', designRevision: 3, designDigest: 'd', records: 25, fileName: 'july.csv', fileDigest: 'f' },
  { kind: 'job.reordered', jobs: ['J-000012', 'J-000011'] },
  { kind: 'job.discarded', job: 'J-000012' },
  { kind: 'job.closed', job: 'J-000012', records: 25, good: 24, rejected: 1, skipped: 0, picked: 26, resolved: 1 },
  { kind: 'job.sealed', job: 'J-000012', head: 'h', mac: 'm' },
  { kind: 'job.purged', job: 'J-000012' },
  { kind: 'chip.document-saved', document: 'task', id: 'emv-debit', revision: 2, digest: 'd', name: 'Debit cards' },
  { kind: 'chip.document-saved', document: 'scapp', id: 'emv-cps', revision: 2, digest: 'd', name: 'emv-cps' },
  { kind: 'chip.document-saved', document: 'extension', id: 'transport-password', revision: 2, digest: 'd', name: 'transport-password' },
  { kind: 'chip.tried', reader: 'Desk reader', atr: '3B00', chip: 'FFFFFF999999B22C45DC', task: 'emv-debit' },
  { kind: 'chip.tried', reader: 'Desk reader', atr: '3B00' },
  { kind: 'key.imported', name: 'card-master', algorithm: 'aes128', purpose: 'master', checkValue: '504A77' },
  { kind: 'key.removed', name: 'card-master' },
  { kind: 'run.started', run: 'R-000001', job: 'J-000012', device: 'D-01' },
  { kind: 'run.chip', run: 'R-000001', task: { id: 'emv-debit', digest: 'd', revision: 2 }, scapps: [{ id: 'emv-cps', digest: 'd' }] },
  { kind: 'run.started', run: 'R-000001', job: 'J-000012', device: 'D-01', range: { from: 3, to: 9 } },
  { kind: 'run.paused', run: 'R-000001' },
  { kind: 'run.resumed', run: 'R-000001' },
  ...(['after-card', 'cancel'] as const).map((how): Fact => ({ kind: 'run.stopping', run: 'R-000001', how })),
  ...(['complete', 'stopped', 'cancelled', 'device-lost', 'interrupted', 'fault'] as const).map((why): Fact => ({ kind: 'run.ended', run: 'R-000001', why })),
  { kind: 'record.skipped', job: 'J-000012', record: 7 },
  { kind: 'record.requeued', job: 'J-000012', record: 7 },
  { kind: 'attempt.claimed', attempt, run: 'R-000001', device: 'D-01' },
  { kind: 'attempt.chip-identified', attempt, station: 'chip', atr: '3B00', chip: 'FFFFFF999999B22C45DC' },
  { kind: 'attempt.chip-identified', attempt, station: 'chip', atr: '3B00' },
  ...(['chip', 'personalize', 'spoil'] as const).flatMap((command): Fact[] => [
    { kind: 'attempt.intended', attempt, command, carries: ['stripe', 'emboss', 'deliver'] },
    { kind: 'attempt.outcome', attempt, command, outcome: 'done', delivered: true, card: 'output-tray', statuses: ['A', 'C'] },
    { kind: 'attempt.outcome', attempt, command, outcome: 'done', delivered: false },
    { kind: 'attempt.outcome', attempt, command, outcome: 'refused', reason },
    { kind: 'attempt.outcome', attempt, command, outcome: 'failed', effect: 'none', reason },
    { kind: 'attempt.outcome', attempt, command, outcome: 'failed', effect: 'applied', card: 'unknown', reason },
    { kind: 'attempt.outcome', attempt, command, outcome: 'unknown' },
  ]),
  { kind: 'attempt.resolved', attempt, verdict: 'good', basis: 'people', choice: 'card-good', second: 'P-02' },
  { kind: 'attempt.resolved', attempt, verdict: 'rejected', basis: 'evidence', choice: 'ask-machine', statuses: ['A'] },
  ...(['good', 'rejected', 'unused'] as const).map((verdict): Fact => ({ kind: 'attempt.closed', attempt, verdict, place: 'reject-tray', reason })),
  { kind: 'prompt.answered', device: 'D-01', attempt, prompt: 'in-doubt', choice: 'card-spoiled' },
  { kind: 'recovery.found', attempts: [attempt] },
  { kind: 'report.exported', format: 'pdf', rows: 1 },
  { kind: 'report.exported', job: 'J-000012', format: 'csv', rows: 25 },
  { kind: 'simulator.acted', device: 'D-01', action: 'refill' },
]

test('the list has every kind of fact', () => {
  const kinds = Fact.options.map((option) => option.shape.kind.value)
  expect(new Set(facts.map((fact) => fact.kind))).toEqual(new Set(kinds))
})

describe.each(['en', 'ru'] as const)('facts in %s', (language) => {
  const say = sayIn(language)
  const words: Words = { say, sayIfKnown: (key, values) => sayIfKnown(say, key, values), reason: (of) => reasonText(say, of) }

  test.each(facts.map((fact) => [`${fact.kind} ${JSON.stringify(fact)}`, fact] as const))('%s', (_, fact) => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
    const sentence = factSentence(words, names, fact)
    expect(complaints).not.toHaveBeenCalled()
    complaints.mockRestore()
    expect(sentence).toMatch(/^[\p{Lu}\p{N}].*\.$/u)
    expect(sentence).not.toMatch(/[{}]|fact\.|undefined|P-0\d|D-0\d/)
  })

  test('a device is called by its name, a reason by its words and the byte that was sent', () => {
    const sentence = factSentence(words, names, { kind: 'device.reasons', device: 'D-01', reasons: [reason] })
    expect(sentence).toContain('Desk DC450')
    expect(sentence).toContain('Z')
  })

  test('where a blank is not known to be, no sentence says where it lies', () => {
    const outcome = { kind: 'attempt.outcome', attempt, command: 'personalize', outcome: 'failed', effect: 'applied' } as const
    expect(factSentence(words, names, { ...outcome, card: 'unknown' })).toBe(factSentence(words, names, outcome))
    expect(factSentence(words, names, { ...outcome, card: 'reject-tray' })).toContain(say('place.reject-tray'))
  })

  test('who did it is a person by name, or the program', () => {
    expect(actorName(words, names, 'P-01')).toBe('Olga Orlova')
    expect(actorName(words, names, 'system')).toBe('Cardwright')
    expect(actorName(words, names, 'P-77')).toBe('P-77')
  })
})

test.each([
  [{ kind: 'attempt.claimed', attempt, run: 'R-000001', device: 'D-01' }, attempt],
  [{ kind: 'record.skipped', job: 'J-000012', record: 7 }, 'J-000012/7'],
  [{ kind: 'run.started', run: 'R-000001', job: 'J-000012', device: 'D-01' }, 'R-000001'],
  [{ kind: 'job.sealed', job: 'J-000012', head: 'h', mac: 'm' }, 'J-000012'],
  [{ kind: 'person.signed-out', person: 'P-01' }, ''],
] satisfies [Fact, string][])('a fact is about what it names: %j', (fact, subject) => {
  expect(subjectOf(fact)).toBe(subject)
})
