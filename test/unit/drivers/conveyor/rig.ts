/** A conveyor in simulated time with somebody who makes cards on it: as many chips at once as there are stations. */
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { createConveyorDriver } from '#drivers/conveyor/driver.ts'
import { conveyorLimits } from '#drivers/conveyor/profile.ts'
import { ConveyorMachine } from '#drivers/conveyor/simulator/machine.ts'
import { answerToReset } from '#drivers/virtual-card/answer-to-reset.ts'
import { answer, type CardSystem } from '#drivers/virtual-card/application.ts'
import { createFrame } from '#drivers/virtual-card/frame.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import type { CommandOptions, EmbosserDriver, Outcome, PresentedCard } from '#main/ports/embosser-driver.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import type { Reason } from '#shared/device/device.ts'

export interface ConveyorRig {
  clock: VirtualClock
  machine: ConveyorMachine
  driver: EmbosserDriver
}

/** A chip that tells its serial number and nothing else. */
const tellsSerial: CardSystem = { format: () => {}, reset: () => {}, process: (_command, card) => answer(card.serial), spendRetryCounters: () => {} }

function chipOf(blank: number): VirtualCard {
  return createFrame({
    type: 'native-id', protocol: 'T=1', answerToReset: answerToReset('T=1', [0x80]), memory: 100, system: tellsSerial, options: { seed: blank, baudRate: 115_200 },
  })
}

export async function conveyorRig(stations: number, blanks: number): Promise<ConveyorRig> {
  const clock = new VirtualClock()
  const machine = new ConveyorMachine({ clock, limits: conveyorLimits(), stations, blanks, chip: (blank) => chipOf(blank) })
  const driver = createConveyorDriver({ stations, clock, open: () => machine.attach() })
  await clock.run(driver.connect())
  return { clock, machine, driver }
}

export function cardOf(record: number): PreparedCard {
  const number = `400000${String(record).padStart(9, '0')}7`
  const line = (field: string, font: string, y: number, text: string) => ({ field, kind: 'emboss' as const, side: 'front' as const, font, x: 10_160, y, text })
  return {
    number,
    lines: [line('number', 'farrington-7b', 21_412, number), line('name', 'gothic', 8_331, `HOLDER ${record}`)],
    tracks: { track1: `B${number}^HOLDER/${record}^2712201`, track2: `${number}=2712201` },
    topping: true,
  }
}

/** GET DATA for the card production life cycle: holds the chip's serial number. */
const askSerial = Uint8Array.of(0x80, 0xca, 0x9f, 0x7f, 0x00)

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** What tells this chip from all others, read without a station. */
export function serialOf(chip: VirtualCard | undefined): string {
  if (chip === undefined) return ''
  chip.disarm()
  chip.powerOn()
  const told = chip.transmit(askSerial)
  chip.powerOff()
  return told.kind === 'response' ? hex(told.bytes.subarray(0, -2)) : ''
}

export interface Made {
  record: number
  presented: PresentedCard
  /** What the chip in the station said of itself when it was made; absent where it was lost. */
  chip: string | undefined
  command: 'personalize' | 'spoil'
  outcome: Outcome
}

export interface Hands {
  /** A reason that holds a command up. */
  mend(reason: Reason): void
  chipTime(record: number): number
}

/** Makes these records, beginning as many chips at once as there are stations. Records are taken in their order. */
export async function makeCards({ clock, machine, driver }: ConveyorRig, records: readonly number[], { mend, chipTime }: Hands): Promise<Made[]> {
  const made: Made[] = []
  const options: CommandOptions = {
    onAttention: async (reason) => {
      await clock.sleep(20_000)
      mend(reason)
      return 'continue'
    },
  }
  const makeOne = async (record: number, presented: PresentedCard) => {
    const chip = await makeChip(record, presented.station)
    const command = chip === undefined ? 'spoil' : 'personalize'
    const outcome = await driver[command](cardOf(record), options, presented).completed
    made.push({ record, presented, chip, command, outcome })
  }
  const makeChip = async (record: number, name: string): Promise<string | undefined> => {
    const station = machine.stations.get(name)!
    try {
      const connection = await station.connect()
      await clock.sleep(chipTime(record))
      const answer = await connection.transmit(askSerial)
      await connection.release('unpower')
      return answer.kind === 'response' && answer.status === 0x9000 ? hex(answer.data) : undefined
    } catch {
      return undefined
    }
  }
  const work = async () => {
    const under: Promise<void>[] = []
    for (const record of records) {
      const answer = await driver.present(options)
      if (answer.kind === 'refused') break
      under.push(makeOne(record, answer.card))
    }
    await Promise.all(under)
  }
  await clock.run(work())
  return made
}
