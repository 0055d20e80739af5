/** The workbench over the real server and real practice cards, in simulated time. */
import { describe, expect, it } from 'vitest'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import { systemRandom } from '#drivers/random/random.ts'
import type { BenchOrder, BenchTarget, BenchView } from '#shared/contract/chip-calls.ts'
import type { ChipFault } from '#shared/chip/practice-card.ts'
import type { Trial } from '../../../../../src/main/chip/workbench/bench.ts'
import { maskedHex } from '../../../../../src/main/chip/workbench/mask.ts'
import { createWorkbench } from '../../../../../src/main/chip/workbench/workbench.ts'
import type { Workbench } from '../../../../../src/main/chip/workbench/workbench.ts'
import { applicationOf, chipBench, practiceCard, taskOf } from '../../../../support/chip-work.ts'

const script = `export default async function personalize(card) {
  await card.send({ cla: 0x00, ins: 0xA4, p1: 4, p2: 0, le: 0 })
  await card.send({ cla: 0x80, ins: 0xCA, p1: 0x9F, p2: 0x7F, le: 0 })
  await card.send({ cla: 0x00, ins: 0xA4, p1: 4, p2: 0, le: 0 })
}`
const task = JSON.stringify(taskOf([applicationOf('own')], { devices: ['D-77'] }))
const order: BenchOrder = { task, scapps: { own: script }, extensions: {}, answers: {}, chip: { task: 'task', applications: [{ application: 'app', groups: [] }] }, step: false }
const practice = (faults: ChipFault[] = []): BenchTarget => ({ kind: 'practice', type: 'gp-scp02-15', seed: 1, faults })

interface Rig {
  workbench: Workbench
  trials: Trial[]
  clock: Awaited<ReturnType<typeof chipBench>>['clock']
  /** Waits in simulated time. */
  until(view: () => BenchView, ...states: BenchView['state'][]): Promise<BenchView>
}

async function rig(verdict: 'go-on' | 'personalized-before' = 'go-on'): Promise<Rig> {
  const { server, clock } = await chipBench({})
  const trials: Trial[] = []
  const stationWith = (type: 'gp-scp02-15', seed: number) => {
    const card = practiceCard(type, seed)
    const station = createPracticeStation({ name: 'R1', clock })
    station.insert(card)
    return { card, station }
  }
  const workbench = createWorkbench({
    server,
    practiceCards: {
      make({ seed }) {
        const { card, station } = stationWith('gp-scp02-15', seed)
        const putBack = () => station.state().state === 'empty' && station.insert(card)
        return { station, arm: (fault) => card.arm(fault), armed: () => card.armed(), disarm: () => card.disarm(), putBack: () => void putBack() }
      },
    },
    readers: { station: () => stationWith('gp-scp02-15', 7).station },
    random: systemRandom,
    beforeRealCard(trial) {
      trials.push(trial)
      return verdict
    },
  })
  const until: Rig['until'] = (view, ...states) =>
    clock.run(
      (async () => {
        while (!states.includes(view().state)) await new Promise((resolve) => setImmediate(resolve))
        return view()
      })(),
    )
  return { workbench, trials, until, clock }
}

describe('a try on a practice card', () => {
  it('runs unsaved sources to their end, on no particular device, and is journaled nowhere', async () => {
    const { workbench, trials, until } = await rig()
    const bench = workbench.bench('s', await workbench.open('s', 'P-01', practice()))
    await bench.start(order)
    const view = await until(() => bench.view(0), 'ended')
    expect(view.result).toMatchObject({ good: true })
    expect(view.entries.filter(({ kind }) => kind === 'apdu').length).toBeGreaterThanOrEqual(3)
    expect(view.entries.at(-1)).toMatchObject({ kind: 'end', good: true })
    expect(bench.view(view.entries.at(-1)!.number).entries).toEqual([])
    expect(trials).toEqual([])
  })

  it('halts before every command until it is let on', async () => {
    const { workbench, until } = await rig()
    const bench = workbench.bench('s', await workbench.open('s', 'P-01', practice()))
    const commands = () => bench.view(0).entries.filter((entry) => entry.kind === 'apdu')
    await bench.start({ ...order, step: true })
    await until(() => bench.view(0), 'halted')
    expect(commands()).toMatchObject([{ kind: 'apdu' }])
    expect(commands()[0]).not.toHaveProperty('response')
    bench.step()
    await until(() => ({ ...bench.view(0), state: commands().length === 2 ? 'halted' : 'running' }), 'halted')
    expect(commands()[0]).toHaveProperty('response')
    await expect(bench.start(order)).rejects.toMatchObject({ faults: [{ code: 'bench.busy' }] })
    bench.continue()
    expect((await until(() => bench.view(0), 'ended')).result?.good).toBe(true)
  })

  it('is stopped where it halts', async () => {
    const { workbench, until } = await rig()
    const bench = workbench.bench('s', await workbench.open('s', 'P-01', practice()))
    await bench.start({ ...order, step: true })
    await until(() => bench.view(0), 'halted')
    bench.stop()
    expect((await until(() => bench.view(0), 'ended')).result).toMatchObject({ good: false, fault: 'chip-cancelled' })
  })

  it('tells a pulled card with the script’s line, and takes the card again', async () => {
    const { workbench, until } = await rig()
    const bench = workbench.bench('s', await workbench.open('s', 'P-01', practice()))
    bench.arm([{ kind: 'removed', command: 3, moment: 'during' }])
    await bench.start(order)
    expect((await until(() => bench.view(0), 'ended')).result).toMatchObject({ good: false, fault: 'chip-removed', application: 'app', line: 4 })
    bench.arm([])
    await bench.start(order)
    expect((await until(() => bench.view(0), 'ended')).result?.good).toBe(true)
  })

  it('is spoken to by hand, with what one command selects still selected for the next', async () => {
    const { workbench, until } = await rig()
    const bench = workbench.bench('s', await workbench.open('s', 'P-01', practice()))
    const sent = bench.send('00 A4 04 00 00').then(() => bench.send('80CA9F7F00'))
    await until(() => ({ ...bench.view(0), state: bench.view(0).entries.filter((entry) => 'response' in entry).length === 2 ? 'ended' : 'idle' }), 'ended')
    await sent
    expect(bench.view(0).entries).toMatchObject([{ response: expect.stringMatching(/9000$/) }, { response: expect.stringMatching(/^9F7F2A.*9000$/) }])
    await expect(bench.send('00A')).rejects.toMatchObject({ faults: [{ code: 'hex.malformed' }] })
  })
})

