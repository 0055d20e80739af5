/** Time, the only way the core may know it. In tests and in the demo it is simulated. */
export interface Clock {
  /** Wall time, milliseconds since 1970 UTC. May jump. */
  now(): number
  /** Milliseconds from an arbitrary start; never goes back. */
  elapsed(): number
  /** Resolves after `milliseconds`, or rejects with the signal's reason when it is aborted first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}
