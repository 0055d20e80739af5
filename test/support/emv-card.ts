/** A payment application alone, without the card around it: for tests of its behaviour. */
import { fromHex, numberToBytes, toHex } from '#shared/bytes.ts'
import { parseCommand } from '#shared/chip/apdu.ts'
import { CardStatus } from '#drivers/virtual-card/application.ts'
import type { CardApplication, PersonalizationServices } from '#drivers/virtual-card/application.ts'
import { PaymentApplication } from '#drivers/virtual-card/emv/application.ts'
import { DirectoryApplication } from '#drivers/virtual-card/emv/directory.ts'
import { Eeprom } from '#drivers/virtual-card/memory.ts'
import type { CardAnswer } from './emv-terminal.ts'

export interface LoneCard {
  /** Hex in, hex out. SELECT by this name selects; STORE DATA personalizes. */
  exchange(command: string): CardAnswer
  /** Groupings, each begun in a STORE DATA of its own; the status of each. */
  personalize(groupings: Record<string, string>, last?: boolean): string[]
  reset(): void
  eeprom: Eeprom
}

export function loneCard(identifier: string, eeprom: Eeprom = new Eeprom(64_000)): LoneCard {
  const directory = identifier.startsWith('315041592E') || identifier.startsWith('325041592E')
  const application: CardApplication = directory ? new DirectoryApplication(fromHex(identifier)) : new PaymentApplication(fromHex(identifier))
  let drawn = 0
  const services: PersonalizationServices = {
    memory: eeprom.memory,
    serial: fromHex('00000001'),
    random: (length) => Uint8Array.from({ length }, () => (drawn = (drawn * 167 + 41) % 251)),
    compute: () => undefined,
    ownKey: (key) => key,
    // Whatever is encrypted here is so by turning its bits over: the channel's encryption is tested with the channel.
    decrypt: (data) => data.map((byte) => byte ^ 0xff),
  }
  if (eeprom.cells().size === 0) application.install(new Uint8Array(0), services)
  let sequence = 0
  const exchange = (command: string): CardAnswer => {
    try {
      eeprom.begin()
      const parsed = parseCommand(fromHex(command))
      const answer = parsed.ins === 0xa4 ? application.select(parsed, services) : parsed.ins === 0xe2 ? application.personalize(parsed, services) : application.process(parsed, services)
      return { data: toHex(answer.data), status: toHex(numberToBytes(answer.status, 2)) }
    } catch (thrown) {
      if (thrown instanceof CardStatus) return { data: '', status: toHex(numberToBytes(thrown.status, 2)) }
      throw thrown
    }
  }
  return {
    exchange,
    eeprom,
    reset: () => application.reset(services),
    personalize(groupings, last = true) {
      const entries = Object.entries(groupings)
      return entries.map(([dgi, value], index) => {
        const size = value.length / 2
        const whole = dgi + (size < 255 ? toHex(numberToBytes(size, 1)) : `FF${toHex(numberToBytes(size, 2))}`) + value
        const blocks = whole.match(/.{1,480}/g)!
        const statuses = blocks.map((data, place) => {
          const p1 = last && index === entries.length - 1 && place === blocks.length - 1 ? '80' : '00'
          const { status } = exchange(`80E2${p1}${toHex(numberToBytes(sequence, 1))}${toHex(numberToBytes(data.length / 2, 1))}${data}`)
          if (status === '9000') sequence = (sequence + 1) % 256
          return status
        })
        return statuses.find((status) => status !== '9000') ?? '9000'
      })
    },
  }
}
