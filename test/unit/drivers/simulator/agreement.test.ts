/** The machine takes nothing from the host's profiles, but somebody who practises with both must not be led astray. */
import { describe, expect, test } from 'vitest'
import { machineModel } from '#drivers/cpx/simulator/model.ts'
import { framingOf, limitsOf, modeOf, shippedProfiles } from '#drivers/cpx/profile.ts'
import { SimulatorModel } from '#shared/device/simulator.ts'

describe.each(SimulatorModel.options)('%s', (name) => {
  const model = machineModel(name)
  const profile = shippedProfiles.find((candidate) => candidate.profile === name)
  if (profile === undefined) throw new Error(`no shipped profile ${name}`)

  test('the machine has every mode of the profile, and understands its frames', () => {
    for (const mode of profile.modes.keys()) {
      expect(model.modes).toContain(mode)
      expect(model.forms).toContain(framingOf(profile, modeOf(profile, mode)).form)
    }
  })

  test('every character that the profile promises is on the wheel', () => {
    for (const mode of profile.modes.keys()) {
      for (const font of limitsOf(profile, modeOf(profile, mode)).fonts) {
        const wheel = model.wheels.find(({ number }) => number === font.number)
        expect(wheel, font.name).toMatchObject({ kind: font.kind, side: font.side })
        expect(Array.from(font.characters).filter((character) => !wheel?.characters.includes(character)), font.name).toEqual([])
      }
    }
  })

  test('the transport reaches every place that the profile allows', () => {
    for (const { left, right, bottom, top } of [profile.limits.area.plain, profile.limits.area.topping]) {
      expect(left).toBeGreaterThanOrEqual(model.reach.left)
      expect(right).toBeLessThanOrEqual(model.reach.right)
      expect(bottom).toBeGreaterThanOrEqual(model.reach.bottom)
      expect(top).toBeLessThanOrEqual(model.reach.top)
    }
  })

  test('every letter that the machine tells is known to the profile', () => {
    const bytes = [...Object.keys(model.alarms), 'A', 'C', `${model.busyByte.toString(16)}h`]
    expect(bytes.filter((status) => !profile.statuses.has(status))).toEqual([])
  })
})
