import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '#drivers/clock/virtual-clock.ts'
import { encodeCard, encodeFormat, encodeMotion, encodeQuestion, encodeReply, plainFraming, toBytes, type CardData, type Framing } from '#drivers/cpx/codec.ts'
import { memoryPipe } from '#drivers/serial/memory-pipe.ts'
import { Recorder } from '#drivers/serial/recorder.ts'
import type { LineSettings } from '#main/ports/byte-link.ts'

const settings: LineSettings = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1, flowControl: 'none', dtr: true, rts: true, settle: 0 }

function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((left, right) => left - right)
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length))
}

/** Records what a host and a machine say to each other, in pieces. */
async function record(said: { direction: 'sent' | 'received'; bytes: Uint8Array }[]): Promise<string[]> {
  const recorder = new Recorder({ clock: new VirtualClock() })
  const [near, far] = memoryPipe({ name: 'pipe' })
  const link = recorder.wrap(near)
  link.onData(() => undefined)
  for (const { direction, bytes } of said) {
    await (direction === 'sent' ? link : far).write(bytes)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await link.close()
  return recorder.entries().map((entry) => `${entry.direction}: ${entry.text}`)
}

const sent = (text: string | Uint8Array) => ({ direction: 'sent' as const, bytes: typeof text === 'string' ? toBytes(text) : text })
const received = (text: string | Uint8Array) => ({ direction: 'received' as const, bytes: typeof text === 'string' ? toBytes(text) : text })

describe('a trace can be read', () => {
  test('structure, statuses, positions and the ends of card numbers', async () => {
    expect(
      await record([
        sent('\u0005'),
        received('\u0013C'),
        sent('000001#DCL#0804010401 1#FC2#0843 2#FC1#0489#END#@@@@@@'),
        sent('000001#DCC#4000 0012 3456 7899"    12/27"JOHN DOE"#ENC#%B4000001234567899^DOE/JOHN^2712201?;4000001234567899=2712201?#END#@@@@@@'),
        received('A'),
        sent('#DCC##VER##END#@\r\n'),
        received('#VER#450/CPX"@'),
      ]),
    ).toEqual([
      'sent: ENQ',
      'received: 13h C',
      'sent: 000001#DCL#0804010401 1#FC2#0843 2#FC1#0489#END#@×6',
      'sent: 000001#DCC#4000 00•• •••• 7899"•••••••••"••••••••"#ENC#%B400000••••••7899^••••••••^•••••••?;400000••••••7899=•••••••?#END#@×6',
      'received: A',
      'sent: #DCC##VER##END#@⏎⏎',
      'received: #VER#450/CPX"@',
      'note: closed pipe',
    ])
  })

  test('a frame is one entry, however it was cut', async () => {
    const frame = toBytes('#DCC#JOHN"#END#@@@@@@')
    expect(await record(pieces(frame, [3, 8, 13]).map(sent))).toEqual(['sent: #DCC#••••"#END#@×6', 'note: closed pipe'])
  })

  test('a frame that never ended is there too, without what it held', async () => {
    expect(await record([sent('#DCC#JOHN"DOE')])).toEqual(['sent: #DCC#••••"•••', 'note: closed pipe'])
  })

  test('entries are numbered, dated and bounded', async () => {
    const clock = new VirtualClock()
    const recorder = new Recorder({ clock, limit: 3 })
    for (const text of ['a', 'b', 'c', 'd']) recorder.note(text)
    expect(recorder.entries().map(({ number, text }) => [number, text])).toEqual([[2, 'b'], [3, 'c'], [4, 'd']])
    expect(recorder.entries(3)).toEqual([{ number: 4, at: clock.now(), direction: 'note', text: 'd' }])
  })

  test('opening, losing and closing a line are told', async () => {
    const recorder = new Recorder({ clock: new VirtualClock() })
    const [near, far] = memoryPipe({ name: 'COM3' })
    const link = await recorder.opener({ open: () => Promise.resolve(near) }).open(settings)
    let lost = 0
    link.onClose(() => lost++)
    await far.close()
    expect(lost).toBe(1)
    expect(recorder.entries().map(({ text }) => text)).toEqual(['opened COM3, 9600 8N1', 'lost COM3'])
  })

  test('what came before anybody listened is neither lost nor left out', async () => {
    const recorder = new Recorder({ clock: new VirtualClock() })
    const [near, far] = memoryPipe()
    await far.write(toBytes('A'))
    await new Promise((resolve) => setImmediate(resolve))
    const heard: number[] = []
    recorder.wrap(near).onData((bytes) => heard.push(...bytes))
    expect(heard).toEqual([0x41])
    expect(recorder.entries().map(({ text }) => text)).toEqual(['A'])
  })
})

describe('nothing of a card leaks', () => {
  const name = fc.stringMatching(/^[A-Z]{5,12} [A-Z]{5,12}$/)
  const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))
  const number = fc.integer({ min: 13, max: 19 }).chain(digits)
  const card = fc.record({ name, number, service: digits(7), discretionary: digits(12), code: digits(3), national: digits(10) })
  type Card = typeof card extends fc.Arbitrary<infer Value> ? Value : never
  const grouped = (text: string) => text.replace(/(.{4})(?=.)/g, '$1 ')
  const framing = fc
    .record({ form: fc.constantFrom('classic' as const, 'template' as const), embossToken: fc.boolean(), recordNumber: fc.boolean(), lineEnd: fc.constantFrom('lf' as const, 'cr-lf' as const) })
    .map((choices): Framing => ({ ...plainFraming, ...choices }))

  const dataOf = ({ name: holder, number: pan, service, discretionary, code, national }: Card): CardData => ({
    lines: [grouped(pan), holder, `${pan.slice(-4)} ${code}`, national],
    tracks: {
      track1: `B${pan}^${holder.replace(' ', '/')}^${service}${discretionary}`,
      track2: `${pan}=${service}${discretionary}`,
      track3: `01${pan}==${discretionary}`,
    },
    compareTrack2: `${pan}=${service}`,
  })

  /** Every five characters in a row that would tell something: of names, of a number's middle, of discretionary data. */
  function secretsOf({ name: holder, number: pan, service, discretionary, national }: Card): string[] {
    const middle = pan.slice(6, -4)
    const runs = (text: string) => Array.from({ length: Math.max(0, text.length - 4) }, (_, at) => text.slice(at, at + 5))
    return [...runs(holder), ...runs(holder.replace(' ', '/')), ...runs(`${pan.slice(0, 6)}${middle}`).slice(2), ...runs(service), ...runs(discretionary), ...runs(national)]
  }

  /** Digits and letters as they could be read off the trace, with what stands between statuses left out. */
  const readable = (entries: string[]) => entries.map((entry) => entry.replace(/^\w+: /, '')).join('\n')

  function expectNoLeak(trace: string[], value: Card): void {
    const text = readable(trace)
    const shown = new Set([...(text.match(/[0-9]{5,}/g) ?? [])])
    // Track 3 begins with its format code (ISO 4909), and then the number's first six digits, which may be seen.
    const allowed = new Set([`01${value.number.slice(0, 6)}`, '000000'])
    for (const secret of secretsOf(value)) {
      const found = text.includes(secret) || text.replaceAll(' ', '').includes(secret.replaceAll(' ', ''))
      if (found && ![...allowed].some((known) => known.includes(secret))) expect({ secret, text }).toBe('not shown')
    }
    for (const run of shown) if (run.length > 6 && !run.startsWith('08')) expect({ run, text }).toBe('not shown')
  }

  test('in frames of any form, in any cut', async () => {
    await fc.assert(
      fc.asyncProperty(card, framing, fc.array(fc.nat(), { maxLength: 12 }), async (value, choices, cuts) => {
        const frame = encodeCard(dataOf(value), choices, 0)
        expectNoLeak(await record([sent('\u0005'), ...pieces(frame, cuts).map(sent), received('A')]), value)
      }),
    )
  })

  test('in frames whose writing was broken off', async () => {
    await fc.assert(
      fc.asyncProperty(card, framing, fc.nat(), async (value, choices, cut) => {
        const frame = encodeCard(dataOf(value), choices, 0)
        const part = frame.subarray(0, cut % frame.length)
        expectNoLeak(await record([sent(part), sent('\u0005'), sent(frame), received('A')]), value)
      }),
    )
  })

  test('in what a stripe reader answers, cut and with bytes lost on the line', async () => {
    await fc.assert(
      fc.asyncProperty(card, fc.array(fc.nat(), { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 3 }), async (value, cuts, lost) => {
        const tracks = dataOf(value).tracks
        const whole = encodeReply({ echoes: ['TRK'], payload: [`%${tracks?.track1}?`, `;${tracks?.track2}?`] })
        const gone = new Set(lost.map((at) => at % whole.length))
        const heard = whole.filter((_, at) => !gone.has(at))
        expectNoLeak(await record([sent(encodeMotion('TRK', plainFraming)), ...pieces(heard, cuts).map(received)]), value)
      }),
    )
  })

  test('formats and questions stay readable beside it', async () => {
    const format = encodeFormat({ form: 'template', template: 0, rows: [{ font: 2, x: 401, y: 843 }] }, plainFraming)
    expect(await record([sent(format), sent(encodeQuestion('ERR', plainFraming))])).toEqual([
      'sent: #DCL##GTW#0"⏎0004,0002,0401,0843,0000,0000,0000,0000,0000,"⏎#END#@×6',
      'sent: #DCC##ERR##END#@',
      'note: closed pipe',
    ])
  })
})
