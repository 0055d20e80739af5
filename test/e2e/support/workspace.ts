/** A practice workspace in a temporary folder and the server process on it, as a test holds them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import type { SimulatorAction } from '#shared/device/simulator.ts'
import type { ServerOptions } from '../server.ts'

const serverFile = fileURLToPath(new URL('../server.ts', import.meta.url))

/** Names the folder of this run in the environment: built screens in `pages`, a furnished workspace in `furnished`. */
export const suiteVariable = 'CARDWRIGHT_E2E'

export interface Workspace {
  readonly folder: string
  /** To be opened in a browser. Another one after each start. */
  readonly address: string
  /** A hand at the practice machine. */
  act(action: SimulatorAction): Promise<void>
  /** Puts a practice card into the reader on the desk. */
  insert(card: PracticeCardType): Promise<void>
  /** One more practice machine. */
  addMachine(machine: { name: string; profile: string; mode: string }): Promise<void>
  /** As a power cut ends it: no goodbye, nothing written any more. */
  kill(): Promise<void>
  /** An orderly end. */
  stop(): Promise<void>
  /** The program again, on the same folder and port. */
  start(): Promise<void>
  /** Ends the program and removes the folder. */
  remove(): Promise<void>
}

/** Furnished once, copied for every test. */
export async function furnish(): Promise<void> {
  const server = await startServer({ folder: suiteFolder('furnished') })
  await server.stop()
}

export interface WorkspaceOptions {
  /** In the hopper of its machine; as furnished where absent. */
  blanks?: number | undefined
  /** Nobody and nothing is in it yet. */
  empty?: boolean
  /** Name of a reader on the desk for practice cards; those of this computer where absent. */
  reader?: string | undefined
}

export async function openWorkspace({ blanks, empty = false, reader }: WorkspaceOptions = {}): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), 'cardwright-e2e-'))
  if (!empty) cpSync(suiteFolder('furnished'), folder, { recursive: true })
  if (blanks !== undefined) rmSync(join(folder, 'practice'), { recursive: true })
  const always = { folder, demo: !empty, ...(reader !== undefined && { reader }) }
  let server = await startServer({ ...always, ...(blanks !== undefined && { blanks }) })
  return {
    folder,
    get address() {
      return server.address
    },
    act: (action) => server.order({ act: action }),
    insert: (card) => server.order({ card }),
    addMachine: (machine) => server.order({ add: machine }),
    kill: () => server.kill(),
    stop: () => server.stop(),
    async start() {
      server = await startServer({ ...always, port: server.port })
    },
    async remove() {
      await server.kill()
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

function suiteFolder(part: 'pages' | 'furnished' | 'compiled'): string {
  const folder = process.env[suiteVariable]
  if (folder === undefined) throw new Error(`${suiteVariable} names no folder: run the suite with its configuration`)
  return join(folder, part)
}

interface Server {
  address: string
  port: number
  order(order: unknown): Promise<void>
  kill(): Promise<void>
  stop(): Promise<void>
}

async function startServer(wanted: Partial<ServerOptions> & { folder: string }): Promise<Server> {
  const options: ServerOptions = { pages: suiteFolder('pages'), port: 0, blanks: 80, demo: true, ...wanted }
  const child = spawn(process.execPath, [serverFile, JSON.stringify(options)], {
    // Compiled once, started many times.
    env: { ...process.env, NODE_COMPILE_CACHE: suiteFolder('compiled') },
  })
  const complaints: string[] = []
  child.stderr.on('data', (data: Buffer) => complaints.push(data.toString()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`the server ended: ${complaints.join('')}`)
    return JSON.parse(value) as Record<string, unknown>
  }
  const order = async (what: unknown) => {
    child.stdin.write(`${JSON.stringify(what)}\n`)
    const { failed } = await answer()
    if (failed !== undefined) throw new Error(String(failed))
  }
  const ended = once(child, 'exit')
  const running = () => child.exitCode === null && child.signalCode === null
  const { address, port } = await answer()
  return {
    address: String(address),
    port: Number(port),
    order,
    async kill() {
      if (running()) child.kill('SIGKILL')
      await ended
    },
    async stop() {
      await order({ stop: true })
      await ended
    },
  }
}
