import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  encodeCard, encodeFormat, encodeMotion, encodeQuestion, encodeReply, fromBytes, HostFrameReader, parseFormat, parseFunctions, parseTracks,
  plainFraming, ReplyReader, toBytes, type CardData, type CardFormat, type Framing, type HostEvent, type ReplyEvent,
} from '#drivers/cpx/codec.ts'
import { CardwrightError } from '#shared/faults.ts'

const numbered: Framing = { ...plainFraming, recordNumber: true }
const template: Framing = { ...plainFraming, form: 'template' }

const classicFormat = (firstStart: number, lines: [number, number, number][], otherStart?: number): CardFormat => ({
  form: 'classic',
  firstStart,
  ...(otherStart === undefined ? {} : { otherStart }),
  lines: lines.map(([line, font, y]) => ({ line, font, y })),
})

/** The bytes in pieces, cut wherever the line happens to cut them. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((left, right) => left - right)
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length))
}

function hear(bytes: Uint8Array, cuts: readonly number[] = []): HostEvent[] {
  const reader = new HostFrameReader()
  return pieces(bytes, cuts).flatMap((piece) => reader.push(piece))
}

function onlyFrame(events: HostEvent[]) {
  expect(events).toHaveLength(1)
  const event = events[0]
  if (event?.kind !== 'frame') throw new Error(`not a frame: ${JSON.stringify(event)}`)
  return event.frame
}

describe('the frames seen in production, byte for byte', () => {
  test('a format with one start', () => {
    expect(fromBytes(encodeFormat(classicFormat(400, [[1, 1, 1550], [2, 1, 1400], [9, 1, 350]]), plainFraming))).toBe(
      '#DCL#080400 1#FC1#1550 2#FC1#1400 9#FC1#0350#END#@@@@@@',
    )
  })

  test('a format with two starts and a record number', () => {
    expect(fromBytes(encodeFormat(classicFormat(401, [[1, 2, 843], [2, 1, 489], [3, 1, 332]], 401), numbered, 1))).toBe(
      '000001#DCL#0804010401 1#FC2#0843 2#FC1#0489 3#FC1#0332#END#@@@@@@',
    )
  })

  test('a card with two tracks', () => {
    const card: CardData = { lines: ['4000 0012 3456 7899', '    12/27', 'JOHN DOE'], tracks: { track1: 'B...', track2: '...' } }
    expect(fromBytes(encodeCard(card, numbered, 1))).toBe(
      '000001#DCC#4000 0012 3456 7899"    12/27"JOHN DOE"#ENC#%B...?;...?#END#@@@@@@',
    )
  })

  test('the template form', () => {
    const rows = [{ font: 2, x: 401, y: 843 }, { font: 1, x: 600, y: 489 }, { font: 1, x: 250, y: 332 }, { font: 3, x: 1547, y: 1168 }]
    expect(fromBytes(encodeFormat({ form: 'template', template: 0, rows }, template))).toBe(
      '#DCL##GTW#0"\n' +
        '0004,0002,0401,0843,0000,0000,0000,0000,0000,"\n' +
        '0004,0001,0600,0489,0000,0000,0000,0000,0000,"\n' +
        '0004,0001,0250,0332,0000,0000,0000,0000,0000,"\n' +
        '0004,0003,1547,1168,0000,0000,0000,0000,0000,"\n' +
        '#END#@@@@@@',
    )
    expect(fromBytes(encodeCard({ lines: ['number', 'expiry', 'name', 'back'], compareTrack2: 'track2' }, template))).toBe(
      '#DCC##CMP#;track2?#GRD#0"\nnumber"\nexpiry"\nname"\nback"\n#END#@@@@@@',
    )
  })

  test('a line of an exchange file', () => {
    const frame = onlyFrame(hear(toBytes('#DCC##EMB#number"name"company"#ENC#;t2?#END#@@@@@@\r\n')))
    expect(parseFunctions(frame.body)).toEqual([
      { name: 'EMB', lines: ['number', 'name', 'company'] },
      { name: 'ENC', tracks: { track2: 't2' } },
    ])
  })

  test('commands and questions', () => {
    expect(fromBytes(encodeMotion('TRK', plainFraming))).toBe('#DCC##TRK##END#@@@@@@')
    expect(fromBytes(encodeQuestion('VER', { ...numbered, commandLineEnd: true }))).toBe('000000#DCC##VER##END#@\r\n')
  })
})

describe('whatever the host writes, the machine reads', () => {
  const text = fc.stringMatching(/^[ !$-?A-~]{0,30}$/)
  const track = fc.stringMatching(/^[0-9A-Z^=.]{1,40}$/)
  const cuts = fc.array(fc.nat(), { maxLength: 6 })
  const framing = fc.record({
    form: fc.constantFrom('classic' as const, 'template' as const),
    recordNumber: fc.boolean(),
    commandLineEnd: fc.boolean(),
    lineEnd: fc.constantFrom('lf' as const, 'cr-lf' as const),
    embossToken: fc.boolean(),
    terminators: fc.record({ format: fc.integer({ min: 1, max: 6 }), card: fc.integer({ min: 1, max: 6 }), motion: fc.integer({ min: 1, max: 6 }), question: fc.integer({ min: 1, max: 6 }) }),
  }).map((choices): Framing => ({ ...plainFraming, ...choices }))
  const tracks = fc.record({ track1: track, track2: track, track3: track }, { requiredKeys: [] })
  const card = fc.record(
    { lines: fc.array(text, { minLength: 1, maxLength: 11 }), tracks, compareTrack2: track, copies: fc.integer({ min: 1, max: 999 }) },
    { requiredKeys: ['lines', 'tracks'] },
  )
  const mil = fc.integer({ min: 0, max: 9999 })
  const classic = fc.record(
    {
      form: fc.constant('classic' as const), firstStart: mil, otherStart: mil, indentShift: mil,
      lines: fc.array(fc.record({ line: fc.integer({ min: 1, max: 15 }), font: fc.integer({ min: 1, max: 15 }), y: mil }), { minLength: 1, maxLength: 11 }),
    },
    { requiredKeys: ['form', 'firstStart', 'lines'] },
  )
  const rows = fc.record({
    form: fc.constant('template' as const),
    template: fc.nat({ max: 9 }),
    rows: fc.array(fc.record({ font: fc.integer({ min: 1, max: 15 }), x: mil, y: mil }), { minLength: 1, maxLength: 11 }),
  })

  test('card data', () => {
    fc.assert(
      fc.property(framing, card, cuts, fc.nat({ max: 999_999 }), (choices, data, where, record) => {
        const frame = onlyFrame(hear(encodeCard(data, choices, record), where))
        expect(frame.head).toBe('DCC')
        expect(frame.record).toBe(choices.recordNumber ? record : undefined)
        const functions = parseFunctions(frame.body)
        const lines = functions?.find((candidate) => candidate.name === 'EMB' || candidate.name === 'GRD')
        expect(lines).toMatchObject({ lines: data.lines, name: choices.form === 'classic' ? 'EMB' : 'GRD' })
        expect(functions?.find(({ name }) => name === 'ENC')).toEqual(
          Object.keys(data.tracks).length === 0 ? undefined : { name: 'ENC', tracks: data.tracks },
        )
        expect(functions?.find(({ name }) => name === 'CMP')).toEqual(data.compareTrack2 === undefined ? undefined : { name: 'CMP', track2: data.compareTrack2 })
        expect(functions?.find(({ name }) => name === 'REP')).toEqual(data.copies === undefined ? undefined : { name: 'REP', copies: data.copies })
      }),
    )
  })

  test('card formats', () => {
    fc.assert(
      fc.property(framing, fc.oneof(classic, rows), cuts, (choices, format, where) => {
        const frame = onlyFrame(hear(encodeFormat(format, choices), where))
        expect(frame.head).toBe('DCL')
        expect(parseFormat(frame.body)).toEqual(format)
      }),
    )
  })

  test('enquiries between frames, whatever the cut', () => {
    fc.assert(
      fc.property(framing, card, cuts, (choices, data, where) => {
        const bytes = Uint8Array.of(5, ...encodeCard(data, choices), 5, ...encodeQuestion('VER', choices), 5)
        expect(hear(bytes, where).map(({ kind }) => kind)).toEqual(['enquiry', 'frame', 'enquiry', 'frame', 'enquiry'])
      }),
    )
  })
})

describe('what the machine can not understand', () => {
  const kinds = (text: string) => hear(toBytes(text)).map((event) => (event.kind === 'mistake' ? event.mistake : event.kind))

  test('skips everything up to the first #', () => {
    expect(kinds('noise\r\n@@@#DCC##VER##END#@')).toEqual(['frame'])
  })

  test('starts again where a new frame begins inside another', () => {
    expect(kinds('#DCC#JOHN"#DCC##VER##END#@')).toEqual(['unfinished-frame', 'frame'])
    expect(kinds('##DCC##VER##END#@')).toEqual(['frame'])
    expect(kinds('#XYZ##DCC##VER##END#@')).toEqual(['unknown-head', 'frame'])
  })

  test('an enquiry drops the frame it interrupts', () => {
    expect(kinds('#DCC#JOHN"\u0005#DCC##VER##END#@')).toEqual(['enquiry-inside-frame', 'enquiry', 'frame'])
  })

  test('a frame needs its terminator and an end', () => {
    expect(kinds('#DCC##VER##END#x')).toEqual(['missing-terminator'])
    expect(kinds(`#DCC#${'A'.repeat(9000)}`)).toEqual(['frame-too-long'])
  })

  test('never throws and never invents a frame out of noise without one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const events = hear(bytes)
        for (const event of events) {
          if (event.kind !== 'frame') continue
          expect(fromBytes(bytes)).toContain(`#${event.frame.head}#`)
          parseFormat(event.frame.body)
          parseFunctions(event.frame.body)
        }
      }),
    )
  })

  test.each(['#EMB', 'abc', '#ENC#%B?x', '#ENC#B', '#REP#x', '#CMP#%B?', '#GRD#"', '#TRK#x', '#ENC#;1?;2?'])('a body like %s is a mistake', (body) => {
    expect(parseFunctions(body)).toBeUndefined()
  })

  test.each(['', '080400', '08040 1#FC1#0350', '080400 1#FC1#35', '#GTW#0"\n1,2"\n'])('a format like %s is a mistake', (body) => {
    expect(parseFormat(body)).toBeUndefined()
  })
})

describe('data that would break a frame is refused, with the field that holds it', () => {
  const refusal = (act: () => unknown) => {
    try {
      act()
    } catch (error) {
      if (error instanceof CardwrightError) return error.faults[0]
      throw error
    }
    return undefined
  }

  test.each(['"', '#', '@', '\u0005', '\r', '\n', '\u007f', 'Ж', '😀'])('character %j', (character) => {
    expect(refusal(() => encodeCard({ lines: ['A', `B${character}`], names: ['number', 'name'] }, plainFraming))).toMatchObject({
      code: 'frame.character-not-allowed', class: 'data', place: 'name', values: { column: 2 },
    })
    expect(refusal(() => encodeCard({ lines: [], tracks: { track2: `1${character}` } }, plainFraming))).toMatchObject({ place: 'track2' })
    expect(refusal(() => encodeCard({ lines: [], compareTrack2: `1${character}` }, plainFraming))).toMatchObject({ place: 'compareTrack2' })
  })

  test('sentinels inside a track', () => {
    expect(refusal(() => encodeCard({ lines: [], tracks: { track1: 'B1?2' } }, plainFraming))).toMatchObject({ place: 'track1' })
  })

  test('positions that four digits can not hold', () => {
    expect(refusal(() => encodeFormat(classicFormat(400, [[1, 1, 10_000]]), plainFraming))).toMatchObject({ code: 'frame.number-out-of-range', place: 'lines[0].y' })
    expect(refusal(() => encodeFormat(classicFormat(-1, [[1, 1, 1]]), plainFraming))).toMatchObject({ place: 'starts[0]' })
    expect(refusal(() => encodeFormat(classicFormat(1, [[16, 1, 1]]), plainFraming))).toMatchObject({ place: 'lines[0]' })
  })
})

describe('replies', () => {
  const listen = (bytes: Uint8Array, cuts: readonly number[], awaited: boolean): ReplyEvent[] => {
    const reader = new ReplyReader()
    if (awaited) reader.awaitReply()
    return pieces(bytes, cuts).flatMap((piece) => reader.push(piece))
  }

  test('every status byte of one read counts', () => {
    expect(listen(Uint8Array.of(0x13, 0x13, 0x43), [], false)).toEqual([0x13, 0x13, 0x43].map((byte) => ({ kind: 'status', byte })))
  })

  test('a reply in any cut, with padding after it', () => {
    const payload = fc.array(fc.stringMatching(/^[ -!$-?A-~]{1,12}$/), { maxLength: 3 })
    fc.assert(
      fc.property(payload, fc.array(fc.nat(), { maxLength: 5 }), (parts, cuts) => {
        const bytes = Uint8Array.of(0x41, ...encodeReply({ echoes: ['VER'], payload: parts }), 0x40, 0x0d, 0x0a, 0x43)
        expect(listen(bytes, cuts, true)).toEqual([
          { kind: 'status', byte: 0x41 },
          { kind: 'reply', reply: { echoes: ['VER'], payload: parts }, complete: true },
          { kind: 'status', byte: 0x43 },
        ])
      }),
    )
  })

  test('the payload may lack its last quote', () => {
    expect(listen(toBytes('#VER#150i/CPX-DES@'), [], true)).toEqual([{ kind: 'reply', reply: { echoes: ['VER'], payload: ['150i/CPX-DES'] }, complete: true }])
  })

  test('a stray # swallows no status while no reply is awaited', () => {
    expect(listen(toBytes('#C'), [], false)).toEqual([{ kind: 'status', byte: 0x23 }, { kind: 'status', byte: 0x43 }])
  })

  test('a reply that stops half-way is given out as incomplete', () => {
    const reader = new ReplyReader()
    reader.awaitReply()
    expect(reader.push(toBytes('#TRK#;40'))).toEqual([])
    expect(reader.flush()).toEqual([{ kind: 'reply', reply: { echoes: ['TRK'], payload: [';40'] }, complete: false }])
    expect(reader.push(toBytes('A'))).toEqual([{ kind: 'status', byte: 0x41 }])
  })

  test('tracks are split by their sentinels', () => {
    expect(parseTracks('%B40^X^1?;40=1?_;01?')).toEqual({ track1: 'B40^X^1', track2: '40=1', track3: '01' })
    expect(parseTracks('%B40')).toBeUndefined()
  })
})
