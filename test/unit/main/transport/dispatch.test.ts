import { describe, expect, test } from 'vitest'
import { type CallName, calls } from '#shared/contract/calls.ts'
import { CardwrightError } from '#shared/faults.ts'
import { Role } from '#shared/journal/events.ts'
import { createDispatcher, type Handlers, type Session } from '#main/transport/dispatch.ts'

const callNames = Object.keys(calls) as CallName[]
const roles = Role.options

function sessionWith(...roles: Role[]): Session {
  return { token: roles.join('+'), person: 'P-01', name: 'Ann', roles }
}

/** Handlers that do nothing but tell who was let through. */
function rig(overrides: Partial<Record<CallName, (input: never, context: never) => unknown>> = {}, checkOutput = false) {
  const reached: CallName[] = []
  const bugs: unknown[] = []
  const handlers = Object.fromEntries(
    callNames.map((name) => [
      name,
      (input: never, context: never) => {
        reached.push(name)
        return overrides[name]?.(input, context) ?? {}
      },
    ]),
  ) as unknown as Handlers
  const sessions = new Map<string, Session>()
  for (const role of roles) sessions.set(role, sessionWith(role))
  const dispatcher = createDispatcher({ handlers, sessionOf: (token) => sessions.get(token), onBug: (thrown) => bugs.push(thrown), checkOutput })
  return { ...dispatcher, reached, bugs, sessions }
}

async function faultOf(answer: ReturnType<ReturnType<typeof rig>['call']>) {
  const settled = await answer
  return settled.ok ? undefined : settled.faults[0]
}

/**
 * Who may do what, written out on its own so that a slip in the contract shows. Letters: o(perator), d(esigner),
 * a(uditor), c(ustodian), A(dministrator), * anyone, even before signing in.
 */
const rights: Record<CallName, string> = {
  'workspace.describe': '*',
  'workspace.setUp': '*',
  'session.signIn': '*',
  'session.signOut': 'odacA',
  'session.changePassword': 'odacA',
  'people.list': 'aA',
  'people.add': 'A',
  'people.change': 'A',
  'people.setPassword': 'A',
  'device.ports': 'oA',
  'device.profiles': 'odacA',
  'device.save': 'oA',
  'device.remove': 'oA',
  'device.connect': 'oA',
  'device.disconnect': 'oA',
  'device.probe': 'oA',
  'device.trace': 'oaA',
  'device.readStripe': 'oA',
  'simulator.act': 'oA',
  'chip.readers': 'odacA',
  'chip.documents': 'odacA',
  'chip.document': 'odacA',
  'chip.checkDocument': 'dA',
  'chip.saveDocument': 'dA',
  'chip.keys': 'odacA',
  'chip.importKey': 'cA',
  'chip.removeKey': 'cA',
  'chip.questions': 'oA',
  'chip.makeCard': 'oA',
  'chip.sampleData': 'dA',
  'bench.questions': 'dA',
  'bench.open': 'dA',
  'bench.close': 'dA',
  'bench.start': 'dA',
  'bench.step': 'dA',
  'bench.continue': 'dA',
  'bench.stop': 'dA',
  'bench.arm': 'dA',
  'bench.send': 'dA',
  'bench.view': 'dA',
  'intake.preview': 'oA',
  'intake.import': 'oA',
  'intake.progress': 'oA',
  'job.records': 'oaA',
  'job.card': 'oA',
  'job.reorder': 'oA',
  'job.discard': 'oA',
  'job.skip': 'oA',
  'job.requeue': 'oA',
  'job.close': 'oA',
  'job.purge': 'A',
  'job.protocol': 'oaA',
  'job.exportCards': 'A',
  'run.start': 'oA',
  'run.pause': 'oA',
  'run.resume': 'oA',
  'run.stopAfterCard': 'oA',
  'run.cancel': 'oA',
  'prompt.answer': 'oA',
  'log.query': 'oaA',
  'log.timeline': 'oaA',
  'log.filters': 'oaA',
  'log.export': 'oaA',
  'design.list': 'odacA',
  'design.get': 'odacA',
  'design.save': 'dA',
  'design.check': 'dA',
  'audit.verify': 'aA',
  'audit.journal': 'aA',
}
const letters: Record<Role, string> = { operator: 'o', designer: 'd', auditor: 'a', custodian: 'c', administrator: 'A' }

