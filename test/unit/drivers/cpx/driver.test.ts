import { describe, expect, test } from 'vitest'
import type { PreparedLine } from '#shared/card/prepared.ts'
import { CardwrightError } from '#shared/faults.ts'
import { debitCard, ScriptedMachine } from './scripted-machine.ts'

const busy = '\u0013'

async function connected(options: ConstructorParameters<typeof ScriptedMachine>[0] = {}): Promise<ScriptedMachine> {
  const machine = new ScriptedMachine(options)
  await machine.connect()
  machine.heard.length = 0
  machine.times.length = 0
  return machine
}

describe('connecting', () => {
  test('any status is a sign of life, even trouble', async () => {
    const machine = new ScriptedMachine()
    machine.rest = 'Z'
    await machine.connect()
    expect(machine.driver.state()).toEqual({
      connected: true, state: 'stopped', reasons: [{ code: 'hopper-empty', severity: 'operator', action: 'refill-hopper', status: 'Z' }],
    })
  })

  test('asks again after two seconds and gives up after thirty', async () => {
    const machine = new ScriptedMachine()
    machine.rest = undefined
    const failure = await machine.connect().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(CardwrightError)
    expect((failure as CardwrightError).faults[0]).toMatchObject({ code: 'device.no-answer', class: 'device' })
    expect(machine.heard).toHaveLength(15)
    expect(machine.clock.elapsed()).toBe(30_000)
    expect(machine.driver.state().connected).toBe(false)
  })

  test('a line that drops is noticed at once, and can be opened again', async () => {
    const machine = await connected()
    const states: string[] = []
    machine.driver.onState(() => states.push(machine.driver.state().state))
    await machine.link?.close()
    expect(machine.driver.state()).toMatchObject({ connected: false, state: 'stopped', reasons: [{ code: 'link-lost' }] })
    await machine.connect()
    expect(machine.driver.state()).toEqual({ connected: true, state: 'idle', reasons: [] })
    expect(states).toEqual(['stopped', 'stopped', 'idle'])
  })

  test('trouble that a person mends is over without anybody asking for a card', async () => {
    const machine = new ScriptedMachine()
    machine.answers = ['Z', 'Z']
    await machine.connect()
    await machine.clock.advance(3000)
    expect(machine.driver.state().state).toBe('stopped')
    await machine.clock.advance(3000)
    expect(machine.driver.state()).toEqual({ connected: true, state: 'idle', reasons: [] })
    machine.heard.length = 0
    await machine.clock.advance(60_000)
    expect(machine.heard).toEqual([])
  })
})

