/** Handler of one card made in a reader on the desk: what a person would do on five pages, in the same steps and by the same rules. */
import { createHash } from 'node:crypto'
import { calls } from '#shared/contract/calls.ts'
import type { ChipTask } from '#shared/chip/task.ts'
import type { PreparedCard } from '#shared/card/prepared.ts'
import { asCsv, cardNumberOf, deskDesign, deskRecordOf, sameDesign, type DeskRecord } from '#shared/design/desk-design.ts'
import type { CardDesign } from '#shared/design/design.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { parseDesign } from '#shared/design/parse-design.ts'
import { assembleCard } from '#shared/design/render.ts'
import { deskReaderDraft, findDeskReader } from '#shared/device/desk-reader.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { DeviceId, JobId, PersonId } from '#shared/journal/events.ts'
import { readTask } from '../chip/documents.ts'
import type { ScriptLibrary } from '../chip/personalization.ts'
import type { Controller } from '../controller/controller.ts'
import type { Devices } from '../devices/devices.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import { createPreparation } from '../prep/prepare.ts'
import { checkPermission, type Handlers, type Session } from '../transport/dispatch.ts'
import { chipTaskMistakes, failOnMistakes, readDesign, saveDesign } from './designs.ts'
import { isoDate } from './imports.ts'

export interface DeskCardParts {
  store: Store
  clock: Clock
  jobs: Jobs
  devices: Devices
  controller: Pick<Controller, 'start' | 'busy'>
  library: ScriptLibrary
}

export function deskCardHandlers(parts: DeskCardParts): Pick<Handlers, 'chip.makeCard'> {
  const { devices, controller, jobs, library } = parts
  return {
    'chip.makeCard': async ({ reader, number, chip, answers }, { session }) => {
      const { record, applications } = deskRecordOf(number ?? cardNumberOf(chip) ?? '', chip)
      const design = soundDesign(deskDesign(taskOf(library, chip.task), record, applications), library)
      const card = await preparedCard(parts, design, record)
      // Mistakes were told before anything is written.
      keepDesign(parts, design, session)
      const device = await connectedDevice(devices, reader, session.person)
      if (controller.busy(device)) throw new CardwrightError({ code: 'device.busy', class: 'operator', values: { device } })
      const job = importCard(parts, { design: design.id, record, card }, session.person)
      try {
        return { device, job, run: await controller.start({ job, device, answers, by: session.person }) }
      } catch (thrown) {
        // Nothing was begun: a job left behind would hold the card's number.
        jobs.discard(job, session.person)
        throw thrown
      }
    },
  }
}

function taskOf(library: ScriptLibrary, id: string): ChipTask {
  const document = library.document('task', id)
  if (document === undefined) throw new CardwrightError({ code: 'chip.no-document', class: 'operator', values: { document: 'task', id } })
  const read = readTask(document.source)
  if ('mistakes' in read) failOnMistakes(read.mistakes)
  return (read as { task: ChipTask }).task
}

/** Throws every mistake of the design, as `design.save` does. */
function soundDesign(design: CardDesign, library: ScriptLibrary): CardDesign {
  const reading = parseDesign(design)
  if (!reading.ok) throw new CardwrightError(reading.mistakes as never)
  failOnMistakes(chipTaskMistakes(reading.design, library))
  return reading.design
}

/** As an import checks its records: against the design, and that this number was not issued before. */
async function preparedCard({ jobs, clock }: DeskCardParts, design: CardDesign, record: DeskRecord): Promise<PreparedCard> {
  const mistakes: Mistake[] = []
  const issued = (numbers: readonly string[]) => Promise.resolve(jobs.known(numbers).map(({ index }) => index))
  const preparation = createPreparation(design, [...record.keys()], { today: isoDate(clock.now()), issued })
  const [made] = await preparation.prepare([{ line: 1, values: [...record.values()] }], mistakes)
  failOnMistakes([...preparation.columnMistakes, ...mistakes])
  return assembleCard(design, made!.texts)
}

/** A design that stands there already serves whoever makes cards; another one is saved by whoever may design. */
function keepDesign(parts: DeskCardParts, design: CardDesign, session: Session): void {
  const known = parts.store.design(design.id) && readDesign(parts.store, design.id).design
  if (known !== undefined && sameDesign(known, design)) return
  checkPermission(calls['design.save'].permission, session)
  saveDesign(parts, design, session.person)
}

async function connectedDevice(devices: Devices, reader: string, by: PersonId): Promise<DeviceId> {
  const device = findDeskReader(devices.views(), reader)?.device ?? (await devices.save(deskReaderDraft(reader), by))
  await devices.connect(device)
  return device
}

/** A job of one card. Its file is the record that `cardwright chip run` would read. */
function importCard({ jobs, store }: DeskCardParts, { design, record, card }: { design: string; record: DeskRecord; card: PreparedCard }, by: PersonId): JobId {
  const { stored } = readDesign(store, design)
  const order = jobs.startImport({ name: stored.name, design: stored, fileName: `${design}.csv` })
  try {
    order.add([card])
    return order.commit(createHash('sha256').update(asCsv(record)).digest('hex'), by).job
  } catch (thrown) {
    order.abandon()
    throw thrown
  }
}
