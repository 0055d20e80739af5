/** The CPX driver before the simulated machine: in memory, on a socket, on a pseudo terminal; and a probe of a real port. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { createCpxDriver } from '#drivers/cpx/driver.ts'
import { loadProfile, shippedDocuments } from '#drivers/cpx/profile.ts'
import { Machine } from '#drivers/cpx/simulator/machine.ts'
import { machineModel } from '#drivers/cpx/simulator/model.ts'
import { isTouched, readableTracks, readEmbossing } from '#drivers/cpx/simulator/plastic.ts'
import { openPty } from '#drivers/cpx/simulator/pty.ts'
import { listen, socketLink } from '#drivers/cpx/simulator/tcp.ts'
import { memoryOpener } from '#drivers/serial/memory-pipe.ts'
import { serialOpener } from '#drivers/serial/serial-port.ts'
import { tcpOpener } from '#drivers/serial/tcp-link.ts'
import type { LinkOpener } from '#main/ports/byte-link.ts'
import type { Clock } from '#main/ports/clock.ts'
import type { SimulatorMode, SimulatorModel, Stage } from '#shared/device/simulator.ts'
import { findProgram } from '../support/tools.ts'
import { embosserDriverSuite, type Rig, type RigOptions } from './embosser-driver.ts'

const cardStages: Stage[] = ['receive', 'pick', 'feed', 'encode', 'emboss', 'topper', 'deliver']

interface Line {
  opener: LinkOpener
  relay(): Promise<void>
  stop(): Promise<void>
}

interface Make {
  model: SimulatorModel
  mode: SimulatorMode
  clock: Clock & { run?<Value>(promise: Promise<Value>): Promise<Value>; advance?(milliseconds: number): Promise<void> }
  /** Times as fast as the real machine. */
  speed: number
  overrides?: object
  line(machine: Machine): Promise<Line>
}

async function makeRig({ model, mode, clock, speed, overrides = {}, line }: Make, { blanks, tracks }: RigOptions): Promise<Rig> {
  const machine = new Machine({ clock, start: { model, mode, speed, blanks: tracks ? 0 : blanks } })
  if (tracks) machine.act({ do: 'refill', blanks, tracks })
  const { opener, relay, stop } = await line(machine)
  const profile = loadProfile({ extends: model, profile: 'rig', ...overrides }, shippedDocuments)
  const wait = async (milliseconds: number) => clock.advance?.(milliseconds) ?? clock.sleep(milliseconds / speed)
  const powerCycle = async () => {
    machine.act({ do: 'power', on: false })
    machine.act({ do: 'power', on: true })
    await clock.sleep(5000 / speed)
  }
  return {
    driver: createCpxDriver({ profile, mode, opener, clock }),
    run: (promise) => clock.run?.(promise) ?? promise,
    wait,
    act: (action) => machine.act(action),
    arm: (fault) => machine.arm(fault),
    mend: async () => {
      if (machine.picture().state === 'off') await powerCycle()
      for (const { clearedBy } of machine.picture().alarms) {
        if (clearedBy === 'refill') machine.act({ do: 'refill', blanks: 5 })
        else if (clearedBy === 'close-cover') machine.act({ do: 'cover', open: false })
        else if (clearedBy === 'empty-output-tray') machine.act({ do: 'empty-tray', tray: 'output' })
        else if (clearedBy === 'empty-reject-tray') machine.act({ do: 'empty-tray', tray: 'reject' })
        else if (clearedBy === 'power-cycle') await powerCycle()
        else if (clearedBy !== 'told') machine.act({ do: clearedBy })
      }
      if (machine.picture().hopper.count === 0) machine.act({ do: 'refill', blanks: 5 })
      // A power cycle leaves a card inside to be taken out.
      if (machine.picture().alarms.some(({ clearedBy }) => clearedBy === 'clear-jam')) machine.act({ do: 'clear-jam' })
    },
    relay,
    blanks: () =>
      machine.ledger().map((blank) => ({
        id: blank.id,
        place: blank.place.kind,
        touched: isTouched(blank),
        tracks: readableTracks(blank),
        lines: readEmbossing(blank).map(({ text }) => text),
      })),
    dispose: async () => {
      machine.act({ do: 'power', on: false })
      await stop()
    },
  }
}

