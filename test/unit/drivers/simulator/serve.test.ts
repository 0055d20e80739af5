import { constants, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ReadStream } from 'node:tty'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { control } from '#drivers/cpx/simulator/control.ts'
import { serveSimulator, type Served, type ServeOptions } from '#drivers/cpx/simulator/serve.ts'
import type { Blank } from '#drivers/cpx/simulator/plastic.ts'
import { findProgram } from '../../../support/tools.ts'
import { card, format, Rig } from './rig.ts'

const folder = mkdtempSync(join(tmpdir(), 'cardwright-simulator-'))
const open: Served[] = []
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const served of open.splice(0)) await served.stop()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const usual: ServeOptions = { model: 'dc450', link: { kind: 'tcp', port: 0 }, clock: systemClock, speed: 1000, blanks: 5 }

async function serve(options: Partial<ServeOptions> = {}): Promise<Served> {
  const served = await serveSimulator({ ...usual, ...options })
  open.push(served)
  return served
}

/** A connection that collects what it hears, and can wait for it. */
async function dial(port: number) {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let heard = ''
  let wake: (() => void) | undefined
  socket.on('data', (bytes: Buffer) => {
    heard += bytes.toString('latin1')
    wake?.()
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const until = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const match = pattern.exec(heard)
      if (match !== null) {
        heard = heard.slice(match.index + match[0].length)
        return match[0]
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return { socket, closed, until, say: (text: string) => socket.write(Buffer.from(text, 'latin1')) }
}

type Host = Awaited<ReturnType<typeof dial>>

const notBusy = new RegExp(`[^${String.fromCharCode(0x13)}]`)

async function enquireUntil(host: Host, wanted: RegExp): Promise<string> {
  for (;;) {
    host.say('\x05')
    const answer = await host.until(/[^]/)
    if (wanted.test(answer)) return answer
  }
}

const portOf = (served: Served) => Number(served.address.split(':')[1])

describe('on a loopback port', () => {
  test('a host drives the machine; the control port tells its ledger', async () => {
    const served = await serve({ control: 0 })
    const host = await dial(portOf(served))
    host.say(format + card)
    expect(await enquireUntil(host, notBusy)).toBe('C')
    const hands = await dial(served.controlPort ?? 0)
    hands.say('{"ask":"ledger"}\n')
    const { ledger } = JSON.parse(await hands.until(/.*\n/)) as { ledger: Blank[] }
    expect(ledger.map(({ place }) => place.kind)).toEqual(['output-tray', 'hopper', 'hopper', 'hopper', 'hopper'])
  })

  test('one host at a time; the next finds the machine as it stands', async () => {
    const served = await serve()
    const first = await dial(portOf(served))
    await enquireUntil(first, /A/)
    const second = await dial(portOf(served))
    await second.closed
    served.machine.act({ do: 'cover', open: true })
    first.socket.destroy()
    await first.closed
    let third = await dial(portOf(served))
    // The server hears of the first one's end a moment after the first does.
    for (;;) {
      third.say('\x05')
      const answer = await Promise.race([third.until(/[^]/), third.closed.then(() => undefined)])
      if (answer !== undefined) {
        expect(answer).toMatch(/M/)
        return
      }
      third = await dial(portOf(served))
    }
  })

  test('a port that is taken is named', async () => {
    const served = await serve()
    await expect(serve({ link: { kind: 'tcp', port: portOf(served) } })).rejects.toThrow('simulator.port-taken')
  })
})

describe('the control port', () => {
  test('takes actions and answers each line', async () => {
    const served = await serve({ control: 0 })
    const hands = await dial(served.controlPort ?? 0)
    hands.say('{"do":"cover","open":true}\n{"ask":"picture"}\n{"do":"dance"}\nnonsense\n{"do":"mode","mode":"chip-fast"}\n')
    const answers = await hands.until(/(?:.*\n){5}/)
    const [done, picture, dance, nonsense, mode] = answers.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect([done, mode]).toEqual([{ done: true }, { done: true }])
    expect(picture).toMatchObject({ picture: { model: 'dc450', cover: 'open', hopper: { count: 5 } } })
    expect(dance).toMatchObject({ faults: [{ code: 'simulator.control-not-understood' }] })
    expect(nonsense).toMatchObject({ faults: [{ code: 'simulator.control-not-understood' }] })
  })

  test('a fault of the machine is answered as a fault', () => {
    const { machine } = new Rig({ model: 'dc150i' })
    expect(control(machine, '{"do":"mode","mode":"chip-fast"}')).toMatchObject({ faults: [{ code: 'simulator.mode-not-fitted' }] })
  })
})

describe('kept in a file', () => {
  test('the next program finds the machine with its card inside', async () => {
    const stateFile = join(mkdtempSync(join(folder, 'state-')), 'dc450.json')
    const first = await serve({ stateFile })
    first.machine.act({ do: 'arm', fault: { kind: 'alarm', status: 'D', stage: 'emboss', moment: 'halfway', times: 1 } })
    const host = await dial(portOf(first))
    host.say(format + card)
    expect(await enquireUntil(host, notBusy)).toBe('D')
    await first.stop()
    const second = await serve({ stateFile, model: 'dc150i' })
    const inside = [{ blank: 'blank-000001', module: 'embosser' }]
    expect(second.machine.picture()).toMatchObject({ model: 'dc450', state: 'stopped', inside })
    const again = await dial(portOf(second))
    again.say('\x05')
    expect(await again.until(/[^]/)).toBe('D')
  })

  test('a file that holds something else is refused and left alone', async () => {
    const stateFile = join(mkdtempSync(join(folder, 'state-')), 'dc450.json')
    writeFileSync(stateFile, '{"version":1}')
    await expect(serve({ stateFile })).rejects.toThrow('simulator.state-unreadable')
    expect(readFileSync(stateFile, 'utf8')).toBe('{"version":1}')
  })
})

describe.skipIf(findProgram('socat') === undefined)('on a pseudo terminal', () => {
  const path = join(mkdtempSync(join(folder, 'pty-')), 'dc450')

  function openTerminal() {
    const file = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
    const stream = new ReadStream(file)
    return {
      say: (text: string) => void writeSync(file, Buffer.from(text, 'latin1')),
      next: () => new Promise<string>((resolve) => stream.once('data', (bytes: Buffer) => resolve(bytes.toString('latin1')))),
      close: () => void stream.destroy(),
    }
  }

  test('any program drives it as a serial port, leaves, and comes back', async () => {
    await serve({ link: { kind: 'pty', path } })
    for (let visit = 0; visit < 2; visit++) {
      const terminal = openTerminal()
      terminal.say('\x05')
      expect(await terminal.next()).toBe('A')
      terminal.close()
    }
  })

  test('a path that can not be made is named', async () => {
    await expect(serve({ link: { kind: 'pty', path: '/nowhere/at/all' } })).rejects.toThrow('simulator.pty-failed')
  })
})

test('without socat the machine says so', async () => {
  const kept = process.env['PATH']
  process.env['PATH'] = folder
  try {
    await expect(serve({ link: { kind: 'pty', path: join(folder, 'pty') } })).rejects.toThrow('simulator.socat-missing')
  } finally {
    process.env['PATH'] = kept
  }
})
