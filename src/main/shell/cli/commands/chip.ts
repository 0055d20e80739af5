/** Chips without an embosser: which tasks and readers there are, and one card in a reader on the desk. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { ChipDocumentSummary, ChipReaderView } from '#shared/contract/chip-calls.ts'
import type { LiveState } from '#shared/contract/live.ts'
import { ChipTask } from '#shared/chip/task.ts'
import { asCsv, deskDesign, sameDesign, type DeskRecord } from '#shared/design/desk-design.ts'
import { deskReaderDraft, findDeskReader } from '#shared/device/desk-reader.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { DeviceId, JobId } from '#shared/journal/events.ts'
import type { Core } from '../../../transport/core.ts'
import type { Client } from '../../client.ts'
import { deskApplications, readDeskRecord } from '../../desk-record.ts'
import { Ending, exitCode, faultLines } from '../report.ts'
import { type Setting, type SignInOptions, stateNow, withSession } from '../setting.ts'
import { textTable } from '../table.ts'
import { produce, settleQuestions } from './produce.ts'

export function listTasks(setting: Setting, { json = false, ...signIn }: SignInOptions & { json?: boolean }): Promise<void> {
  return withSession(setting, signIn, async (client) => {
    const { words, terminal } = setting
    const documents = await client.call('chip.documents', {})
    const tasks = documents.filter(({ document }) => document === 'task')
    if (json) return terminal.print(JSON.stringify(tasks, undefined, 2))
    const columns = [
      { heading: words.say('cli.column.task'), cell: ({ id }: ChipDocumentSummary) => id },
      { heading: words.say('cli.column.name'), cell: ({ name }: ChipDocumentSummary) => name },
      { heading: words.say('cli.column.revision'), right: true, cell: ({ revision }: ChipDocumentSummary) => (revision === 0 ? words.say('cli.chip.as-shipped') : String(revision)) },
    ]
    terminal.print(textTable(columns, tasks))
  })
}

export function listReaders(setting: Setting, { json = false, ...signIn }: SignInOptions & { json?: boolean }): Promise<void> {
  return withSession(setting, signIn, async (client) => {
    const { words, terminal } = setting
    const readers = await client.call('chip.readers', {})
    if (json) return terminal.print(JSON.stringify(readers, undefined, 2))
    if (readers.length === 0) return terminal.print(words.say('cli.chip.no-readers'))
    const columns = [
      { heading: words.say('cli.column.reader'), cell: ({ name }: ChipReaderView) => name },
      { heading: words.say('cli.column.reader-state'), cell: ({ state }: ChipReaderView) => words.say(`cli.reader-state.${state}`) },
      { heading: 'ATR', cell: ({ atr }: ChipReaderView) => atr ?? '' },
    ]
    terminal.print(textTable(columns, readers))
  })
}

export interface ChipRunOptions extends SignInOptions {
  reader: string
  /** JSON or CSV with one card. */
  record: string
  /** Name of the key that wraps the record's secrets; the store's only transport key where absent. */
  transport?: string
  onPrompt?: 'ask' | 'stop'
}

/** Makes one chip in a reader on the desk: an attempt of a job of one card, journaled like any other. */
export function runChip(setting: Setting, task: string, { reader, record: file, transport, onPrompt, ...signIn }: ChipRunOptions): Promise<void> {
  if (!existsSync(file)) throw new CardwrightError({ code: 'cli.no-file', class: 'operator', values: { file } })
  const record = readDeskRecord(basename(file), readFileSync(file, 'utf8'))
  const { terminal, words } = setting
  const asks = (onPrompt ?? (terminal.interactive ? 'ask' : 'stop')) === 'ask'
  return withSession(setting, signIn, async (client, core) => {
    const device = await deskDevice(client, reader)
    const questions = { device: device.device, asks, practice: false }
    await settleQuestions(setting, client, questions)
    const design = await saveDeskDesign(client, task, record, transport)
    const job = await importRecord(setting, client, core, { design, device: device.device, file, record })
    if (device.connection !== 'online') await client.call('device.connect', { device: device.device })
    const { ended } = await produce(setting, client, job, questions)
    if (ended.good === 1) {
      await client.call('job.close', { job })
      return terminal.print(words.say('cli.chip.done', { job }))
    }
    terminal.complain(words.say('cli.chip.not-done', { job }))
    throw new Ending(exitCode.refused)
  })
}

/** The device of this reader; made where there is none. */
async function deskDevice(client: Client, reader: string): Promise<LiveState['devices'][number]> {
  const found = findDeskReader((await stateNow(client)).devices, reader)
  if (found !== undefined) return found
  const { device } = await client.call('device.save', deskReaderDraft(reader))
  const { devices } = await stateNow(client)
  return devices.find((view) => view.device === device)!
}

/** Saves the design that this task and record need, unless it stands there already: an operator can then use it too. */
async function saveDeskDesign(client: Client, task: string, record: DeskRecord, wanted: string | undefined): Promise<string> {
  const { source } = await client.call('chip.document', { document: 'task', id: task })
  const transports = (await client.call('chip.keys', {})).filter(({ purpose }) => purpose === 'transport')
  const transport = wanted ?? (transports.length === 1 ? transports[0]!.name : undefined)
  const chipTask = ChipTask.parse(JSON.parse(source))
  const design = deskDesign(chipTask, record, deskApplications(chipTask, record, transport))
  const known = await client.call('design.list', {})
  const saved = known.some(({ design: id }) => id === design.id) ? await client.call('design.get', { design: design.id }) : undefined
  if (saved === undefined || !sameDesign(saved, design)) await client.call('design.save', { design })
  return design.id
}

interface RecordImport {
  design: string
  device: DeviceId
  file: string
  record: DeskRecord
}

async function importRecord({ words, terminal }: Setting, client: Client, core: Core, { design, device, file, record }: RecordImport): Promise<JobId> {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-record-'))
  try {
    const path = join(folder, 'record.csv')
    writeFileSync(path, asCsv(record), { mode: 0o600 })
    const target = { upload: core.addUpload({ path, name: basename(file) }), design, device }
    const { options } = await client.call('intake.preview', target)
    const imported = await client.call('intake.import', { ...target, options, name: basename(file) })
    if (imported.accepted) return imported.job
    for (const line of faultLines(words, imported.mistakes)) terminal.complain(line)
    throw new Ending(exitCode.found)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