describe('a card in the standard mode', () => {
  test('ENQ until ready, format, 500 ms, card data, 500 ms, ENQ until complete', async () => {
    const machine = await connected()
    machine.afterCard([busy, 'C'])
    expect(await machine.personalize()).toEqual({ kind: 'done', evidence: { statuses: ['13h', 'C', 'A'] } })
    expect(machine.heard).toEqual([
      'ENQ',
      'DCL 080401 1#FC2#0843 2#FC1#0328',
      'DCC 4000 0012 3456 7899"CARD HOLDER"#ENC#;4000001234567899=2712201?',
      'ENQ', 'ENQ', 'ENQ',
    ])
    const [, format, card, first, second] = machine.times as [number, number, number, number, number]
    expect([card - format, first - card, second - first]).toEqual([500, 500, 1000])
  })

  test('a format that has not changed is sent once, and again after a pause in which the machine may have been switched off', async () => {
    const machine = await connected()
    machine.afterCard(['C'])
    for (let count = 0; count < 3; count++) await machine.personalize()
    expect(machine.frames.map((frame) => frame.slice(0, 3))).toEqual(['DCL', 'DCC', 'DCC', 'DCC'])
    await machine.clock.advance(5000)
    machine.heard.length = 0
    await machine.personalize()
    expect(machine.frames.map((frame) => frame.slice(0, 3))).toEqual(['DCL', 'DCC'])
  })

  test('a card that lacks a line of the format has a space there; one with another line brings its own format', async () => {
    const machine = await connected()
    machine.afterCard(['C'])
    const [number, name] = debitCard.lines as [PreparedLine, PreparedLine]
    await machine.personalize()
    await machine.personalize({ ...debitCard, lines: [name], tracks: {} })
    await machine.personalize({ ...debitCard, lines: [number, name, { ...name, field: 'company', y: 5000 }], tracks: {} })
    expect(machine.frames.slice(2)).toEqual([
      'DCC  "CARD HOLDER"',
      'DCL 080401 1#FC2#0843 2#FC1#0328 3#FC1#0197',
      'DCC 4000 0012 3456 7899"CARD HOLDER"CARD HOLDER"',
    ])
  })

  test('tells what the machine is probably doing, and what it certainly did', async () => {
    const machine = await connected()
    machine.afterCard([busy, busy, busy, busy, busy, busy, busy, 'C'])
    await machine.personalize()
    expect([...new Set(machine.progress.map(({ module, basis }) => `${module} ${basis}`))]).toEqual([
      'feed timing', 'encoder timing', 'embosser timing', 'output-tray machine',
    ])
  })

  test('asks more often when a card like the last one is about to end', async () => {
    const machine = await connected()
    machine.cardTakes(12_345)
    const late: number[] = []
    for (let count = 0; count < 6; count++) {
      const before = machine.times.length
      await machine.personalize()
      const sent = machine.times[before + machine.heard.slice(before).findIndex((heard) => heard.startsWith('DCC'))] ?? 0
      late.push(machine.clock.elapsed() - sent - 12_345)
    }
    expect(late[0]).toBeLessThanOrEqual(1000)
    expect(late[1]).toBeLessThanOrEqual(250)
    for (const milliseconds of late.slice(3)) expect(milliseconds).toBeLessThanOrEqual(25)
  })
})

