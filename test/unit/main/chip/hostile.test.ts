/** Scripts that mean no good: each is stopped, its card rejected, and the program goes on. */
import { afterAll, describe, expect, it } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { createLocalEngine } from '#main/chip/sandbox/local-engine.ts'
import { createThreadEngine } from '#main/chip/sandbox/thread-engine.ts'
import type { ChipTask } from '#shared/chip/task.ts'
import { applicationOf, chipBench, make, practiceCard, secretGroup, taskOf } from '../../../support/chip-work.ts'

const chip = { task: 'task', applications: [{ application: 'app', groups: [{ name: '0101', value: '700457021122' }, secretGroup('8000', '00112233445566778899AABBCCDDEEFF')] }] }

const limits = { seconds: 0.3, memoryMegabytes: 24, stackKilobytes: 256, apdus: 200 }
const task = (more: Partial<ChipTask> = {}): ChipTask =>
  taskOf([applicationOf('hostile', { template: [{ group: '0101', required: true, secret: false }, { group: '8000', required: true, secret: true }] })], { limits, ...more })

const limit = { reason: { code: 'chip-script-limit' } }
const limitAtLine = { ...limit, report: { line: 1 } }
const failed = { reason: { code: 'chip-script-failed' } }
const forged = { reason: { code: 'chip-group-not-written' } }

/** What each does, and how its card ends. */
const hostile: Record<string, [source: string, ending: object]> = {
  'an endless loop': ['export default () => { for (;;); }', limitAtLine],
  'an endless loop when it is loaded': ['for (;;); export default () => {}', limit],
  'endless work between two commands': ['export default async (card) => { await card.send({ cla: 0x80, ins: 0xca, p1: 0x9f, p2: 0x7f, le: 0 }); for (;;); }', limitAtLine],
  'endless small steps': ['export default async () => { for (;;) await 0 }', limit],
  'a memory bomb of strings': ["export default () => { const kept = []; for (;;) kept.push('x'.repeat(100000) + kept.length) }", limit],
  'a memory bomb of buffers': ['export default () => { const kept = []; for (;;) kept.push(new Uint8Array(1 << 20)) }', limit],
  'a memory bomb of objects': ['export default () => { let kept = {}; for (;;) kept = { kept } }', limit],
  'deep recursion': ['export default () => { const deeper = () => deeper() + 1; return deeper() }', limit],
  'deep nesting, read as JSON': ["export default () => { JSON.parse('['.repeat(1000000)) }", limit],
  'a regular expression that never ends': ["export default () => /(a+)+$/.test('a'.repeat(60) + 'b')", limit],
  'a getter that never ends, in its error': ["export default () => { const error = new Error(''); Object.defineProperty(error, 'message', { get() { for (;;); } }); throw error }", limit],
  'a flood of promises': ['export default async (card) => { for (;;) card.send({ cla: 0, ins: 0xa4, p1: 4, p2: 0 }) }', limit],
  'a flood of words': ["export default (card) => { for (;;) card.log('x'.repeat(200)) }", limit],
  'a thousand million commands': ['export default async (card) => { for (let n = 0; n < 1e9; n++) await card.send({ cla: 0x80, ins: 0xca, p1: 0x9f, p2: 0x7f, le: 0 }) }', limit],
  'a flood of commands in catch': ['export default async (card) => { for (;;) try { await card.send({ cla: 0x80, ins: 0xca, p1: 0x9f, p2: 0x7f, le: 0 }) } catch {} }', limit],
  'a wait for nothing': ['export default () => new Promise(() => {})', failed],
  'an import of something': ["import 'node:fs'; export default () => {}", failed],
  'an import when it runs': ["export default () => import('node:fs')", failed],
  'code made of text': ["export default () => (async () => {}).constructor('return 1')()", failed],
  'eval': ["export default () => { eval('1') }", failed],
  'a new prototype for everything': ["export default () => { Object.prototype.ok = true; }", failed],
  'changed helpers': ["export default () => { globalThis.bytes = {}; }", failed],
  'a polluted prototype by JSON': [`export default async (card) => { await card.send(JSON.parse('{"__proto__":{"ok":true},"cla":0,"ins":164,"p1":4,"p2":0}')) }`, failed],
  'a forged result': ['export default () => ({ ok: true, verified: 99, kind: "done", status: "9000" })', forged],
  'a lie about what was sent': ["export default (card) => { card.progress(1); card.accompany('verified', 2); }", forged],
  'data shown to a card that refuses them': ["export default async (card) => { await card.send({ cla: 0x80, ins: 0xe2, p1: 0, p2: 0, data: card.group('0101').value }, { expect: ['....'] }) }", forged],
  'somebody else’s secret': ["export default (card) => card.send({ cla: 0, ins: 0xda, p1: 0, p2: 0, data: { sealed: 'clear:t0', length: 8 } })", failed],
  'a secret of the card, in clear': ["export default (card) => card.send({ cla: 0, ins: 0xda, p1: 0, p2: 0, data: card.inClear(card.group('8000').secret) })", failed],
  'a secret for a channel that is not there': ["export default (card) => card.send({ cla: 0, ins: 0xda, p1: 0, p2: 0, data: { sealed: 'channel:1:none:g0', length: 16 } })", failed],
  'a key that the task does not name': ["export default (card) => card.openChannel({ protocol: 'auto', key: 'practice-des', diversification: 'none', level: 'mac' })", failed],
  'the key of a prototype': ["export default (card) => card.openChannel({ protocol: 'auto', key: '__proto__', diversification: 'none', level: 'mac' })", failed],
  'a step that is never safe': ["export default async (card) => { for (;;) await card.step('x', { safeToRepeat: true }, async () => { throw new Error('again') }).catch(() => 0) }", limit],
}

