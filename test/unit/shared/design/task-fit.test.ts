/** A design and its chip task: what the task asks for and the design does not bring is found before there is a card. */
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ChipTask } from '#shared/chip/task.ts'
import { CardDesign, type DesignApplication } from '#shared/design/design.ts'
import { taskMistakes } from '#shared/design/task-fit.ts'

const secret = { under: 'kek', mode: 'ecb', padding: 'none' } as const

const task = (more: Partial<ChipTask> = {}): ChipTask => ({
  cardwright: 'chip-task',
  version: 1,
  id: 'debit',
  name: { en: 'Debit', ru: 'Дебет' },
  card: { serial: { from: 'nothing' } },
  applications: [
    {
      application: 'payment', scapp: 'emv-cps', parameters: {}, keys: {}, open: [], verify: [],
      template: [{ group: '0101', required: true, secret: false }, { group: '8000', required: true, secret: true }, { group: '0203', required: false, secret: false }],
    },
    { application: 'extra', scapp: 'emv-cps', parameters: {}, keys: {}, open: [], verify: [], template: [{ group: '0101', required: false, secret: false }] },
  ],
  ...more,
})

const judged = (applications: DesignApplication[], of: ChipTask | undefined = task()) => taskMistakes({ task: 'debit', applications }, of).map(({ code, place }) => `${code} ${place}`)

const record = { group: '0101', bytes: "'00'" }
const keys = { group: '8000', bytes: "'0000000000000000'", secret }

test('what the task asks for is brought, as groups or in a stream', () => {
  expect(judged([{ application: 'payment', groups: [record, keys] }])).toEqual([])
  expect(judged([{ application: 'payment', groups: [], groupings: 'emv', secretGroupings: [{ ...secret, groups: ['8000'] }] }])).toEqual([])
})

test('a task that there is not, applications on one side only', () => {
  expect(taskMistakes({ task: 'debit', applications: [] }, undefined)).toMatchObject([{ code: 'design.chip-no-task', place: 'chip.task', values: { task: 'debit' } }])
  expect(judged([{ application: 'purse', groups: [record] }])).toEqual(['design.chip-no-application chip.applications[0]', 'design.chip-application-missing chip.applications'])
})

test('groups that are missing, may be missing, or are as open or secret as the task does not take them', () => {
  expect(judged([{ application: 'payment', groups: [{ ...record, optional: true }] }])).toEqual(['design.chip-group-optional chip.applications[0].groups[0]', 'design.chip-group-missing chip.applications[0]'])
  expect(judged([{ application: 'payment', groups: [{ ...record, secret }, { group: '8000', bytes: "'00'" }] }])).toEqual([
    'design.chip-group-secret chip.applications[0].groups[0]',
    'design.chip-group-plain chip.applications[0].groups[1]',
  ])
  expect(judged([{ application: 'payment', groups: [], groupings: 'emv' }])).toEqual(['design.chip-group-plain chip.applications[0].secretGroupings'])
})

test('an extension module may still bring the groups', () => {
  const extended = task({ extension: { module: 'bureau', parameters: {} } })
  expect(judged([{ application: 'payment', groups: [record] }], extended)).toEqual([])
  expect(judged([{ application: 'purse', groups: [record] }], extended)).toEqual(['design.chip-no-application chip.applications[0]'])
})

test('the designs that ship fit the tasks that ship', () => {
  const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
  const designs = readdirSync('assets/templates').map((name) => CardDesign.parse(read(`assets/templates/${name}`)))
  const chips = designs.flatMap(({ chip }) => chip ?? [])
  expect(chips.length).toBeGreaterThan(0)
  for (const chip of chips) expect(taskMistakes(chip, ChipTask.parse(read(`assets/tasks/${chip.task}.json`)))).toEqual([])
})