describe('before card data goes out', () => {
  test.each(['B', 'D', 'G', 'H', 'N', 'O', 'P', 'R', 'T', 'U', 'V', 'W', 'X'])('%s: refused, and no frame was sent', async (letter) => {
    const machine = await connected({ overrides: {} })
    machine.afterCard(['C'])
    await machine.personalize()
    machine.heard.length = 0
    machine.answers = [letter]
    expect(await machine.personalize()).toMatchObject({ kind: 'refused', reason: { status: letter } })
    expect(machine.frames).toEqual([])
  })

  test.each(['b', 'E', 'J', 'K', 'M', 'Q', 'Z'])('%s: a person mends it, and the command goes on', async (letter) => {
    const machine = await connected()
    machine.answers = [letter]
    machine.decide = () => Promise.resolve('continue')
    machine.afterCard(['C'])
    expect(await machine.personalize()).toMatchObject({ kind: 'done' })
    expect(machine.attention).toHaveLength(1)
    expect(machine.attention[0]).toMatchObject({ sent: false })
  })

  test('a person gives up: refused', async () => {
    const machine = await connected()
    machine.answers = ['Z']
    expect(await machine.personalize()).toMatchObject({ kind: 'refused', reason: { code: 'hopper-empty', status: 'Z' } })
    expect(machine.frames).toEqual([])
  })

  test('trouble that stays is asked about again, but not at once', async () => {
    const machine = await connected()
    machine.rest = 'Z'
    const asked: number[] = []
    machine.decide = () => {
      asked.push(machine.clock.elapsed())
      return Promise.resolve(asked.length < 3 ? 'continue' : 'give-up')
    }
    await machine.personalize()
    const [first, second, third] = asked as [number, number, number]
    expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(2000)
  })

  test('trouble on the format: refused, and no card data was sent', async () => {
    const machine = await connected()
    machine.onFrame = ({ head }) => head === 'DCL' && machine.say('U')
    expect(await machine.personalize()).toMatchObject({ kind: 'refused', reason: { code: 'data-format-error' } })
    expect(machine.frames).toHaveLength(1)
  })

  test('silence, the line, the controller, busy for ever: refused', async () => {
    const silent = await connected()
    silent.rest = undefined
    expect(await silent.personalize()).toMatchObject({ kind: 'refused', reason: { code: 'no-answer' } })

    const dropped = await connected()
    dropped.rest = undefined
    const run = dropped.driver.personalize(debitCard, dropped.options()).completed
    await dropped.link?.close()
    expect(await run).toMatchObject({ kind: 'refused', reason: { code: 'link-lost' } })

    const cancelled = await connected()
    expect(await cancelled.personalize(debitCard, AbortSignal.abort())).toMatchObject({ kind: 'refused', reason: { code: 'cancelled' } })

    const engaged = await connected()
    engaged.rest = busy
    expect(await engaged.personalize()).toMatchObject({ kind: 'refused', reason: { code: 'busy-too-long' } })
    for (const machine of [silent, dropped, cancelled, engaged]) expect(machine.frames).toEqual([])
  })

  test('without a line, or beside another command', async () => {
    const machine = new ScriptedMachine()
    expect(await machine.personalize()).toMatchObject({ kind: 'refused', reason: { code: 'not-connected' } })
    await machine.connect()
    machine.afterCard(['C'])
    const first = machine.driver.personalize(debitCard, machine.options())
    const second = machine.driver.personalize(debitCard, machine.options())
    expect(await second.completed).toMatchObject({ kind: 'refused', reason: { code: 'command-under-way' } })
    expect(await second.accepted).toBe('ended')
    expect(await machine.clock.run(first.completed)).toMatchObject({ kind: 'done' })
    expect(await first.accepted).toBe('accepted')
  })

  test('whoever hears of an end may begin the next card at once', async () => {
    const machine = await connected()
    machine.afterCard(['C'])
    const both = machine.driver
      .personalize(debitCard, machine.options())
      .completed.then(() => machine.driver.personalize(debitCard, machine.options()).completed)
    expect(await machine.clock.run(both)).toMatchObject({ kind: 'done' })
  })

  test.each([
    ['a character that would break the frame', { text: 'A"B' }],
    ['a character that the wheel lacks', { text: 'Ж' }],
    ['a font that is not fitted', { font: 'ocr-b', kind: 'indent' as const }],
  ])('%s: refused, and nothing was sent', async (_, change) => {
    const machine = await connected()
    const [line] = debitCard.lines
    const card = { ...debitCard, lines: [{ ...line!, ...change }] }
    expect(await machine.personalize(card)).toMatchObject({ kind: 'refused', reason: { code: 'card-not-encodable' } })
    expect(machine.heard).toEqual([])
    expect(machine.notes.join()).toMatch(/ at number$/)
  })
})

