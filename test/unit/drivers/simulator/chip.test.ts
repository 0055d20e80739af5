import { expect, test } from 'vitest'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { Machine } from '#drivers/cpx/simulator/machine.ts'
import type { MachineOptions } from '#drivers/cpx/simulator/machine.ts'

/** Long enough for a pick and a feed. */
const fed = 2_000

async function chipFast(more: Partial<Extract<MachineOptions['start'], { model: string }>> = {}) {
  const clock = new VirtualClock()
  const machine = new Machine({ clock, start: { model: 'dc450', mode: 'chip-fast', blanks: 2, chip: 'gp-scp02-55', chipSeed: 100, ...more } })
  await clock.advance(fed)
  return { clock, machine, station: machine.station! }
}

const serialOf = async ({ clock, station }: Awaited<ReturnType<typeof chipFast>>) => {
  const connection = await clock.run(station.connect())
  const answer = await clock.run(connection.transmit(Uint8Array.from([0x80, 0xca, 0x9f, 0x7f, 0x00])))
  await connection.release('unpower')
  return answer.kind === 'response' ? Buffer.from(answer.data).toString('hex') : answer.loss
}

test('a card that is fed ahead lies in the station, and no two blanks have the same chip', async () => {
  const rig = await chipFast()
  expect(rig.station.state().state).toBe('card')
  const first = await serialOf(rig)
  rig.machine.act({ do: 'clear-jam' })
  expect(rig.station.state().state).toBe('empty')
  await rig.clock.advance(fed)
  expect(await serialOf(rig)).not.toBe(first)
  expect(rig.machine.ledger()[0]?.place).toEqual({ kind: 'hand', from: 'inside' })
})

test('plain plastic lies there and says nothing', async () => {
  const clock = new VirtualClock()
  const machine = new Machine({ clock, start: { model: 'dc450', mode: 'chip-fast', blanks: 1 } })
  await clock.advance(fed)
  expect(machine.station?.state().state).toBe('mute')
})

test('a card that a fault pulls out is in a hand, and the next one comes', async () => {
  const rig = await chipFast()
  rig.machine.act({ do: 'arm-chip', fault: { kind: 'removed', moment: 'before' } })
  expect(await serialOf(rig)).toBe('card-removed')
  expect(rig.machine.ledger()[0]?.place).toEqual({ kind: 'hand', from: 'inside' })
  await rig.clock.advance(fed)
  expect(rig.station.state().state).toBe('card')
})

test('a lost reader comes back by a hand, and by the power', async () => {
  for (const mend of ['hand', 'power'] as const) {
    const rig = await chipFast()
    rig.machine.act({ do: 'arm-chip', fault: { kind: 'reader-lost', moment: 'before' } })
    expect(await serialOf(rig)).toBe('reader-lost')
    expect(rig.station.state().state).toBe('no-reader')
    if (mend === 'hand') rig.machine.act({ do: 'clear-jam' })
    else {
      rig.machine.act({ do: 'power', on: false })
      rig.machine.act({ do: 'power', on: true })
      await rig.clock.advance(5_000)
    }
    expect(rig.station.state().state).not.toBe('no-reader')
  }
})

test('the machine goes on from its state with the card in the station as it was', async () => {
  const rig = await chipFast()
  const serial = await serialOf(rig)
  const again = new Machine({ clock: rig.clock, start: { state: JSON.parse(JSON.stringify(rig.machine.save())) as unknown } })
  expect(again.station?.state().state).toBe('card')
  expect(await serialOf({ ...rig, machine: again, station: again.station! })).toBe(serial)
})

test('a machine without a chip station has none to arm', () => {
  const machine = new Machine({ clock: new VirtualClock(), start: { model: 'dc150i' } })
  expect(machine.station).toBeUndefined()
  expect(() => machine.act({ do: 'arm-chip', fault: { kind: 'dead' } })).toThrow('simulator.no-chip-station')
})
