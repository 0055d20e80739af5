/** Plain tables for terminals: columns as wide as their widest cell, numbers to the right. */

export interface TextColumn<Row> {
  heading: string
  right?: boolean
  cell(row: Row): string
}

export function textTable<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string {
  const cells = [columns.map(({ heading }) => heading), ...rows.map((row) => columns.map(({ cell }) => cell(row)))]
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column]!))))
  const lines = cells.map((row) => row.map((cell, column) => pad(cell, widths[column]!, columns[column]!.right === true)).join('  ').trimEnd())
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '))
  return lines.join('\n')
}

/** Characters as a terminal places them: marks that stand over a letter take no place of their own. */
function widthOf(text: string): number {
  return [...text.replace(/\p{M}/gu, '')].length
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(width - widthOf(text))
  return right ? space + text : text + space
}
