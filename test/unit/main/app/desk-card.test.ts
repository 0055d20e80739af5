/** One card made in a reader on the desk, through the whole core: the reader is a practice station, everything else is real. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scaledClock, systemClock } from '#drivers/clock/system-clock.ts'
import { createCard } from '#drivers/virtual-card/cards.ts'
import { createPracticeStation } from '#drivers/virtual-card/station.ts'
import type { PracticeStation } from '#drivers/virtual-card/station.ts'
import { openWorkspace } from '#main/shell/compose.ts'
import { demoPeople, signIn } from '#main/shell/demo-workspace.ts'
import type { Core } from '#main/transport/core.ts'
import type { LiveState } from '#shared/contract/live.ts'
import { applyChange } from '#shared/contract/live.ts'
import type { PreparedChip } from '#shared/chip/prepared-chip.ts'
import { cardNumberOf } from '#shared/design/desk-design.ts'

const reader = 'Desk reader 00'
let folder: string
let core: Core
let station: PracticeStation
let as: Awaited<ReturnType<typeof signIn>>
let chip: PreparedChip
let number: string
let live: LiveState
let watchers: (() => void)[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cardwright-desk-'))
  // The station's minutes are shorter than ours.
  station = createPracticeStation({ name: reader, clock: scaledClock(systemClock, () => 1000) })
  const readers = { list: () => Promise.resolve([{ name: reader, state: station.state().state }]), station: () => station }
  core = await openWorkspace({ folder, host: 'cli', demo: true, readers })
  as = await signIn(core, 'administrator')
  const administrator = demoPeople.find(({ role }) => role === 'administrator')!
  const signed = await core.call('session.signIn', { name: administrator.name, password: administrator.password }, { host: 'cli' })
  if (!signed.ok) throw new Error('nobody can sign in')
  core.listen((signed.value as { token: string }).token, (message) => {
    if (message.type === 'snapshot') live = message.state
    if (message.type === 'delta') live = message.changes.reduce(applyChange, live)
    for (const watch of watchers) watch()
  })
  chip = await as('chip.sampleData', { design: 'chip-debit-card' })
  number = cardNumberOf(chip)!
})

afterAll(async () => {
  await core.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Resolves as soon as the live state fulfils `holds`. */
function until(holds: (state: LiveState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const watch = () => {
      if (!holds(live)) return
      watchers = watchers.filter((other) => other !== watch)
      resolve()
    }
    watchers.push(watch)
    watch()
  })
}

const refusal = (code: string) => expect.objectContaining({ faults: expect.arrayContaining([expect.objectContaining({ code })]) as unknown })

describe('one card in a reader on the desk', () => {
  test('is refused with every mistake before anything is written', async () => {
    const { jobs, devices } = live
    await expect(as('chip.makeCard', { reader, number, chip })).rejects.toEqual(refusal('data.already-issued'))
    await expect(as('chip.makeCard', { reader, number: '4000009900000002', chip })).rejects.toEqual(refusal('data.chip-number-differs'))
    await expect(as('chip.makeCard', { reader, number, chip: { ...chip, task: 'no-such' } })).rejects.toEqual(refusal('chip.no-document'))
    await expect(as('chip.makeCard', { reader, number, chip: { ...chip, applications: chip.applications.slice(1) } })).rejects.toEqual(refusal('design.chip-application-missing'))
    expect(live.jobs).toEqual(jobs)
    expect(live.devices).toEqual(devices)
    expect((await as('design.list', {})).map(({ design }) => design)).not.toContain('desk-emv-debit')
  })

  test('takes whoever makes cards, and whoever designs where its design is new', async () => {
    // Its own job would make this card too.
    await as('job.discard', { job: live.jobs.find(({ design }) => design === 'chip-debit-card')!.job })
    const operator = await signIn(core, 'operator')
    await expect(operator('chip.makeCard', { reader, number, chip })).rejects.toEqual(refusal('call.forbidden'))
    const designer = await signIn(core, 'designer')
    await expect(designer('chip.makeCard', { reader, number, chip })).rejects.toEqual(refusal('call.forbidden'))
  })

  test('is made, checked and journaled as a job of one card on the device of its reader', async () => {
    station.insert(createCard('gp-scp02-55', { seed: 77, baudRate: 115_200 }))
    const { device, job, run } = await as('chip.makeCard', { reader, chip })
    await until(({ runs }) => runs.some((view) => view.run === run && view.state === 'ended'))
    expect(live.runs.find((view) => view.run === run)).toMatchObject({ job, device, ended: { good: 1, rejected: 0 } })
    expect(live.devices.find((view) => view.device === device)).toMatchObject({ link: { kind: 'reader' }, name: reader, connection: 'online' })
    expect(live.jobs.find((view) => view.job === job)).toMatchObject({ design: 'desk-emv-debit', counts: { records: 1, good: 1 } })
    const { rows } = await as('log.query', { filter: { job }, offset: 0, limit: 10 })
    expect(rows).toMatchObject([{ state: 'good', device }])
    await expect(as('chip.makeCard', { reader, number, chip })).rejects.toEqual(refusal('data.already-issued'))
  })

  test('needs no designer once its design is there', async () => {
    const other = '4000009900009999'
    const groupsOf = (groups: PreparedChip['applications'][number]['groups']) => groups.map((group) => (group.secret ? group : { ...group, value: group.value.replaceAll(number, other) }))
    const next: PreparedChip = { ...chip, applications: chip.applications.map((application) => ({ ...application, groups: groupsOf(application.groups) })) }
    station.remove()
    station.insert(createCard('gp-scp02-55', { seed: 78, baudRate: 115_200 }))
    const operator = await signIn(core, 'operator')
    const { device, run } = await operator('chip.makeCard', { reader, number: other, chip: next })
    await until(({ runs }) => runs.some((view) => view.run === run && view.state === 'ended'))
    expect(live.runs.find((view) => view.run === run)).toMatchObject({ ended: { good: 1 } })
    expect(live.devices.filter(({ link }) => link.kind === 'reader').map((view) => view.device)).toEqual([device])
    expect((await as('design.list', {})).find(({ design }) => design === 'desk-emv-debit')).toMatchObject({ revision: 1 })
  })
})
