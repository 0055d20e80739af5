/** The machine's state as somebody would see it who stands before it. */
import type { MachinePicture } from '#shared/device/simulator.ts'
import { hopper, inTray, insideOf, stepsOf } from './mechanism.ts'
import type { MachineModel } from './model.ts'
import type { MachineState } from './state.ts'

export function pictureOf(state: MachineState, model: MachineModel): MachinePicture {
  const { capacity } = model
  return {
    model: state.model,
    mode: state.mode,
    state: overall(state),
    cover: state.cover,
    speed: state.speed,
    hopper: { count: hopper(state).length, capacity: capacity.hopper },
    outputTray: { count: inTray(state, 'output-tray').length, capacity: capacity.outputTray },
    rejectTray: { count: inTray(state, 'reject-tray').length, capacity: capacity.rejectTray },
    inside: cardsInside(state),
    foil: model.topper === null ? null : { left: state.foil, length: model.topper.foil, on: state.topperOn },
    alarms: structuredClone(state.alarms),
    armed: structuredClone(state.armed),
    buffered: state.buffer.length,
  }
}

function overall({ power, alarms, cover, lanes, buffer }: MachineState): MachinePicture['state'] {
  if (power !== 'on') return power
  if (alarms.length > 0 || cover === 'open') return 'stopped'
  return lanes.main !== null || lanes.front !== null || buffer.length > 0 ? 'working' : 'idle'
}

function cardsInside(state: MachineState): MachinePicture['inside'] {
  const active = [state.lanes.main, state.lanes.front].filter((lane) => lane !== null)
  return insideOf(state)
    .flatMap((blank) => {
      if (blank.place.kind !== 'inside') return []
      const job = active.find((lane) => lane.blank === blank.id)
      const progress = job === undefined ? 0 : Math.min(1, job.step / stepsOf(job))
      return [{ blank: blank.id, module: blank.place.module, progress, waiting: state.parked?.blank === blank.id }]
    })
    .toSorted((a, b) => Number(a.waiting) - Number(b.waiting))
}