describe('roles', () => {
  test('the table names every call', () => {
    expect(Object.keys(rights).toSorted()).toEqual(callNames.toSorted())
  })

  test.each(callNames)('%s lets through exactly whom the table names', async (name) => {
    for (const role of [undefined, ...roles]) {
      const { call, reached } = rig()
      // No call takes a number, so whoever is let in meets `call.invalid`, and nobody reaches a handler by accident.
      const fault = await faultOf(call(name, 7, { token: role, host: 'web' }))
      const allowed = rights[name] === '*' || (role !== undefined && rights[name].includes(letters[role]))
      const expected = allowed ? 'call.invalid' : role === undefined ? 'call.not-signed-in' : 'call.forbidden'
      expect({ role, code: fault?.code }).toEqual({ role, code: expected })
      expect(reached).toEqual([])
    }
  })

  test('one fitting role of several is enough', async () => {
    const { call, sessions, reached } = rig()
    sessions.set('both', sessionWith('designer', 'auditor'))
    expect(await call('log.filters', {}, { token: 'both', host: 'web' })).toEqual({ ok: true, value: {} })
    expect(reached).toEqual(['log.filters'])
  })

  test('a token that names no session is nobody', async () => {
    const { call } = rig()
    expect(await faultOf(call('people.list', {}, { token: 'forged', host: 'web' }))).toMatchObject({ code: 'call.not-signed-in' })
  })
})

describe('input and output', () => {
  test('a call that does not exist is refused, also one that every object has', async () => {
    const { call } = rig()
    for (const name of ['nothing.such', 'constructor', '__proto__', 'toString', '']) {
      expect(await faultOf(call(name, {}, { host: 'web' }))).toMatchObject({ code: 'call.unknown', class: 'bug' })
    }
  })

  test('an input that does not fit is refused with the place of each mistake and without its value', async () => {
    const { call, reached } = rig()
    const answer = await call(
      'people.add',
      { name: '', roles: ['operator', 'emperor'], password: { secret: 'correct horse' } },
      { token: 'administrator', host: 'web' },
    )
    expect(answer.ok).toBe(false)
    if (answer.ok) return
    expect(answer.faults.map((fault) => [fault.code, fault.place])).toEqual([
      ['call.invalid', 'name'],
      ['call.invalid', 'roles[1]'],
      ['call.invalid', 'password'],
    ])
    expect(JSON.stringify(answer)).not.toMatch(/emperor|correct horse/)
    expect(reached).toEqual([])
  })

  test('a card number in a place is masked, and a million mistakes are not listed', async () => {
    const { call } = rig()
    const masked = await call('design.check', { design: {}, profile: 'dc450', sample: { '4000001234567899': 1 } }, { token: 'designer', host: 'web' })
    expect(JSON.stringify(masked)).toContain('sample.400000••••••7899')
    const many = await call('job.skip', { job: 'J-000001', records: Array.from({ length: 5000 }, () => 'x') }, { token: 'operator', host: 'web' })
    expect(many.ok ? 0 : many.faults.length).toBe(20)
  })

  test('unknown members of an input do not reach the handler', async () => {
    let seen: unknown
    const { call } = rig({ 'run.pause': (input) => void (seen = input) })
    await call('run.pause', { run: 'R-000001', force: true }, { token: 'operator', host: 'web' })
    expect(seen).toEqual({ run: 'R-000001' })
  })

  test('the handler learns who calls, and from which host', async () => {
    let seen: unknown
    const { call } = rig({ 'session.signOut': (_input, context) => void (seen = context) })
    await call('session.signOut', {}, { token: 'auditor', host: 'electron' })
    expect(seen).toEqual({ caller: { token: 'auditor', host: 'electron' }, session: sessionWith('auditor') })
  })

  test('with checked output an answer outside its schema is a bug', async () => {
    const { call, bugs } = rig({ 'people.list': () => [{ person: 'nobody' }] }, true)
    expect(await faultOf(call('people.list', {}, { token: 'auditor', host: 'web' }))).toMatchObject({ code: 'bug.unexpected' })
    expect(bugs).toHaveLength(1)
  })
})

describe('endings', () => {
  test("a handler's faults are the answer, and no bug", async () => {
    const { call, bugs } = rig({
      'run.start': () => {
        throw new CardwrightError({ code: 'run.device-busy', class: 'operator', values: { device: 'Front desk' } })
      },
    })
    expect(await call('run.start', { job: 'J-000001', device: 'D-01' }, { token: 'operator', host: 'cli' })).toEqual({
      ok: false,
      faults: [{ code: 'run.device-busy', class: 'operator', values: { device: 'Front desk' } }],
    })
    expect(bugs).toEqual([])
  })

  test('anything else that is thrown is answered without its words, which may hold data, and reported', async () => {
    const { call, bugs } = rig({ 'device.ports': () => Promise.reject(new TypeError('4000001234567899 is not iterable')) })
    expect(await call('device.ports', {}, { token: 'operator', host: 'web' })).toEqual({
      ok: false,
      faults: [{ code: 'bug.unexpected', class: 'bug', values: { name: 'TypeError' } }],
    })
    expect(bugs).toHaveLength(1)
  })
})
