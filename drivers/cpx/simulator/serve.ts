/** Serves a machine to other programs: its line on a pseudo terminal or a loopback port, its hands on a control port. */
import type { Clock } from '#main/ports/clock.ts'
import type { MachineModule, SimulatorMode, SimulatorModel } from '#shared/device/simulator.ts'
import { serveControl } from './control.ts'
import { Machine } from './machine.ts'
import { openPty } from './pty.ts'
import { keepState, readState } from './state-file.ts'
import { listen, socketLink } from './tcp.ts'

export type ServedLink = { kind: 'pty'; path: string } | { kind: 'tcp'; port: number }

export interface ServeOptions {
  model: SimulatorModel
  mode?: SimulatorMode
  link: ServedLink
  /** Loopback port for actions and questions as JSON lines; 0 takes any free one. */
  control?: number
  /** Where the machine is kept. A file that exists wins over `model`, `mode` and `blanks`. */
  stateFile?: string
  clock: Clock
  /** Times as fast as the real machine. */
  speed?: number
  /** In the hopper of a fresh machine. */
  blanks?: number
  onModule?: (module: MachineModule | undefined) => void
}

export interface Served {
  machine: Machine
  /** Where a host reaches it: `/tmp/dc450`, `127.0.0.1:4500`. */
  address: string
  controlPort: number | undefined
  /** Lets go of lines and ports; the machine is kept in its file. */
  stop: () => Promise<void>
}

/** Throws `simulator.*` faults: socat missing, port taken, state unreadable, mode not fitted. */
export async function serveSimulator(options: ServeOptions): Promise<Served> {
  const { model, mode, speed, blanks, link, control, stateFile, clock, onModule } = options
  const kept = stateFile === undefined ? undefined : readState(stateFile)
  const fresh = { model, ...(mode && { mode }), ...(blanks !== undefined && { blanks }) }
  const machine = new Machine({ clock, start: kept === undefined ? fresh : { state: kept }, ...(onModule && { onModule }) })
  if (speed !== undefined) machine.act({ do: 'speed', speed })
  const line = await openLine(machine, link, clock)
  try {
    const controlled = control === undefined ? undefined : await listen(control, (socket) => serveControl(machine, socket))
    const stopKeeping = stateFile === undefined ? undefined : keepState(machine, stateFile, clock)
    return {
      machine,
      address: line.address,
      controlPort: controlled?.port,
      stop: async () => {
        stopKeeping?.()
        // What is kept is the machine at work; this one must not go on beside it.
        machine.act({ do: 'power', on: false })
        await Promise.all([line.stop(), controlled?.stop()])
      },
    }
  } catch (thrown) {
    await line.stop()
    throw thrown
  }
}

async function openLine(machine: Machine, link: ServedLink, clock: Clock): Promise<{ address: string; stop(): Promise<void> }> {
  if (link.kind === 'pty') {
    const pty = await openPty(link.path, clock)
    machine.attach(pty)
    return { address: link.path, stop: () => pty.close() }
  }
  let taken = false
  const server = await listen(link.port, (socket) => {
    // A serial line has one host; whoever comes second finds it taken.
    if (taken) return void socket.destroy()
    taken = true
    const detach = machine.attach(socketLink(socket))
    socket.once('close', () => {
      taken = false
      detach()
    })
  })
  return { address: `127.0.0.1:${server.port}`, stop: server.stop }
}
