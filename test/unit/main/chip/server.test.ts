import { describe, expect, it } from 'vitest'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import type { ChipFault } from '#shared/chip/practice-card.ts'
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { ChipTask } from '#shared/chip/task.ts'
import { applicationOf, chipBench, make, practiceCard, secretGroup, taskOf } from '../../../support/chip-work.ts'
import type { Documents, Made } from '../../../support/chip-work.ts'

const identifier = 'A0000000031010'
const number = '4276550000000018'
const keys = '00112233445566778899AABBCCDDEEFF'.repeat(3)

const groups = [
  { name: '0101', value: `700E5A08${number}5F340101` },
  secretGroup('8000', keys),
]
const chip: PreparedChip = { task: 'task', applications: [{ application: 'app', groups }] }

const emv = applicationOf('emv-cps', {
  parameters: { application: identifier, diversification: 'emv-cps', install: true, loadFile: 'F043415244575201', module: 'F04341524457520101' },
  keys: { 'card-manager': 'practice-des' },
  template: [
    { group: '0101', required: true, secret: false, tags: ['5A'] },
    { group: '8000', required: true, secret: true },
  ],
  open: [`00A4040007${identifier}00`],
  verify: [{ read: 'record', sfi: 1, record: 1, group: '0101' }],
})
const card = { serial: { from: 'cplc' }, keyVersion: '01' } as const
const task = taskOf([emv], { card })

/** Makes one card; `faults` are armed before it is put in. */
async function made(documents: Documents, faults: ChipFault[] = [], more: Parameters<typeof make>[3] & { chip?: PreparedChip } = {}): Promise<Made> {
  const bench = await chipBench(documents)
  const practice = practiceCard('gp-scp02-15')
  for (const fault of faults) practice.arm(fault)
  const { chip: data = chip, ...order } = more
  const result = await make(bench, practice, data, order)
  expect(bench.bugs).toEqual([])
  return result
}

const tasks = { task }
const scripted = (source: string, more: Partial<ChipTask> = {}): Documents => ({ tasks: { task: taskOf([applicationOf('own', { keys: { manager: 'practice-des' } })], more) }, scapps: { own: source } })
const opening = "const channel = await card.openChannel({ protocol: 'auto', key: 'manager', diversification: 'emv-cps', level: 'mac' })"

describe('a card that may not be written', () => {
  it('is waited for only so long', async () => {
    const bench = await chipBench({ tasks })
    const station = createPracticeStation({ name: 'S1', clock: bench.clock })
    const { result } = await make(bench, practiceCard('gp-scp02-15'), chip, { station, patience: 30_000 })
    expect(result).toMatchObject({ kind: 'refused', reason: { code: 'chip-no-card' } })
    expect(bench.clock.elapsed()).toBe(30_000)
  })

  it('is waited for no longer than the operator wants', async () => {
    const bench = await chipBench({ tasks })
    const station = createPracticeStation({ name: 'S1', clock: bench.clock })
    const { result } = await make(bench, practiceCard('gp-scp02-15'), chip, { station, signal: AbortSignal.abort() })
    expect(result).toMatchObject({ kind: 'refused', reason: { code: 'chip-cancelled' } })
  })

  it.each([
    ['has another answer to reset', { ...card, atr: ['3B00'] }],
    ['has keys of another version', { ...card, keyVersion: '02' }],
    ['does not tell its number', { serial: { from: 'command', commands: ['00CA010108'], offset: 0, length: 8 } }],
  ] as const)('%s: it goes out as none that may be used', async (_, identification) => {
    const { result, identified, trace } = await made({ tasks: { task: taskOf([emv], { card: identification as ChipTask['card'] }) } })
    expect(result).toMatchObject({ kind: 'failed', reason: { code: 'chip-wrong-card' } })
    expect(identified).toEqual([])
    expect(trace.filter((entry) => entry.kind === 'apdu' && entry.by === 'script')).toEqual([])
  })

  it('was personalized before', async () => {
    const { result, trace } = await made({ tasks }, [], { identified: () => 'personalized-before' })
    expect(result).toMatchObject({ kind: 'failed', reason: { code: 'chip-personalized-before' } })
    expect(trace.filter((entry) => entry.kind === 'apdu' && entry.by === 'script')).toEqual([])
  })

  it('was pulled out before it was known: the blank may be used', async () => {
    const { result, identified } = await made({ tasks }, [{ kind: 'removed', command: 1, moment: 'before' }])
    expect(result).toMatchObject({ kind: 'refused', reason: { code: 'chip-removed' } })
    expect(identified).toEqual([])
  })

  it('does not answer to reset', async () => {
    const { result } = await made({ tasks }, [{ kind: 'dead' }])
    expect(result).toMatchObject({ kind: 'failed', reason: { code: 'chip-mute' } })
  })

  it.each([
    ['lacks a group', { ...chip, applications: [{ application: 'app', groups: [groups[1]!] }] }],
    ['lacks a tag', { ...chip, applications: [{ application: 'app', groups: [{ name: '0101', value: '70045F340101' }, groups[1]!] }] }],
    ['has a secret in clear', { ...chip, applications: [{ application: 'app', groups: [groups[0]!, { name: '8000', value: keys }] }] }],
  ])('%s: refused before anything is written', async (_, data) => {
    const { result, identified } = await made({ tasks }, [], { chip: data })
    expect(result).toMatchObject({ kind: 'refused', reason: { code: 'chip-data' } })
    expect(identified).toEqual([])
  })
})

