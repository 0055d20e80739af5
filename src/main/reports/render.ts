/** Reports as files, in the format and the language that were asked for. */
import type { FileView, ReportFormat } from '#shared/contract/calls.ts'
import { CardwrightError } from '#shared/faults.ts'
import { toCsv } from './csv.ts'
import { logDocument, protocolDocument } from './documents.ts'
import type { LogExport, Protocol } from './protocol.ts'
import { csvRows } from './table.ts'
import type { Words } from './words.ts'

const mediaTypes: Record<ReportFormat, string> = { csv: 'text/csv; charset=utf-8', json: 'application/json', pdf: 'application/pdf' }

/** Blanks that a PDF can hold: laying out a page takes its time, and nobody reads more on paper. */
const mostPrinted = 5_000

/** Throws `report.too-long` where a PDF would have too many pages. */
export async function renderProtocol(protocol: Protocol, format: ReportFormat, words: Words): Promise<FileView> {
  const bytes = await renderAs(format, protocol.attempts.length, {
    csv: () => toCsv(csvRows(words, protocol.attempts)),
    json: () => JSON.stringify(protocolDocument(protocol), undefined, 2),
    pdf: async () => (await printing()).printProtocol(words, protocol),
  })
  return file(`protocol-${protocol.job.job}`, format, bytes)
}

/** Throws `report.too-long` where a PDF would have too many pages. */
export async function renderLog(log: LogExport, format: ReportFormat, words: Words): Promise<FileView> {
  const bytes = await renderAs(format, log.attempts.length, {
    csv: () => toCsv(csvRows(words, log.attempts)),
    json: () => JSON.stringify(logDocument(log), undefined, 2),
    pdf: async () => (await printing()).printLog(words, log),
  })
  const day = words.time(log.madeAt).slice(0, 10)
  return file(log.job === undefined ? `card-log-${day}` : `card-log-${log.job}`, format, bytes)
}

/** The page layout is large and seldom needed: it is loaded when somebody prints, not when the program starts. */
const printing = () => import('./print.ts')

interface Renderers {
  csv(): string
  json(): string
  pdf(): Promise<Uint8Array>
}

async function renderAs(format: ReportFormat, rows: number, renderers: Renderers): Promise<Uint8Array> {
  if (format !== 'pdf') return Buffer.from(renderers[format]())
  if (rows > mostPrinted) throw new CardwrightError({ code: 'report.too-long', class: 'operator', values: { limit: mostPrinted, rows } })
  return renderers.pdf()
}

function file(name: string, format: ReportFormat, bytes: Uint8Array): FileView {
  return { name: `${name}.${format}`, mediaType: mediaTypes[format], base64: Buffer.from(bytes).toString('base64') }
}