describe('after card data went out, nothing but ENQ is sent', () => {
  const sentOnce = (machine: ScriptedMachine) => expect(machine.frames.filter((frame) => frame.startsWith('DCC'))).toHaveLength(1)

  test.each(['B', 'D', 'G', 'H', 'N', 'O', 'P', 'R', 'T', 'U', 'V', 'W', 'X'])('%s: unknown, as long as the profile knows no better', async (letter) => {
    const machine = await connected()
    machine.afterCard([busy, letter])
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { status: letter } })
    sentOnce(machine)
  })

  test.each([
    ['none', { kind: 'failed', effect: 'none' }],
    ['inside', { kind: 'failed', effect: 'applied', card: 'inside' }],
    ['reject-tray', { kind: 'failed', effect: 'applied', card: 'reject-tray' }],
    ['output-tray', { kind: 'failed', effect: 'applied', card: 'output-tray' }],
    ['unknown', { kind: 'unknown' }],
  ])('a profile that knows where the letter leaves the card: %s', async (card, outcome) => {
    const machine = await connected({ overrides: { statuses: { H: { card } } } })
    machine.afterCard(['H'])
    expect(await machine.personalize()).toMatchObject({ ...outcome, reason: { code: 'stripe-module-error' } })
    sentOnce(machine)
  })

  test('a person mends it, the machine goes on by itself, and the card is done', async () => {
    const machine = await connected()
    machine.afterCard([busy, 'Z', busy, 'C'])
    machine.decide = () => Promise.resolve('continue')
    expect(await machine.personalize()).toMatchObject({ kind: 'done' })
    expect(machine.attention).toEqual([{ code: 'hopper-empty', sent: true }])
    sentOnce(machine)
  })

  test.each([['none', { kind: 'failed', effect: 'none' }], ['unknown', { kind: 'unknown' }]])('a person gives up: as the profile has it (%s)', async (card, outcome) => {
    const machine = await connected({ overrides: { statuses: { Z: { card } } } })
    machine.afterCard(['Z'])
    expect(await machine.personalize()).toMatchObject({ ...outcome, reason: { code: 'hopper-empty' } })
    sentOnce(machine)
  })

  test('a person who takes their time costs no card', async () => {
    const machine = await connected()
    machine.afterCard([busy, 'M', busy, 'C'])
    machine.decide = () => machine.clock.sleep(3_600_000).then(() => 'continue')
    expect(await machine.personalize()).toMatchObject({ kind: 'done' })
  })

  test('ready without complete: unknown', async () => {
    const machine = await connected()
    machine.afterCard([busy, 'A', 'A'])
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'ready-without-complete' } })
    sentOnce(machine)
  })

  test('one answer that says ready too early is forgiven', async () => {
    const machine = await connected()
    machine.afterCard(['A', busy, 'C'])
    expect(await machine.personalize()).toMatchObject({ kind: 'done' })
  })

  test('silence: unknown, after thirty seconds of asking', async () => {
    const machine = await connected()
    machine.afterCard([busy], undefined)
    const before = machine.clock.elapsed()
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'no-answer' } })
    expect(machine.clock.elapsed() - before).toBeGreaterThanOrEqual(30_000)
    sentOnce(machine)
  })

  test('answers that get lost now and then cost nothing', async () => {
    const machine = await connected()
    machine.afterCard([busy, undefined, busy, undefined, undefined, 'C'])
    expect(await machine.personalize()).toMatchObject({ kind: 'done' })
  })

  test('a card that never ends: unknown', async () => {
    const machine = await connected()
    machine.afterCard([], busy)
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'completion-overdue' } })
  })

  test('a lost line and a command that is given up: unknown', async () => {
    const dropped = await connected()
    dropped.onFrame = ({ head }) => head === 'DCC' && void dropped.link?.close()
    expect(await dropped.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'link-lost' } })

    const cancelled = await connected()
    const stop = new AbortController()
    cancelled.onFrame = ({ head }) => head === 'DCC' && stop.abort()
    expect(await cancelled.personalize(debitCard, stop.signal)).toMatchObject({ kind: 'unknown', reason: { code: 'cancelled' } })
    sentOnce(cancelled)
  })

  test('the line may drop while a person is asked', async () => {
    const machine = await connected()
    machine.afterCard(['M'])
    machine.decide = async () => {
      await machine.link?.close()
      return new Promise(() => undefined)
    }
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'link-lost' } })
  })

  test('a question that fails is not an answer', async () => {
    const machine = await connected()
    machine.afterCard(['M'])
    machine.decide = () => {
      throw new Error('the screen is gone')
    }
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'cover-open' } })
  })

  test('several statuses in one read count one by one', async () => {
    const machine = await connected()
    machine.afterCard([`${busy}${busy}C`])
    expect(await machine.personalize()).toEqual({ kind: 'done', evidence: { statuses: ['13h', 'C', 'A'] } })
  })
})

