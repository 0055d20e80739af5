/** Comma-separated values by RFC 4180, safe to open in a spreadsheet. */

/** Begins a file in UTF-8 for spreadsheets, which otherwise take it for their country's old code page. */
const byteOrderMark = '\u{FEFF}'

/** Lines end with CR LF (RFC 4180 section 2.1); the first row holds the headings. */
export function toCsv(rows: Iterable<readonly (string | number)[]>): string {
  let text = byteOrderMark
  for (const row of rows) text += `${row.map(cell).join(',')}\r\n`
  return text
}

/**
 * Quotes where the format asks for it (section 2.6). A text that a spreadsheet would take for a formula gets an
 * apostrophe in front: a name such as `=HYPERLINK(…)` stays a name. Numbers are written by us and left alone.
 */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = /^[\s\p{Cc}]*[=+\-@＝＋－＠|%]/u.test(value) || /^[\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n\t]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}
