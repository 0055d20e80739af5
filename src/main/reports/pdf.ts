/** The frame of every printed report: paper, type, headings on each page, tables that repeat their heads. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pdfmake from 'pdfmake'
import type { Content, CustomTableLayout, Table, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Words } from './words.ts'

const fonts = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto')

pdfmake.setFonts({
  Roboto: {
    normal: join(fonts, 'Roboto-Regular.ttf'),
    bold: join(fonts, 'Roboto-Medium.ttf'),
    italics: join(fonts, 'Roboto-Italic.ttf'),
    bolditalics: join(fonts, 'Roboto-MediumItalic.ttf'),
  },
})
// A report loads nothing but its letters.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => path.startsWith(fonts))

/** Points from the left and right edges. */
const margin = 42
const grey = '#52585c'
const line = '#c4c9cc'

/** Lines under the heads and between the rows; the first of `headRows` rows may be the section's heading. */
function lined(headRows: number): CustomTableLayout {
  return {
    hLineWidth: (row, node) => (row < headRows || row === node.table.body.length ? 0 : row === headRows ? 0.8 : 0.3),
    vLineWidth: () => 0,
    hLineColor: (row) => (row === headRows ? grey : line),
    paddingLeft: (column) => (column === 0 ? 0 : 4),
    paddingRight: () => 0,
    paddingTop: () => 2,
    paddingBottom: () => 2,
  }
}

export interface Report {
  title: string
  subtitle: string
  /** Stands at the foot of every page. */
  foot: string
  landscape?: boolean
  madeAt: number
  content: Content[]
}

export async function toPdf(words: Words, { title, subtitle, foot, landscape = false, madeAt, content }: Report): Promise<Uint8Array> {
  const small = { fontSize: 7, color: grey }
  const definition: TDocumentDefinitions = {
    pageSize: 'A4',
    pageOrientation: landscape ? 'landscape' : 'portrait',
    pageMargins: [margin, 52, margin, 46],
    language: words.language,
    info: { title, subject: subtitle, creator: 'Cardwright', producer: 'Cardwright', creationDate: new Date(madeAt), modDate: new Date(madeAt) },
    defaultStyle: { font: 'Roboto', fontSize: 8, lineHeight: 1.15 },
    header: (page) =>
      page === 1 ? null : { margin: [margin, 26, margin, 0], columns: [{ text: title, ...small }, { text: subtitle, alignment: 'right', ...small }] },
    footer: (page, pages) => ({
      margin: [margin, 14, margin, 0],
      columns: [
        { text: foot, ...small },
        { text: words.say('report.page', { page, pages }), width: 60, alignment: 'right', ...small },
      ],
    }),
    content: [{ text: title, fontSize: 17, bold: true }, { text: subtitle, fontSize: 10, color: grey, margin: [0, 2, 0, 6] }, ...content],
  }
  return pdfmake.createPdf(definition).getBuffer()
}

const headingStyle = { fontSize: 11, bold: true, margin: [0, 12, 0, 2] as [number, number, number, number] }

/** A heading and a few lines, never torn apart. */
export function section(heading: string, ...content: Content[]): Content {
  return { stack: [{ text: heading, ...headingStyle }, ...content], unbreakable: true }
}

export interface PrintColumn<Row> {
  heading: string
  /** Points, `*` for a share of what is left, `auto` for as much as it needs. */
  width: number | '*' | 'auto'
  number?: boolean
  cell(row: Row): string
}

/**
 * A table whose heads come again on every page, and whose rows are not broken. Its heading is a row of the heads: so it
 * never stays behind alone at the foot of a page.
 */
export function table<Row>(heading: string | undefined, columns: readonly PrintColumn<Row>[], rows: readonly Row[]): Content {
  const heads = columns.map((column): TableCell => ({ text: column.heading, bold: true, fontSize: 7, color: grey, alignment: column.number ? 'right' : 'left' }))
  const body = rows.map((row) =>
    columns.map(({ cell, number }): TableCell => ({ text: cell(row), fontSize: 7.5, alignment: number ? 'right' : 'left' })),
  )
  const title: TableCell = { text: heading ?? '', ...headingStyle, colSpan: columns.length }
  const headRows = heading === undefined ? [heads] : [[title, ...columns.slice(1).map(() => '')], heads]
  const content: Table = {
    headerRows: headRows.length,
    keepWithHeaderRows: 1,
    dontBreakRows: true,
    widths: columns.map(({ width }) => width),
    body: [...headRows, ...body],
  }
  return { table: content, layout: lined(headRows.length) }
}

/** Names and values, one beneath the other. */
export function facts(pairs: readonly (readonly [name: string, value: string])[]): Content {
  const body = pairs.map(([name, value]): TableCell[] => [{ text: name, color: grey }, { text: value }])
  return { table: { widths: [92, '*'], body }, layout: { ...lined(0), hLineWidth: () => 0, paddingTop: () => 1, paddingBottom: () => 1 } }
}

/** Counts in a row, each with its word beneath. */
export function counts(items: readonly { count: string; word: string }[]): Content {
  return {
    columns: items.map(({ count, word }) => ({ stack: [{ text: count, fontSize: 15, bold: true }, { text: word, color: grey, fontSize: 7 }] })),
    columnGap: 8,
  }
}

/** A hash in groups of eight, so that it breaks where eyes can find it again. */
export function hash(value: string): Content {
  return { text: value.replace(/(.{8})(?=.)/g, '$1 '), fontSize: 7.5, margin: [0, 2, 0, 4] }
}

export function note(text: string): Content {
  return { text, color: grey, margin: [0, 2, 0, 0] }
}

/** Lines to sign on, side by side. */
export function signatures(words: Words, names: readonly string[]): Content {
  const columns = names.map((name) => ({
    stack: [
      { text: name, margin: [0, 0, 0, 26] as [number, number, number, number] },
      { canvas: [{ type: 'line' as const, x1: 0, y1: 0, x2: 220, y2: 0, lineWidth: 0.6, lineColor: grey }] },
      { text: words.say('report.sign.line'), fontSize: 7, color: grey, margin: [0, 2, 0, 0] as [number, number, number, number] },
    ],
  }))
  return { columns, columnGap: 24 }
}
