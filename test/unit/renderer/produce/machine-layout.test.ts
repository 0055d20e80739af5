import { describe, expect, test } from 'vitest'
import type { DeviceView } from '#shared/contract/live.ts'
import type { MachinePicture } from '#shared/device/simulator.ts'
import type { RunView } from '#shared/job/job.ts'
import dc450 from '../../../../drivers/cpx/profiles/dc450.json' with { type: 'json' }
import { anchorOf, cardsInside, isUsed, middle, placeOfPrompt, placeOfReason, slabs, workingModule } from '../../../../src/renderer/feature/produce/machine/layout.ts'

const picture = (inside: MachinePicture['inside'], state: MachinePicture['state'] = 'working'): MachinePicture => ({
  model: 'dc450',
  mode: 'standard',
  state,
  cover: 'closed',
  speed: 1,
  hopper: { count: 1, capacity: 200 },
  outputTray: { count: 0, capacity: 200 },
  rejectTray: { count: 0, capacity: 20 },
  inside,
  foil: null,
  alarms: [],
  armed: [],
  buffered: 0,
})

const card = (attempt: string, state: RunView['cards'][number]['state']) => ({ attempt, state }) as RunView['cards'][number]

describe('where a reason is shown', () => {
  test.each([
    ['hopper-empty', 'refill-hopper', 'hopper'],
    ['pick-error', 'look-at-machine', 'feed'],
    ['stripe-module-error', 'look-at-machine', 'encoder'],
    ['emboss-wheel-fault', 'call-service', 'embosser'],
    ['ribbon-positioning', 'change-ribbon', 'indent'],
    ['foil-break', 'change-foil', 'topper'],
    ['output-stacker-fault', 'call-service', 'output-tray'],
    ['reject-tray-full', 'empty-reject-tray', 'reject-tray'],
    ['cover-open', 'close-cover', 'cover'],
    ['link-lost', 'check-line', 'line'],
    ['system-error', 'call-service', 'machine'],
  ] as const)('%s', (code, action, place) => {
    expect(placeOfReason({ code, action })).toBe(place)
  })

  test('a word of a site’s own profile is placed by what can be done about it', () => {
    expect(placeOfReason({ code: 'paper-low', action: 'refill-hopper' })).toBe('hopper')
  })

  test('only the system error and the call for attention of the DC450 speak of the machine as a whole', () => {
    const troubles = Object.values(dc450.statuses).filter((status) => status.severity !== 'info')
    const unplaced = troubles.filter((status) => placeOfReason({ code: status.reason, action: status.action as 'none' }) === 'machine')
    expect(unplaced.map((status) => status.reason).toSorted()).toEqual(['operator-action-required', 'system-error'])
  })

  test('a void card is spoken of at the output tray, whatever spoiled it', () => {
    expect(placeOfPrompt({ kind: 'void-delivered', reason: { code: 'stripe-module-error', action: 'none' } })).toBe('output-tray')
  })

  test('sheets point into the drawing', () => {
    for (const place of Object.keys(middle) as (keyof typeof middle)[]) expect(anchorOf(place)).toBeGreaterThan(0)
    for (const place of Object.keys(middle) as (keyof typeof middle)[]) expect(anchorOf(place)).toBeLessThan(1)
  })
})

describe('cards inside', () => {
  test('in the practice machine every card is drawn where it is', () => {
    const cards = cardsInside({ picture: picture([{ blank: 'B-1', module: 'embosser', progress: 0.5, waiting: false }]) }, undefined)
    expect(cards).toEqual([{ at: 'module', key: 'B-1', module: 'embosser', x: middle.embosser, certain: true }])
  })

  test('a card moves forward with the progress of its module', () => {
    const at = (progress: number) => cardsInside({ picture: picture([{ blank: 'B-1', module: 'encoder', progress, waiting: false }]) }, undefined)[0]
    expect((at(0.9) as { x: number }).x).toBeGreaterThan((at(0.1) as { x: number }).x)
  })

  test('of a real machine nothing is certain but that the card is inside', () => {
    expect(cardsInside({}, { cards: [card('J-000001/1.1', 'intended')] })).toEqual([{ at: 'somewhere', key: 'J-000001/1.1', doubt: false }])
  })

  test('what only the clock suggests is marked as such; what the machine tells is not', () => {
    const run = { cards: [card('J-000001/1.1', 'intended')] }
    expect(cardsInside({ progress: { module: 'encoder', basis: 'timing' } }, run)).toMatchObject([{ at: 'module', module: 'encoder', certain: false }])
    expect(cardsInside({ progress: { module: 'encoder', basis: 'machine' } }, run)).toMatchObject([{ at: 'module', module: 'encoder', certain: true }])
  })

  test('with two cards in work, progress is of the one sent in last', () => {
    const run = { cards: [card('J-000001/1.1', 'intended'), card('J-000001/2.1', 'intended')] }
    expect(cardsInside({ progress: { module: 'embosser', basis: 'timing' } }, run)).toMatchObject([
      { at: 'somewhere', key: 'J-000001/1.1' },
      { at: 'module', key: 'J-000001/2.1' },
    ])
  })

  test('a card in doubt is nowhere for certain, and a claimed one is not in the machine yet', () => {
    const run = { cards: [card('J-000001/1.1', 'in-doubt'), card('J-000001/2.1', 'claimed')] }
    expect(cardsInside({ progress: { module: 'embosser', basis: 'machine' } }, run)).toEqual([{ at: 'somewhere', key: 'J-000001/1.1', doubt: true }])
  })
})

describe('the working module', () => {
  const device = (view: Partial<DeviceView>) => ({ state: 'processing', ...view }) as DeviceView

  test('is the practice machine’s own while it works, and none while it stands', () => {
    const inside = [{ blank: 'B-1', module: 'topper' as const, progress: 0.2, waiting: false }]
    expect(workingModule(device({ picture: picture(inside) }))).toBe('topper')
    expect(workingModule(device({ picture: picture(inside, 'stopped') }))).toBeUndefined()
  })

  test('is what the driver says of a real one, and none when it is idle', () => {
    expect(workingModule(device({ progress: { module: 'chip', basis: 'timing' } }))).toBe('chip')
    expect(workingModule(device({ state: 'idle', progress: { module: 'chip', basis: 'timing' } }))).toBeUndefined()
  })
})

test('modules that the mode does not use are known', () => {
  expect(isUsed('chip', { carries: ['stripe', 'emboss'], chip: null })).toBe(false)
  expect(isUsed('embosser', { carries: ['stripe', 'emboss'], chip: null })).toBe(true)
  expect(isUsed('hopper', { carries: [], chip: null })).toBe(true)
  expect(isUsed('chip', { carries: ['stripe'], chip: { stations: ['chip'], feed: 'by-command', holds: 1 } })).toBe(true)
})

test('a stack shows nothing for nothing, something for one card, and never more than fits', () => {
  expect(slabs(0, 200, 18)).toBe(0)
  expect(slabs(1, 200, 18)).toBe(1)
  expect(slabs(100, 200, 18)).toBe(9)
  expect(slabs(500, 200, 18)).toBe(18)
})