describe('a completion is this card\'s, or it is nobody\'s', () => {
  test('noise is not heeded, and noted', async () => {
    const machine = await connected()
    machine.afterCard([`\u0000\u00ff7${busy}`, '\u0007', 'C'])
    expect(await machine.personalize()).toMatchObject({ kind: 'done' })
    expect(machine.notes).toContain('not a status of this profile: 07h')
  })

  test('noise alone is silence', async () => {
    const machine = await connected()
    machine.afterCard([], '?')
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'no-answer' } })
  })

  test('one that comes before the data is another card\'s', async () => {
    const machine = await connected()
    machine.answers = ['C', 'A']
    machine.afterCard([busy, 'A', 'A'])
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'ready-without-complete' } })
  })

  test('one that comes before the first enquiry about this card is another card\'s', async () => {
    const machine = await connected()
    machine.onFrame = ({ head }) => {
      if (head !== 'DCC') return
      machine.say('C')
      machine.answers = [busy, 'A', 'A']
    }
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'ready-without-complete' } })
  })

  test('one that is followed by busy is another card\'s', async () => {
    const machine = await connected()
    machine.afterCard([busy, 'C', busy, 'A', 'A'])
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'ready-without-complete' } })

    const twice = await connected()
    twice.afterCard([busy, 'C', busy, 'C'])
    expect(await twice.personalize()).toMatchObject({ kind: 'done' })
  })

  test('the next card\'s trouble does not undo it', async () => {
    const machine = await connected()
    machine.afterCard([busy, 'C'], 'Z')
    expect(await machine.personalize()).toEqual({ kind: 'done', evidence: { statuses: ['13h', 'C', 'Z'] } })
    expect(machine.attention).toEqual([])
    expect(machine.driver.state()).toMatchObject({ state: 'stopped', reasons: [{ code: 'hopper-empty' }] })
  })

  test('a machine that falls silent or drops off right after it did complete the card', async () => {
    const silent = await connected()
    silent.afterCard([busy, 'C'], undefined)
    expect(await silent.personalize()).toMatchObject({ kind: 'done' })
  })

  test('an answer that is late is waited for before data goes out', async () => {
    const machine = await connected()
    machine.answers = [{ after: 2500, say: 'A' }, { after: 1500, say: 'A' }]
    machine.afterCard([busy, 'C'])
    expect(await machine.personalize()).toMatchObject({ kind: 'done' })
    const card = machine.times[machine.heard.findIndex((text) => text.startsWith('DCC'))] ?? 0
    expect(card).toBeGreaterThanOrEqual(3500)
  })

  test('a completion that was lost may be late: the next card waits for it, and does not take it for its own', async () => {
    const machine = await connected()
    machine.afterCard([busy, { after: 20_000, say: 'C' }, 'A', 'A'])
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown', reason: { code: 'ready-without-complete' } })
    machine.afterCard([busy, 'A', 'A'])
    expect(await machine.personalize()).toMatchObject({ kind: 'unknown' })
    const second = machine.times[machine.heard.findLastIndex((text) => text.startsWith('DCC'))] ?? 0
    expect(second).toBeGreaterThan(20_000)
  })

  test('one lost for good holds the next card up for thirty seconds at most', async () => {
    const machine = await connected()
    machine.afterCard([busy, undefined, 'A', 'A'])
    await machine.personalize()
    const before = machine.clock.elapsed()
    machine.afterCard([busy, 'C'])
    expect(await machine.personalize()).toMatchObject({ kind: 'done' })
    expect(machine.clock.elapsed() - before).toBeLessThan(40_000)
  })

  test('after a command that went wrong the machine says ready before anything new is sent, in every mode', async () => {
    const machine = await connected({ mode: 'magstripe-fast' })
    machine.rest = '\u0011'
    machine.onFrame = ({ head }) => head === 'DCC' && machine.say('H')
    const run = machine.driver.personalize(debitCard, machine.options())
    expect(await machine.clock.run(run.completed)).toMatchObject({ kind: 'unknown', reason: { code: 'stripe-module-error' } })
    machine.heard.length = 0
    machine.answers = [busy, 'H', '\u0011']
    machine.onFrame = ({ head }) => head === 'DCC' && machine.say('\u0011')
    await machine.clock.run(machine.driver.personalize(debitCard, machine.options()).accepted)
    expect(machine.heard.map((heard) => heard.slice(0, 3))).toEqual(['ENQ', 'ENQ', 'ENQ', 'DCL', 'DCC'])
  })
})

