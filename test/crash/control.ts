/** A hand and an eye at the served machine: one JSON line for each, in their order. */
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import type { ControlAnswer } from '#drivers/cpx/simulator/control.ts'
import type { Blank } from '#drivers/cpx/simulator/plastic.ts'
import type { MachinePicture, SimulatorAction } from '#shared/device/simulator.ts'

export function openControl(port: number) {
  const socket = connect({ host: '127.0.0.1', port })
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const ask = async (question: SimulatorAction | { ask: 'ledger' | 'picture' }): Promise<ControlAnswer> => {
    socket.write(`${JSON.stringify(question)}\n`)
    const line = await lines.next()
    if (line.done === true) throw new Error('the machine is gone')
    const answer = JSON.parse(line.value) as ControlAnswer
    if ('faults' in answer) throw new Error(JSON.stringify(answer.faults))
    return answer
  }
  return {
    act: async (action: SimulatorAction): Promise<void> => void (await ask(action)),
    ledger: async (): Promise<Blank[]> => ((await ask({ ask: 'ledger' })) as { ledger: Blank[] }).ledger,
    picture: async (): Promise<MachinePicture> => ((await ask({ ask: 'picture' })) as { picture: MachinePicture }).picture,
    close: () => socket.destroy(),
  }
}
export type Control = ReturnType<typeof openControl>
