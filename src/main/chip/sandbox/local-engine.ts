/**
 * Scripts in this thread, for simulated worlds: no clock, the same on every machine. Few built-in functions of the interpreter can't be
 * interrupted and would hold up the program as long as they take; the product uses `thread-engine.ts`.
 */
import type { ScriptEngine } from './engine.ts'
import { createInterpreter } from './interpreter.ts'
import type { Interpreter } from './interpreter.ts'

/** What the stack of a program's first thread has room for. */
const maxStackKilobytes = 96

export function createLocalEngine(): ScriptEngine {
  const interpreters = new Map<number, Promise<Interpreter>>()
  return {
    async run(program, host, signal) {
      const { memoryMegabytes } = program.limits
      const current = interpreters.get(memoryMegabytes) ?? createInterpreter({ maxStackKilobytes, memoryMegabytes })
      interpreters.set(memoryMegabytes, current)
      const interpreter = await current
      const ending = await interpreter.run(program, host, signal)
      if (!interpreter.healthy && interpreters.get(memoryMegabytes) === current) interpreters.delete(memoryMegabytes)
      return ending
    },
    close: () => Promise.resolve(),
  }
}
