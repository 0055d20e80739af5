/** Handlers of runs, prompts and devices: what happens at the machine. */
import { maskNumbersIn } from '#shared/card/number.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { PersonId } from '#shared/journal/events.ts'
import type { Controller } from '../controller/controller.ts'
import type { Devices } from '../devices/devices.ts'
import type { DeviceFactory } from '../ports/device-factory.ts'
import type { Handlers } from '../transport/dispatch.ts'

type Names =
  | `device.${'ports' | 'profiles' | 'save' | 'remove' | 'connect' | 'disconnect' | 'probe' | 'trace' | 'readStripe'}`
  | 'simulator.act'
  | `run.${'start' | 'pause' | 'resume' | 'stopAfterCard' | 'cancel'}`
  | 'prompt.answer'

export interface ProductionParts {
  controller: Controller
  devices: Devices
  factory: DeviceFactory
  /** Checks the second person's password; throws where it is wrong, or the person is the first one. */
  confirmSecond(name: string, password: string, first: PersonId): Promise<PersonId>
}

export function productionHandlers({ controller, devices, factory, confirmSecond }: ProductionParts): Pick<Handlers, Names> {
  return {
    'device.ports': () => factory.ports(),
    'device.profiles': () => factory.profiles(),
    'device.save': async (draft, { session }) => ({ device: await devices.save(draft, session.person) }),
    'device.remove': async ({ device }, { session }) => {
      await devices.remove(device, session.person)
      return {}
    },
    'device.connect': async ({ device }) => {
      await devices.connect(device)
      return {}
    },
    'device.disconnect': async ({ device }) => {
      await devices.disconnect(device)
      return {}
    },
    'device.probe': ({ device }) => devices.probe(device),
    'device.trace': ({ device, after }) => devices.trace(device, after),
    'device.readStripe': async ({ device }) => ({ tracks: await readStripe(devices, device) }),
    'simulator.act': ({ device, action }, { session }) => {
      devices.act(device, action, session.person)
      return {}
    },
    'run.start': async ({ job, device, range, answers }, { session }) => ({ run: await controller.start({ job, device, range, answers, by: session.person }) }),
    'run.pause': ({ run }, { session }) => {
      controller.pause(run, session.person)
      return {}
    },
    'run.resume': ({ run }, { session }) => {
      controller.resume(run, session.person)
      return {}
    },
    'run.stopAfterCard': ({ run }, { session }) => {
      controller.stopAfterCard(run, session.person)
      return {}
    },
    'run.cancel': ({ run }, { session }) => {
      controller.cancel(run, session.person)
      return {}
    },
    'prompt.answer': async ({ prompt, choice, second }, { session }) => {
      const signed = second && (await confirmSecond(second.name, second.password, session.person))
      controller.answer(prompt, { choice, by: session.person, ...(signed !== undefined && { second: signed }) })
      return {}
    },
  }
}

/** Reads a stripe by hand. Whatever would need a person ends it: the page says so and the person tries again. */
async function readStripe(devices: Devices, device: string) {
  const { outcome, tracks } = await devices.readStripe(device)
  if (outcome.kind !== 'done') {
    throw new CardwrightError({ code: 'device.stripe-unread', class: 'device', values: { reason: outcome.reason.code } })
  }
  const read = [tracks.track1, tracks.track2, tracks.track3]
  return read.flatMap((text, index) => (text === undefined ? [] : [{ track: index + 1, text: maskNumbersIn(text) }]))
}