describe('a card in a reader', () => {
  it('is written down before it is touched', async () => {
    const { workbench, trials, until } = await rig()
    const bench = workbench.bench('s', await workbench.open('s', 'P-01', { kind: 'reader', reader: 'R1' }))
    await bench.start(order)
    await until(() => bench.view(0), 'ended')
    expect(trials, 'by the number of its life cycle data, though the task asks for none').toMatchObject([
      { reader: 'R1', task: 'task', atr: expect.stringMatching(/^3B/), chip: expect.stringMatching(/^[0-9A-F]{20}$/) },
    ])
    expect(() => bench.arm([])).toThrow(expect.objectContaining({ faults: [expect.objectContaining({ code: 'bench.real-card' })] }))
  })

  it('stays untouched where it belongs to somebody', async () => {
    const { workbench, until } = await rig('personalized-before')
    const bench = workbench.bench('s', await workbench.open('s', 'P-01', { kind: 'reader', reader: 'R1' }))
    await bench.start(order)
    expect((await until(() => bench.view(0), 'ended')).result).toMatchObject({ good: false, fault: 'chip-personalized-before' })
    expect(bench.view(0).entries.filter(({ kind }) => kind === 'apdu'), 'no command of the task, not even one that asks for its number').toEqual([])
  })

  it('is asked about once where the task looks for the same number, and again where it looks for another', async () => {
    const trialsOf = async (serial: object) => {
      const { workbench, trials, until } = await rig()
      const bench = workbench.bench('s', await workbench.open('s', 'P-01', { kind: 'reader', reader: 'R1' }))
      await bench.start({ ...order, task: JSON.stringify({ ...JSON.parse(task), card: { serial } }) })
      await until(() => bench.view(0), 'ended')
      return trials.map(({ chip }) => chip)
    }
    const [known] = await trialsOf({ from: 'cplc' })
    expect(await trialsOf({ from: 'cplc' })).toEqual([known])
    expect(await trialsOf({ from: 'command', commands: ['80CA9F7F00'], offset: 3, length: 4 })).toEqual([known, known!.slice(0, 8)])
  })
})

describe('commands typed by hand to a card in a reader', () => {
  it('go to no card that belongs to somebody: it is known by its number', async () => {
    const { workbench, trials, clock } = await rig('personalized-before')
    const bench = workbench.bench('s', await workbench.open('s', 'P-01', { kind: 'reader', reader: 'R1' }))
    await expect(clock.run(bench.send('00A4040000'))).rejects.toMatchObject({ faults: [{ code: 'bench.issued-card' }] })
    expect(trials).toMatchObject([{ reader: 'R1', chip: expect.stringMatching(/^[0-9A-F]{20}$/) }])
    expect(bench.view(0).entries).toEqual([])
  })
})

describe('benches', () => {
  it('belong to the session that opened them, and end with it', async () => {
    const { workbench } = await rig()
    const name = await workbench.open('s', 'P-01', practice())
    expect(() => workbench.bench('other', name)).toThrow(expect.objectContaining({ faults: [expect.objectContaining({ code: 'bench.unknown' })] }))
    await workbench.closeOf('s')
    expect(() => workbench.bench('s', name)).toThrow()
  })

  it('are few: the oldest is put away for a further one', async () => {
    const { workbench } = await rig()
    const names: string[] = []
    for (let count = 0; count < 9; count += 1) names.push(await workbench.open('s', 'P-01', practice()))
    expect(() => workbench.bench('s', names[0]!)).toThrow()
    expect(workbench.bench('s', names[1]!)).toBeDefined()
  })
})

describe('card numbers in bytes', () => {
  it('lose their middle', () => {
    expect(maskedHex('5A0840000012345678995F34')).toBe('5A08400000......78995F34')
    expect(maskedHex('57134000001234567899D2912')).not.toContain('123456')
    expect(maskedHex('00A40400A0000000031010')).toBe('00A40400A0000000031010')
  })
})