// In memory, in simulated time

const inMemory = (model: SimulatorModel, mode: SimulatorMode) =>
  embosserDriverSuite(`${model} in the mode ${mode}, in memory`, {
    exhaustive: true,
    stages: cardStages,
    forgetsWhenEmpty: machineModel(model).dataWhenEmpty === 'dropped',
    makeRig: (options) => {
      const line = (machine: Machine) => Promise.resolve({
        opener: memoryOpener((far) => machine.attach(far)),
        relay: () => Promise.resolve(),
        stop: () => Promise.resolve(),
      })
      return makeRig({ model, mode, clock: new VirtualClock(), speed: 1, line }, options)
    },
  })

inMemory('dc450', 'standard')
inMemory('dc450', 'magstripe-fast')
inMemory('dc450', 'chip-fast')
inMemory('dc280p', 'standard')
inMemory('dc150i', 'standard')
inMemory('dc150i', 'legacy-unsolicited')

// On real lines, in real time, before a machine that is fifty times as fast

const speed = 50
const quick = {
  line: { settle: 5 },
  timings: {
    answer: 300, busy: 25, near: 5, silence: 3000, busyLimit: 20_000, afterFormat: 15, afterCard: 25,
    stripeIdle: 100, attentionAgain: 100, formatAgain: 500, idle: 100, late: 500,
  },
}

embosserDriverSuite('dc450 on a socket', {
  exhaustive: false,
  stages: cardStages,
  makeRig: (options) => {
    const line = async (machine: Machine) => {
      const listening = await listen(0, (socket) => machine.attach(socketLink(socket)))
      return { opener: tcpOpener({ host: '127.0.0.1', port: listening.port }), relay: () => Promise.resolve(), stop: () => listening.stop() }
    }
    return makeRig({ model: 'dc450', mode: 'standard', clock: systemClock, speed, overrides: quick, line }, options)
  },
})

const noSocat = findProgram('socat') === undefined ? 'socat is not installed' : undefined
if (noSocat !== undefined && process.env['CI']) throw new Error(`the driver suite on a pseudo terminal can't run: ${noSocat}`)

embosserDriverSuite('dc450 on a pseudo terminal, through serialport', {
  exhaustive: false,
  stages: cardStages,
  skip: noSocat,
  makeRig: (options) => {
    const line = async (machine: Machine) => {
      const folder = mkdtempSync(join(tmpdir(), 'cardwright-pty-'))
      const path = join(folder, 'dc450')
      const lay = async () => {
        if (existsSync(path)) rmSync(path)
        const link = await openPty(path, systemClock)
        machine.attach(link)
        return link
      }
      let link = await lay()
      const opener = serialOpener({ path, clock: systemClock })
      return {
        opener,
        relay: async () => {
          await link.close()
          link = await lay()
        },
        stop: async () => {
          await link.close()
          rmSync(folder, { recursive: true, force: true })
        },
      }
    }
    return makeRig({ model: 'dc450', mode: 'standard', clock: systemClock, speed, overrides: quick, line }, options)
  },
})

// A real machine is no part that can be missing: where somebody has one, it is probed, and no card moves

const realPort = process.env['CARDWRIGHT_PORT']

if (realPort !== undefined) {
  describe('a real port', () => {
    test(`${realPort} answers to a probe`, async () => {
      const profile = loadProfile({ extends: process.env['CARDWRIGHT_PROFILE'] ?? 'dc450', profile: 'real' }, shippedDocuments)
      const driver = createCpxDriver({ profile, mode: 'standard', opener: serialOpener({ path: realPort, clock: systemClock }), clock: systemClock })
      await driver.connect()
      expect(await driver.probe()).toMatchObject({ answered: true })
      await driver.close()
    })
  })
}
