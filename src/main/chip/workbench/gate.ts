/** The gate before each command: open, or opened for one command at a time. */
export interface Gate {
  set(how: 'open' | 'step'): void
  /** Lets one command through and halts before the next; where nothing waits, the next command halts. */
  once(): void
  /** Whether a command may go without waiting. */
  opens(): boolean
  /** Until it is opened. Rejects with the signal's reason when that is aborted first. */
  wait(signal: AbortSignal): Promise<void>
}

export function createGate(): Gate {
  let open = true
  let waiting: (() => void) | undefined
  const pass = () => {
    waiting?.()
    waiting = undefined
  }
  return {
    set(how) {
      open = how === 'open'
      if (open) pass()
    },
    once() {
      open = false
      pass()
    },
    opens: () => open,
    wait: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error)
        const give = () => reject(signal.reason as Error)
        signal.addEventListener('abort', give, { once: true })
        waiting = () => {
          signal.removeEventListener('abort', give)
          resolve()
        }
      }),
  }
}