const threads = createThreadEngine({ clock: systemClock })
afterAll(() => threads.close())

describe('a hostile script is stopped and its card rejected', () => {
  it.each(Object.entries(hostile))('%s', async (_, [source, ending]) => {
    const bench = await chipBench({ tasks: { task: task() }, scapps: { hostile: source } }).catch(() => undefined)
    const made = await make(bench!, practiceCard('gp-scp02-15'), chip).catch((thrown: unknown) => thrown)
    // What can't even be loaded is found before the first card.
    if (made instanceof Error) return expect(String(made)).toMatch(/script\.does-not-load/)
    expect(bench!.bugs).toEqual([])
    expect((made as Awaited<ReturnType<typeof make>>).result).toMatchObject({ kind: 'failed', ...ending })
  })
})

describe('in a thread of its own', () => {
  const argument = { answerToReset: '3B00', parameters: {}, handed: {}, groups: [] }
  const run = (source: string, seconds = 2) =>
    threads.run({ name: 'hostile', source, call: 'default', argument, kind: 'scapp', limits: { ...limits, seconds } }, { call: async () => ({ ok: true, value: { data: '', status: '9000' } }), tell: () => true })

  it.each([
    ['an endless loop', 'export default () => { for (;;); }', 'time'],
    ['a built-in function that can not be interrupted', 'export default () => Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)', 'time'],
    ['a memory bomb', "export default () => { const kept = []; for (;;) kept.push('x'.repeat(100000) + kept.length) }", 'memory'],
    ['deep recursion', 'export default () => { const deeper = () => deeper() + 1; return deeper() }', 'stack'],
  ])('%s holds up nobody', async (_, source, expected) => {
    // The slowest of machines has room for these; an endless one need not wait for so long.
    const ending = run(source, expected === 'time' ? 0.5 : 30)
    // While it is at work another script runs to its end.
    expect(await run("export default async (card) => { await card.send({ cla: 0, ins: 0xa4, p1: 4, p2: 0 }) }")).toEqual({ kind: 'returned', value: undefined })
    expect(await ending).toMatchObject({ kind: 'limit', limit: expected })
  })

  it('a signal stops what never ends', async () => {
    const stop = new AbortController()
    const ending = threads.run({ name: 'endless', source: 'export default async (card) => { for (;;) await card.send({ cla: 0, ins: 0, p1: 0, p2: 0 }) }', call: 'default', argument, kind: 'scapp', limits: { ...limits, seconds: 60 } }, { call: async () => ({ ok: true, value: null }), tell: () => true }, stop.signal)
    stop.abort()
    expect(await ending).toEqual({ kind: 'stopped' })
  })
})

describe('between cards', () => {
  it('nothing of one reaches another', async () => {
    const source = "let seen = 0; export default async (card) => { seen += 1; card.accompany('seen', seen); card.accompany('left', String(globalThis.left)); try { globalThis.left = card.group('0101').value } catch {} ; card.reject('end', 'end') }"
    const bench = await chipBench({ tasks: { task: task() }, scapps: { hostile: source } }, { engine: createLocalEngine() })
    for (let card = 1; card <= 3; card += 1) {
      const { result } = await make(bench, practiceCard('gp-scp02-15', card), chip)
      expect(result).toMatchObject({ kind: 'failed', report: { accompanying: { seen: 1, left: 'undefined', rejected: 'end' } } })
    }
  })
})
