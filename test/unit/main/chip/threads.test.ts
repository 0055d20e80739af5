/** Real time and real threads: as the product runs it. */
import { afterAll, describe, expect, it } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import { createThreadEngine } from '#main/chip/sandbox/thread-engine.ts'
import { applicationOf, chipBench, secretGroup, taskOf } from '../../../support/chip-work.ts'

const engine = createThreadEngine({ clock: systemClock })
afterAll(() => engine.close())

const identifier = 'A0000000031010'
const emv = applicationOf('emv-cps', {
  parameters: { application: identifier, diversification: 'emv-cps', install: true, loadFile: 'F043415244575201', module: 'F04341524457520101' },
  keys: { 'card-manager': 'practice-des' },
  template: [{ group: '0101', required: true, secret: false }],
  open: [`00A4040007${identifier}00`],
  verify: [{ read: 'record', sfi: 1, record: 1, group: '0101' }],
})

describe('scripts in threads', () => {
  it('make four cards on four stations at the same time, one of them by a script that never ends', async () => {
    const documents = { tasks: { task: taskOf([emv]), endless: taskOf([applicationOf('endless')], { id: 'endless', limits: { seconds: 0.5, memoryMegabytes: 32, stackKilobytes: 512, apdus: 10 } }) }, scapps: { endless: 'export default () => { for (;;); }' } }
    const { server, bugs } = await chipBench(documents, { engine, clock: systemClock })
    const sessions = { task: await server.begin({ task: 'task', device: 'D-01', answers: {} }), endless: await server.begin({ task: 'endless', device: 'D-02', answers: {} }) }
    const results = await Promise.all(
      (['task', 'endless', 'task', 'task'] as const).map((task, index) => {
        const station = createPracticeStation({ name: `S${index}`, clock: systemClock })
        station.insert(createCard('gp-scp02-55', { seed: index + 1, baudRate: 10_000_000 }))
        const groups = [{ name: '0101', value: `70045F34010${index}` }, secretGroup('8000', '00112233445566778899AABBCCDDEEFF'.repeat(3))]
        return sessions[task].personalize({ station, chip: { task, applications: [{ application: 'app', groups }] }, identified: () => 'go-on' })
      }),
    )
    expect(bugs).toEqual([])
    expect(results).toMatchObject([{ kind: 'done' }, { kind: 'failed', reason: { code: 'chip-script-limit' } }, { kind: 'done' }, { kind: 'done' }])
  })

  it('are ended by the operator', async () => {
    const { server } = await chipBench({ tasks: { task: taskOf([applicationOf('endless')]) }, scapps: { endless: 'export default async (card) => { for (;;) await card.send({ cla: 0x80, ins: 0xca, p1: 0x9f, p2: 0x7f, le: 0 }) }' } }, { engine, clock: systemClock })
    const session = await server.begin({ task: 'task', device: 'D-01', answers: {} })
    const station = createPracticeStation({ name: 'S', clock: systemClock })
    station.insert(createCard('gp-scp02-55', { seed: 1, baudRate: 10_000_000 }))
    const stop = new AbortController()
    let sent = 0
    const result = await session.personalize({ station, chip: { task: 'task', applications: [] }, identified: () => 'go-on', signal: stop.signal, onTrace: () => (sent += 1) === 10 && stop.abort() })
    expect(result).toMatchObject({ kind: 'failed', reason: { code: 'chip-cancelled' } })
  })
})
