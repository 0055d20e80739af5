/**
 * The live state's hub: whoever listens gets one snapshot at once and numbered deltas from then on.
 * Changes of one turn of the event loop travel as one delta, a later value of an entity in the place of an earlier one;
 * so what waits here is never more than the live state itself.
 */
import type { Change, LiveMessage, LiveState } from '#shared/contract/live.ts'

export type LiveListener = (message: LiveMessage) => void

export interface LiveHub {
  /** Announces that entities have changed; `snapshot` must already show them. */
  change(...changes: readonly Change[]): void
  /** Snapshot now, deltas from then on. Returns the function that stops it. */
  listen(token: string, listener: LiveListener): () => void
  /** Ends every stream of the session with `signed-out`. */
  endSession(token: string): void
}

export interface LiveHubOptions {
  snapshot(): LiveState
  /** Hears of a listener that threw; the others are served all the same. */
  onBug(thrown: unknown): void
}

export function createLiveHub({ snapshot, onBug }: LiveHubOptions): LiveHub {
  const streams = new Set<{ token: string; listener: LiveListener }>()
  const waiting = new Map<string, Change>()
  let number = 0
  let scheduled = false

  function flush(): void {
    if (waiting.size === 0) return
    const message: LiveMessage = { type: 'delta', number: ++number, changes: [...waiting.values()] }
    waiting.clear()
    for (const stream of [...streams]) if (streams.has(stream)) send(stream.listener, message)
  }

  function send(listener: LiveListener, message: LiveMessage): void {
    try {
      listener(message)
    } catch (thrown) {
      onBug(thrown)
    }
  }

  return {
    change(...changes) {
      for (const change of changes) waiting.set(keyOf(change), change)
      if (scheduled) return
      scheduled = true
      queueMicrotask(() => {
        scheduled = false
        flush()
      })
    },
    listen(token, listener) {
      flush()
      const stream = { token, listener }
      streams.add(stream)
      send(listener, { type: 'snapshot', number, state: snapshot() })
      return () => void streams.delete(stream)
    },
    endSession(token) {
      for (const stream of [...streams]) {
        if (stream.token !== token) continue
        streams.delete(stream)
        send(stream.listener, { type: 'signed-out' })
      }
    },
  }
}

/** Changes with the same key speak of the same thing, and the last one holds. */
function keyOf(change: Change): string {
  switch (change.topic) {
    case 'device':
      return `device ${change.value.device}`
    case 'device-removed':
      return `device ${change.device}`
    case 'job':
      return `job ${change.value.job}`
    case 'run':
      return `run ${change.value.run}`
    case 'run-removed':
      return `run ${change.run}`
    case 'prompt':
      return `prompt ${change.value.id}`
    case 'prompt-removed':
      return `prompt ${change.prompt}`
    case 'log':
    case 'journal':
      return change.topic
  }
}
