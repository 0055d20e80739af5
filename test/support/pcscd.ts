/**
 * A real PC/SC service with two real readers that practice cards can be put into: Debian's pcscd with vsmartcard's `vpcd` as its driver.
 *
 * It has a mount namespace of its own, where its fixed folder `/run/pcscd` is a folder of the test, and a network of its own, where the
 * driver's ports are free and the loopback acknowledges at once (`vpcd` writes a command in two pieces, and Nagle's algorithm would hold
 * back the second for 40 ms). A Unix socket of the test's folder leads to each reader. Nothing of the computer's own service is touched.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VpcdPlace } from '#drivers/virtual-card/vpcd.ts'
import { findProgram } from './tools.ts'

/** `vpcd` has two slots, on two ports in a row. */
const firstPort = 35_963

export interface PcscService {
  /** As PC/SC calls them. */
  readers: readonly [string, string]
  /** Where a practice card is put into the first and the second of them. */
  places: readonly [VpcdPlace, VpcdPlace]
  /** Ends the service; its readers are gone. */
  halt(): Promise<void>
  /** Starts it again in the same place. */
  start(): Promise<void>
  /** Ends it for good. */
  stop(): Promise<void>
}

const libraries = ['/usr/lib/pcsc/drivers/serial/libifdvpcd.so', '/usr/lib/pcsc/drivers/serial/libifdvpcd.so.0.8']

/** Why no service can be started on this computer; undefined where one can. */
export function noPcscdBecause(): string | undefined {
  if (process.platform !== 'linux') return 'pcscd with vpcd runs on Linux'
  const missing = ['pcscd', 'socat', 'ip', 'unshare'].filter((program) => findProgram(program) === undefined)
  if (!libraries.some((path) => existsSync(path))) missing.push('vsmartcard-vpcd')
  return missing.length > 0 ? `${missing.join(', ')} not found` : undefined
}

/** The PC/SC library reads the name of the socket once in a process: all services of a process stand in the same place, one after the other. */
const folder = join(tmpdir(), `cardwright-pcscd-${process.pid}`)

/** Starts the service, and lets this process's PC/SC library find it: to be called before the first use of `pcsc-mini`. */
export async function startPcscd(): Promise<PcscService> {
  mkdirSync(join(folder, 'run'), { recursive: true })
  mkdirSync(join(folder, 'readers'), { recursive: true })
  const library = libraries.find((path) => existsSync(path))
  const reader = ['FRIENDLYNAME "Practice reader"', `DEVICENAME /dev/null:0x${firstPort.toString(16)}`, `LIBPATH ${library}`, `CHANNELID 0x${firstPort.toString(16)}`]
  writeFileSync(join(folder, 'readers', 'practice'), `${reader.join('\n')}\n`)
  writeFileSync(join(folder, 'start.sh'), script)
  process.env['PCSCLITE_CSOCK_NAME'] = join(folder, 'run', 'pcscd.comm')
  let running = await begin()
  return {
    readers: ['Practice reader 00 00', 'Practice reader 00 01'],
    places: [{ path: join(folder, 'slot-0') }, { path: join(folder, 'slot-1') }],
    halt: () => end(running),
    start: async () => {
      running = await begin()
    },
    stop: async () => {
      await end(running)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const script = `
set -e
PATH=$PATH:/usr/sbin:/sbin
mount -t tmpfs none /run
mkdir /run/pcscd
mount --bind '${folder}/run' /run/pcscd
ip link set lo up
ip route change local 127.0.0.1 dev lo table local quickack 1
rm -f '${folder}'/slot-* '${folder}'/run/*
# When the test ends in whatever way, so does its end of the standard input, and with it all that was started here.
exec 3<&0
(cat <&3 >'${folder}'/heard; kill -KILL -$$) &
for slot in 0 1; do
  socat -t0 UNIX-LISTEN:'${folder}'/slot-$slot,fork TCP:127.0.0.1:$((${firstPort} + slot)),nodelay 2>/dev/null &
done
until [ -S '${folder}/slot-0' ] && [ -S '${folder}/slot-1' ]; do sleep 0.02; done
exec pcscd --foreground --info --config '${folder}/readers'
`

/** A process group of its own: the service, and the sockets that lead to its readers. */
function begin(): Promise<ChildProcess> {
  const asUser = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const service = spawn('unshare', [...asUser, '--mount', '--net', 'sh', join(folder, 'start.sh')], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    let told = ''
    const hear = (bytes: Buffer) => {
      told += bytes.toString()
      if (!/daemon ready/.test(told)) return
      service.stdout.off('data', hear)
      service.stdout.resume()
      resolve(service)
    }
    service.stdout.on('data', hear)
    service.stderr.on('data', hear)
    service.once('exit', () => reject(new Error(`pcscd did not start: ${told}`)))
  })
}

async function end(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null || service.pid === undefined) return
  const gone = new Promise<void>((resolve) => service.once('exit', () => resolve()))
  process.kill(-service.pid, 'SIGKILL')
  await gone
}
