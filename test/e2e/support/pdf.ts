/** The text of a PDF as a reader would copy it: content streams through each font's ToUnicode map (ISO 32000-1, 9.10). */
import { inflateSync } from 'node:zlib'

/** Words in the order in which they were set, one space between them. Knows what pdfmake writes, not every PDF. */
export function textOfPdf(file: Buffer): string {
  const objects = objectsOf(file)
  const maps = fontMaps(objects)
  const pages = [...objects.values()].filter(({ stream }) => stream !== undefined && /\bTf\b/.test(stream))
  return pages.map(({ stream = '' }) => textOfContent(stream, maps).replaceAll(/\s+/g, ' ')).join('\n')
}

interface PdfObject {
  dictionary: string
  stream?: string
}

function objectsOf(file: Buffer): Map<string, PdfObject> {
  const text = file.toString('latin1')
  const objects = new Map<string, PdfObject>()
  for (const match of text.matchAll(/(\d+) 0 obj\n([\s\S]*?)endobj/g)) {
    const [, number = '', body = ''] = match
    const at = body.indexOf('stream\n')
    if (at < 0) {
      objects.set(number, { dictionary: body })
      continue
    }
    const dictionary = body.slice(0, at)
    const bytes = Buffer.from(body.slice(at + 'stream\n'.length, body.lastIndexOf('endstream')), 'latin1')
    const deflated = dictionary.includes('/FlateDecode')
    // Fonts and pictures are of no interest, and not all of them are text.
    objects.set(number, { dictionary, stream: (deflated ? inflateSync(bytes) : bytes).toString('latin1') })
  }
  return objects
}

/** From a font's name in the contents, such as `F1`, to its glyphs' characters. */
function fontMaps(objects: Map<string, PdfObject>): Map<string, Map<string, string>> {
  const maps = new Map<string, Map<string, string>>()
  for (const { dictionary } of objects.values()) {
    for (const [, name = '', number = ''] of dictionary.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const toUnicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(number)?.dictionary ?? '')?.[1]
      if (toUnicode !== undefined) maps.set(name, glyphsOf(objects.get(toUnicode)?.stream ?? ''))
    }
  }
  return maps
}

function glyphsOf(map: string): Map<string, string> {
  const glyphs = new Map<string, string>()
  for (const [, ranges = ''] of map.matchAll(/beginbfrange\n([\s\S]*?)endbfrange/g)) {
    for (const [, first = '0', list = ''] of ranges.matchAll(/<([\da-f]+)> <[\da-f]+> \[([^\]]*)\]/gi)) {
      // A ligature stands for several characters: `<0066 0069>`.
      const values = [...list.matchAll(/<([^>]*)>/g)].map(([, value = '']) => value.replaceAll(' ', ''))
      values.forEach((value, index) => glyphs.set((Number.parseInt(first, 16) + index).toString(16).padStart(4, '0'), characters(value)))
    }
  }
  return glyphs
}

function characters(hex: string): string {
  return (hex.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(Number.parseInt(unit, 16))).join('')
}

function textOfContent(content: string, maps: Map<string, Map<string, string>>): string {
  let glyphs: Map<string, string> | undefined
  let text = ''
  for (const [, font, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (font !== undefined) glyphs = maps.get(font)
    for (const [, run = ''] of (shown ?? '').matchAll(/<([\da-f]*)>/gi)) {
      text += (run.match(/.{4}/g) ?? []).map((glyph) => glyphs?.get(glyph.toLowerCase()) ?? '').join('')
    }
    if (shown !== undefined) text += ' '
  }
  return text
}