describe('a card that is lost', () => {
  it.each([
    ['removed', 'chip-removed', { kind: 'removed', ins: 0xe2, moment: 'during' }],
    ['its reader gone', 'chip-reader-lost', { kind: 'reader-lost', ins: 0xe2, moment: 'after' }],
    ['mute', 'chip-mute', { kind: 'mute', ins: 0xe2, executed: true }],
  ] as const)('while it is written, %s: spoiled', async (_, code, fault) => {
    const { result } = await made({ tasks }, [fault])
    expect(result).toMatchObject({ kind: 'failed', reason: { code }, report: { application: 'app', step: 'store data', lastStatus: '9000' } })
  })

  it('in a step that is safe to repeat is switched on again', async () => {
    const { result } = await made({ tasks }, [{ kind: 'mute', ins: 0x82, executed: true }])
    expect(result).toMatchObject({ kind: 'done', report: { verified: 1 } })
  })

  it('three times in such a step is spoiled', async () => {
    const { result } = await made({ tasks }, [1, 2, 3].map(() => ({ kind: 'mute', ins: 0x82, executed: false }) as const))
    expect(result).toMatchObject({ kind: 'failed', reason: { code: 'chip-mute' }, report: { step: 'open a channel' } })
  })

  it('is lost, whatever a script makes of it', async () => {
    const { result } = await made(scripted("export default async (card) => { await card.step('all', { safeToRepeat: true }, async () => { try { await card.send({ cla: 0x80, ins: 0xca, p1: 0, p2: 0x66, le: 0 }) } catch {} }) }"), [{ kind: 'mute', ins: 0xca, executed: false }])
    expect(result).toMatchObject({ kind: 'failed', reason: { code: 'chip-mute' } })
  })
})

describe('what went wrong', () => {
  it('names script, line and last status word', async () => {
    const { result } = await made(scripted('export default async (card) => {\n  await card.send({ cla: 0x80, ins: 0xca, p1: 0x9f, p2: 0x7f, le: 0 })\n  await card.send({ cla: 0x00, ins: 0x20, p1: 0, p2: 0 })\n}'))
    expect(result).toMatchObject({ kind: 'failed', reason: { code: 'chip-script-failed' }, report: { application: 'app', line: 3, lastStatus: expect.stringMatching(/^6/) as string } })
  })

  it('is a key that the card does not have', async () => {
    const { result } = await made({ tasks }, [{ kind: 'wrong-key' }])
    expect(result).toMatchObject({ kind: 'failed', reason: { code: 'chip-wrong-key' } })
  })

  it('is what was confirmed and not written', async () => {
    const { result } = await made({ tasks }, [{ kind: 'silent-loss', ins: 0xe2 }])
    expect(result.kind).toBe('failed')
    expect(['chip-not-verified', 'chip-script-failed']).toContain((result as { reason: { code: string } }).reason.code)
  })

  it('is what the script says of it', async () => {
    const { result } = await made(scripted("export default (card) => card.reject('wrong-mask', 'the mask is of ' + 2019)"))
    expect(result).toMatchObject({ kind: 'failed', reason: { code: 'chip-rejected-by-script' }, report: { accompanying: { rejected: 'wrong-mask', because: 'the mask is of 2019' } } })
  })
})

describe('people see', () => {
  it('neither card number nor secret, in plain or wrapped bytes', async () => {
    const { trace, result } = await made({ tasks })
    expect(result.kind).toBe('done')
    const shown = JSON.stringify(trace)
    expect(shown).not.toContain(number)
    expect(shown).not.toContain(keys.slice(0, 16))
    expect(shown).toContain('427655......0018')
    expect(trace.at(-1)).toMatchObject({ kind: 'end', good: true })
    expect(trace.filter((entry) => entry.kind === 'apdu' && entry.command.startsWith('80E2'))).toContainEqual(expect.objectContaining({ command: expect.stringMatching(/^80E2E0[0-9A-F]{4}800030(\.\.){48}$/) as string }))
  })

  it('each command before it is sent, and can hold it', async () => {
    const held: string[] = []
    const { result, trace } = await made({ tasks }, [], {
      beforeCommand: (entry) => {
        if (entry.kind === 'apdu') held.push(entry.command.slice(0, 4))
        return Promise.resolve()
      },
    })
    expect(result.kind).toBe('done')
    const sent = trace.filter((entry) => entry.kind === 'apdu' && entry.response === undefined)
    expect(held).toHaveLength(sent.length)
    // Under one number each: when it is about to be sent, and with its response.
    expect(new Set(trace.map((entry) => entry.number)).size).toBe(trace.length - held.length)
  })
})