describe('what a lost command came to', () => {
  test('complete, where the machine still has the completion to tell', async () => {
    const machine = await connected()
    machine.answers = ['C', 'A']
    expect(await machine.clock.run(machine.driver.enquireLost())).toEqual({ answer: 'complete', evidence: { statuses: ['C', 'A'] } })
    expect(machine.frames).toEqual([])
  })

  test('complete, where the first enquiry of the new line heard it', async () => {
    const machine = new ScriptedMachine()
    machine.answers = ['C']
    await machine.connect()
    expect(await machine.clock.run(machine.driver.enquireLost())).toMatchObject({ answer: 'complete' })
    expect(await machine.clock.run(machine.driver.enquireLost())).toMatchObject({ answer: 'nothing' })
  })

  test.each([[busy, 'busy'], ['A', 'nothing'], ['H', 'nothing'], [undefined, 'no-answer']])('%j: %s', async (said, answer) => {
    const machine = await connected()
    machine.rest = said
    expect(await machine.clock.run(machine.driver.enquireLost())).toMatchObject({ answer })
  })

  test('a completion that busy contradicts is not claimed', async () => {
    const machine = await connected()
    machine.answers = ['C', busy]
    expect(await machine.clock.run(machine.driver.enquireLost())).toMatchObject({ answer: 'busy' })
    expect(await machine.clock.run(machine.driver.enquireLost())).toMatchObject({ answer: 'nothing' })
  })

  test('nothing is claimed in modes where a completion could be another card\'s', async () => {
    const machine = await connected({ mode: 'chip-fast' })
    machine.answers = ['C', 'A']
    expect(await machine.clock.run(machine.driver.enquireLost())).toMatchObject({ answer: 'nothing' })
  })

  test('a machine that says complete for ever is asked no further', async () => {
    const machine = await connected()
    machine.rest = 'C'
    expect(await machine.clock.run(machine.driver.enquireLost())).toMatchObject({ answer: 'complete' })
  })
})

describe('the way out for a spoiled card', () => {
  test('a pattern over the number line, and nothing encoded', async () => {
    const machine = await connected()
    machine.afterCard([busy, 'C'])
    expect(await machine.clock.run(machine.driver.spoil(debitCard, machine.options()).completed)).toMatchObject({ kind: 'done' })
    expect(machine.frames).toEqual(['DCL 080401 1#FC1#0843', 'DCC VOID VOID VOID VOID VOID V"'])
  })

  test('the site\'s own verb', async () => {
    const machine = await connected({ overrides: { verbs: { reject: { token: 'RJT', ends: 'ready' } } } })
    expect(machine.driver.capabilities).toMatchObject({ rejectWay: 'reject-verb', missingVerbs: ['message'] })
    machine.afterCard([busy, 'A'])
    expect(await machine.clock.run(machine.driver.spoil(debitCard, machine.options()).completed)).toMatchObject({ kind: 'done' })
    expect(machine.frames).toEqual(['DCC #RJT#'])
  })

  test('by hand: the driver sends nothing', async () => {
    const machine = await connected({ overrides: { rejectWays: ['operator-removal'] } })
    expect(await machine.clock.run(machine.driver.spoil(debitCard, machine.options()).completed)).toMatchObject({ kind: 'refused' })
    expect(machine.heard).toEqual([])
  })
})

