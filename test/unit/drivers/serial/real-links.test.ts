/** Links of the operating system: what they tell when there is nothing at the other end. */
import { createServer, type Server } from 'node:net'
import { describe, expect, test } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { serialOpener, serialPorts } from '#drivers/serial/serial-port.ts'
import { tcpOpener } from '#drivers/serial/tcp-link.ts'
import type { LineSettings } from '#main/ports/byte-link.ts'
import { CardwrightError, type Fault } from '#shared/faults.ts'

const settings: LineSettings = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1, flowControl: 'none', dtr: true, rts: true, settle: 0 }

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof CardwrightError) return thrown.faults[0]
  throw new Error('no fault', { cause: thrown })
}

describe('a serial port', () => {
  test('that is not there', async () => {
    const fault = await faultOf(serialOpener({ path: '/dev/cardwright-nowhere', clock: systemClock }).open(settings))
    expect(fault).toMatchObject({ code: 'device.port-not-found', class: 'device', place: '/dev/cardwright-nowhere' })
  })

  test.skipIf(process.platform === 'win32')('that is no serial port (skipped on Windows: there is no /dev/null)', async () => {
    const fault = await faultOf(serialOpener({ path: '/dev/null', clock: systemClock }).open(settings))
    expect(fault).toMatchObject({ code: 'device.port-failed', class: 'device' })
  })

  test('the ports of this computer can be listed', async () => {
    for (const port of await serialPorts()) expect(port.path).not.toBe('')
  })
})

describe('a terminal server', () => {
  const listening = (server: Server) =>
    new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })

  test('carries bytes, and tells when the far end goes', async () => {
    const server = createServer((socket) => socket.once('data', (bytes) => socket.end(bytes)))
    const link = await tcpOpener({ host: '127.0.0.1', port: await listening(server) }).open(settings)
    const heard: number[] = []
    link.onData((bytes) => heard.push(...bytes))
    const closed = new Promise<void>((resolve) => link.onClose(resolve))
    await link.write(Uint8Array.of(5))
    await closed
    expect(heard).toEqual([5])
    expect(await faultOf(link.write(Uint8Array.of(5)))).toMatchObject({ code: 'device.link-lost' })
    server.close()
  })

  test('closing is not losing', async () => {
    const server = createServer()
    const link = await tcpOpener({ host: '127.0.0.1', port: await listening(server) }).open(settings)
    let lost = false
    link.onClose(() => (lost = true))
    await link.close()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    expect(lost).toBe(false)
  })

  test('that can not be reached', async () => {
    const server = createServer()
    const port = await listening(server)
    await new Promise<void>((resolve) => server.close(() => resolve()))
    expect(await faultOf(tcpOpener({ host: '127.0.0.1', port }).open(settings))).toMatchObject({
      code: 'device.unreachable', class: 'device', values: { detail: 'ECONNREFUSED' },
    })
  })
})
