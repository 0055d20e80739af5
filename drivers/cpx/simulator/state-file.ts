/** Keeps a machine in a file, so that it stands as it stood when its program is started again. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Clock } from '#main/ports/clock.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Machine } from './machine.ts'
import { MachineState } from './state.ts'

/** Changes within this time are written together. */
const gathering = 100

/** The machine in the file, or undefined where there is no file. Throws `simulator.state-unreadable` (class data). */
export function readState(path: string): MachineState | undefined {
  if (!existsSync(path)) return undefined
  try {
    return MachineState.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new CardwrightError({ code: 'simulator.state-unreadable', class: 'data', place: path, values: { path } }, { cause })
  }
}

/** Writes the machine after its changes, whole or not at all. Returns the function that writes once more and stops. */
export function keepState(machine: Machine, path: string, clock: Clock): () => void {
  let due = false
  let stopped = false
  const write = () => {
    due = false
    writeFileSync(`${path}.new`, JSON.stringify(machine.save()), { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
  const writeSoon = async () => {
    await clock.sleep(gathering)
    if (!stopped) write()
  }
  const stopListening = machine.onChange(() => {
    if (due) return
    due = true
    void writeSoon()
  })
  write()
  return () => {
    stopped = true
    stopListening()
    write()
  }
}
