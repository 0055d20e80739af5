import { describe, expect, test } from 'vitest'
import { AlarmLetter, MachineFault } from '#shared/device/simulator.ts'
import { alarms, faultOf, naturalPlace, otherKinds, troubleOf } from '../../../../src/renderer/feature/produce/practice/faults.ts'
import { hasText } from '../../../../src/renderer/i18n/text.ts'

const troubles = [...AlarmLetter.options, ...otherKinds]

describe('faults to practise on', () => {
  test('every status letter of the machine is offered, in words', () => {
    expect(Object.keys(alarms).toSorted()).toEqual([...AlarmLetter.options].toSorted())
    expect(Object.values(alarms).filter(({ reason }) => !hasText(`reason.${reason}`))).toEqual([])
    expect(otherKinds.filter((kind) => !hasText(`simulator.fault.${kind}`))).toEqual([])
  })

  test.each(troubles)('%s makes a fault that the machine takes, once and always, and is known again when it is armed', (trouble) => {
    for (const always of [false, true]) {
      const fault = MachineFault.parse(faultOf({ trouble, ...naturalPlace(trouble), always, seconds: 40 }))
      expect(troubleOf(fault)).toBe(trouble)
      if ('times' in fault) expect(fault.times).toBe(always ? null : 1)
      if (fault.kind === 'silence') expect(fault.milliseconds).toBe(always ? null : 40_000)
    }
  })

  test('a kind that only the command line arms is shown by its own name', () => {
    expect(troubleOf({ kind: 'replies-joined', milliseconds: 10, times: 1 })).toBeUndefined()
  })
})
