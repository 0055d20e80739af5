import { describe, expect, it } from 'vitest'
import type { ChipTask, TaskApplication } from '#shared/chip/task.ts'
import { applicationOf, chipBench, taskOf } from '../../../support/chip-work.ts'

const scapps = {
  plain: 'export default () => {}',
  asking: "export const expects = { parameters: { application: { type: 'string', required: true }, level: { type: 'string', values: ['mac', 'none'] }, install: { type: 'boolean' } }, keys: ['manager', 'other?'] }\nexport default () => {}",
}
const good = applicationOf('asking', {
  parameters: { application: 'A0' },
  keys: { manager: 'practice-des' },
  template: [
    { group: '0101', required: true, secret: false, tags: ['57', '5F20'] },
    { group: '8000', required: true, secret: true },
  ],
  verify: [{ read: 'data', tag: '5F20', group: '0101', compare: 'tag-in-group' }],
})

async function mistakes(source: ChipTask | string): Promise<string[]> {
  const { server } = await chipBench({ scapps })
  const found = await server.check('task', typeof source === 'string' ? source : JSON.stringify(source))
  return found.map(({ code, place }) => (place === undefined ? code : `${code} at ${place}`))
}

const changed = (change: Partial<TaskApplication>): ChipTask => taskOf([{ ...good, ...change }])

describe('a task when it is saved', () => {
  it('may be as it should be', async () => {
    expect(await mistakes(taskOf([good]))).toEqual([])
  })

  it.each<[string, ChipTask | string, string]>([
    ['is JSON', '{', 'task.not-json'],
    ['has its fields', { ...taskOf([good]), cardwright: 'task' } as never, 'task.malformed at cardwright'],
    ['has no fields of its own', { ...taskOf([good]), more: 1 } as never, 'task.malformed'],
    ['names keys that there are', changed({ keys: { manager: 'nobody' } }), 'task.unknown-key at applications[0].keys.manager'],
    ['names master keys', changed({ keys: { manager: 'kek' } }), 'key.wrong-purpose at applications[0].keys.manager'],
    ['names the keys that its script asks for', changed({ keys: {} }), 'task.key-missing at applications[0].keys'],
    ['names no other keys', changed({ keys: { manager: 'practice-des', manger: 'practice-des' } }), 'task.key-not-asked at applications[0].keys.manger'],
    ['has a script that there is', changed({ scapp: 'nothing' }), 'task.no-scapp at applications[0].scapp'],
    ['has an extension module that there is', taskOf([good], { extension: { module: 'nothing', parameters: {} } }), 'task.no-extension at extension.module'],
    ['sets parameters that there are', changed({ parameters: { application: 'A0', appliction: '' } }), 'task.unknown-parameter at applications[0].parameters.appliction'],
    ['sets the parameters that are needed', changed({ parameters: {} }), 'task.missing-parameter at applications[0].parameters'],
    ['sets them to what they can be', changed({ parameters: { application: 'A0', level: 'both' } }), 'task.parameter-value at applications[0].parameters.level'],
    ['sets them to values of their type', changed({ parameters: { application: 'A0', install: 'yes' } }), 'task.parameter-type at applications[0].parameters.install'],
    ['reads back groups of its template', changed({ verify: [{ read: 'record', sfi: 1, record: 1, group: '0201' }] }), 'task.unknown-group at applications[0].verify[0].group'],
    ['reads back tags of its template', changed({ verify: [{ read: 'data', tag: '9F36', group: '0101', compare: 'tag-in-group' }] }), 'task.unknown-tag at applications[0].verify[0].tag'],
    ['reads back no secret', changed({ verify: [{ read: 'record', sfi: 1, record: 1, group: '8000' }] }), 'task.group-secret at applications[0].verify[0].group'],
    ['compares check values of secrets', changed({ verify: [{ read: 'check-value', command: '80CA9000', offset: 0, group: '0101', key: { offset: 0, length: 16 } }] }), 'task.group-not-secret at applications[0].verify[0].group'],
    ['has tags', changed({ template: [...good.template, { group: '0102', required: true, secret: false, tags: ['5F'] }] }), 'task.no-tag at applications[0].template[2].tags'],
    ['has each application once', taskOf([good, good]), 'task.application-twice at applications[1].application'],
  ])('%s', async (_, task, expected) => {
    expect(await mistakes(task)).toEqual([expected])
  })
})

describe('a script when it is saved', () => {
  it.each([
    ['scapp', 'export default () => {}', []],
    ['scapp', 'export default () => {\n  const\n}', ['script.does-not-load at line 3']],
    ['scapp', 'export const personalize = () => {}', ['script.exports-nothing']],
    ['scapp', 'export const expects = { parameters: 7 }; export default () => {}', ['script.expects-malformed at expects']],
    ['extension', 'export const prepare = () => {}', []],
    ['extension', 'export default () => {}', ['script.exports-nothing']],
    ['extension', 'for (;;);', ['script.does-not-load at line 1']],
  ] as const)('%s: %s', async (kind, source, expected) => {
    const { server } = await chipBench({})
    expect((await server.check(kind, source)).map(({ code, place }) => (place === undefined ? code : `${code} at ${place}`))).toEqual(expected)
  })
})

describe('a task when a run begins', () => {
  it('is for this device', async () => {
    const { server } = await chipBench({ tasks: { task: taskOf([good], { devices: ['D-02'] }) }, scapps })
    await expect(server.begin({ task: 'task', device: 'D-01', answers: {} })).rejects.toThrow('task.other-device')
    await expect(server.begin({ task: 'nothing', device: 'D-01', answers: {} })).rejects.toThrow('task.unknown')
  })

  it('may stand in an editor, with its scripts', async () => {
    const { server } = await chipBench({ scapps })
    const session = await server.begin({ task: 'task', device: 'D-01', answers: {}, unsaved: { task: JSON.stringify(changed({ scapp: 'new', parameters: {}, keys: {} })), scapps: { new: 'export default () => {}' } } })
    expect(session.documents.scapps).toEqual([{ id: 'new', digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string }])
  })
})
