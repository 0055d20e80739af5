/** The control port: JSON lines in, one JSON line out for each, in their order. */
import type { Socket } from 'node:net'
import { z } from 'zod'
import { faultsOf, type Fault } from '#shared/faults.ts'
import { SimulatorAction, type MachinePicture } from '#shared/device/simulator.ts'
import type { Machine } from './machine.ts'
import type { Blank } from './plastic.ts'

const Question = z.object({ ask: z.enum(['ledger', 'picture']) })

export type ControlAnswer = { done: true } | { ledger: Blank[] } | { picture: MachinePicture } | { faults: readonly Fault[] }

const notUnderstood: Fault = { code: 'simulator.control-not-understood', class: 'data' }

const longestLine = 1_000_000

/** Does what one line asks. Never throws: what is wrong with the line is its answer. */
export function control(machine: Machine, line: string): ControlAnswer {
  try {
    const asked = z.union([Question, SimulatorAction]).safeParse(JSON.parse(line))
    if (!asked.success) return { faults: [notUnderstood] }
    if (!('ask' in asked.data)) {
      machine.act(asked.data)
      return { done: true }
    }
    return asked.data.ask === 'ledger' ? { ledger: machine.ledger() } : { picture: machine.picture() }
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return { faults: [notUnderstood] }
    return { faults: faultsOf(thrown) }
  }
}

/** Answers every line that comes over a socket. */
export function serveControl(machine: Machine, socket: Socket): void {
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk) => {
    text += String(chunk)
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    if (text.length > longestLine) return void socket.destroy()
    for (const line of lines) if (line.trim() !== '') socket.write(`${JSON.stringify(control(machine, line))}\n`)
  })
}