describe('probing', () => {
  test('sends ENQ, #VER# and #ERR#, and nothing else', async () => {
    const machine = await connected()
    machine.onFrame = ({ body }) => machine.say(body === '#VER#' ? '#VER#450/CPX"@' : '#ERR#00"@')
    expect(await machine.clock.run(machine.driver.probe())).toEqual({ answered: true, status: 'A ready', version: '450/CPX', error: '00' })
    expect(machine.heard).toEqual(['ENQ', 'DCC #VER#', 'DCC #ERR#'])
  })

  test('a machine that answers to enquiries alone', async () => {
    const machine = await connected()
    machine.rest = busy
    expect(await machine.clock.run(machine.driver.probe())).toEqual({ answered: true, status: '13h busy' })
    machine.rest = undefined
    expect(await machine.clock.run(machine.driver.probe())).toEqual({ answered: false })
  })

  test('not beside a command, and not without a line', async () => {
    const machine = new ScriptedMachine()
    await expect(machine.driver.probe()).rejects.toThrow('device.not-connected')
    await machine.connect()
    machine.afterCard(['C'])
    const run = machine.driver.personalize(debitCard, machine.options())
    await expect(machine.driver.probe()).rejects.toThrow('device.command-under-way')
    await machine.clock.run(run.completed)
  })
})

describe('reading a stripe', () => {
  test('feeds, asks, reads', async () => {
    const machine = await connected()
    machine.onFrame = ({ body }) => {
      if (body === '#FED#') machine.answers = [busy, 'A']
      else machine.say({ after: 1200, say: '#TRK#%B4000^X^2712?";4000=2712?"@' })
    }
    expect(await machine.clock.run(machine.driver.readStripe(machine.options()))).toEqual({
      outcome: { kind: 'done', evidence: { statuses: ['TRK'] } },
      tracks: { track1: 'B4000^X^2712', track2: '4000=2712' },
    })
    expect(machine.frames).toEqual(['DCC #FED#', 'DCC #TRK#'])
  })

  test('a machine without the feed verb reads the card that lies there', async () => {
    const machine = await connected({ profile: 'dc150i' })
    machine.onFrame = () => machine.say('#TRK#;4000=2712?@')
    expect(await machine.clock.run(machine.driver.readStripe(machine.options()))).toMatchObject({ outcome: { kind: 'done' }, tracks: { track2: '4000=2712' } })
    expect(machine.frames).toEqual(['DCC #TRK#'])
  })

  test.each([
    ['a stripe that can not be read', 'W', 'stripe-read-error'],
    ['a reply that breaks off', '#TRK#;4000', 'stripe-incomplete'],
    ['a reply that is no track', '#TRK#4000"@', 'stripe-incomplete'],
    ['no reply', undefined, 'no-answer'],
  ])('%s: unknown', async (_, said, code) => {
    const machine = await connected()
    machine.onFrame = ({ body }) => body === '#TRK#' && machine.say(said)
    expect(await machine.clock.run(machine.driver.readStripe(machine.options()))).toMatchObject({ outcome: { kind: 'unknown', reason: { code } }, tracks: {} })
  })

  test('refused before the card is fed, and where the profile lacks the verb', async () => {
    const machine = await connected()
    machine.answers = ['Z']
    expect(await machine.clock.run(machine.driver.readStripe(machine.options()))).toMatchObject({ outcome: { kind: 'refused' } })
    expect(machine.frames).toEqual([])

    const lacking = await connected({ overrides: { verbs: { readTracks: null } } })
    expect(lacking.driver.capabilities.canReadStripe).toBe(false)
    expect(await lacking.clock.run(lacking.driver.readStripe(lacking.options()))).toMatchObject({ outcome: { kind: 'refused', reason: { code: 'verb-missing' } } })
  })
})