describe('an extension module', () => {
  const vendor = `export default async (card) => { await card.send({ cla: 0x00, ins: 0x20, p1: 0, p2: 1, data: card.inClear(card.handed['transport-password']) }, { expect: ['....'] }) }`
  const extended = (extension: string, parameters = {}): Documents => ({
    tasks: { task: taskOf([applicationOf('own')], { extension: { module: extension, parameters } }) },
    scapps: { own: vendor },
    extensions: { own: "export const prepare = ({ applications, answers }) => ({ applications: [{ application: 'app', groups: [{ name: '0101', value: '0102' }] }], handed: { 'transport-password': answers.password } }); export const questions = () => [{ name: 'password', label: { en: 'P', ru: 'П' }, secret: true }]; export const shape = ({ good, accompanying, code }) => ({ good: good ? 'yes' : 'no', code: code ?? 'none', number: 4276550000000018 })", bad: 'export const prepare = () => ({ applications: 7 })' },
  })

  it('asks for a password that nobody sees', async () => {
    const bench = await chipBench(extended('transport-password', { length: '4-8' }))
    expect(await bench.server.questions('task')).toMatchObject([{ name: 'transport-password', secret: true }])
    await expect(bench.server.begin({ task: 'task', device: 'D-01', answers: {} })).rejects.toThrow('task.answer-missing')
    await expect(bench.server.begin({ task: 'task', device: 'D-01', answers: { 'transport-password': 'abc' } })).rejects.toThrow('task.answer-malformed')
    const { trace, result } = await make(bench, practiceCard('gp-scp02-15'), chip, { answers: { 'transport-password': 'sesame' } })
    expect(result.kind).toBe('done')
    const [sent] = trace
    expect(sent).toMatchObject({ command: '0020000106............' })
    expect(JSON.stringify([trace, result])).not.toContain('736573616D65')
  })

  it('prepares a record, and shapes what goes into the log', async () => {
    const bench = await chipBench(extended('own'))
    const { result } = await make(bench, practiceCard('gp-scp02-15'), chip, { answers: { password: 'sesame' } })
    expect(result).toMatchObject({ kind: 'done', report: { accompanying: { good: 'yes', code: 'none', number: '427655…0018' } } })
  })

  it('that does not do what it should leaves the blank as it was', async () => {
    const bench = await chipBench(extended('bad'))
    const { result } = await make(bench, practiceCard('gp-scp02-15'), chip)
    expect(result).toMatchObject({ kind: 'refused', reason: { code: 'chip-extension-failed' } })
  })
})

describe('several stations', () => {
  it('make their cards at the same time, and mix nothing', async () => {
    const bench = await chipBench({ tasks })
    const session = await bench.server.begin({ task: 'task', device: 'D-01', answers: {} })
    const orders = Array.from({ length: 6 }, (_, index) => {
      const station = createPracticeStation({ name: `S${index}`, clock: bench.clock })
      const practice = practiceCard('gp-scp02-15', index + 1)
      station.insert(practice)
      const own = `42765500000000${20 + index}`
      const data = { task: 'task', applications: [{ application: 'app', groups: [{ name: '0101', value: `700E5A08${own}5F340101` }, groups[1]!] }] }
      return session.personalize({ station, chip: data, identified: () => 'go-on' })
    })
    const results = await bench.clock.run(Promise.all(orders))
    expect(results.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'done'))
  })
})

describe('after the data', () => {
  it('puts new keys and secures the card', async () => {
    const secured = taskOf([{ ...emv, parameters: { ...emv.parameters, newKeyVersion: '30', newKeyDiversification: 'emv-cps', cardState: 'secured' }, keys: { ...emv.keys, 'new-keys': 'new-master' } }], { card })
    const { result } = await made({ tasks: { task: secured } })
    expect(result).toMatchObject({ kind: 'done' })
  })

  it('opens a channel by the master key of the wrong kind of diversification in vain', async () => {
    const { result } = await made(scripted(`export default async (card) => { ${opening.replace("'emv-cps'", "'visa2'")} }`))
    expect(result).toMatchObject({ kind: 'failed', reason: { code: 'chip-wrong-key' } })
  })
})
