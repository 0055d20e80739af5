/**
 * Carries the live state over a wire that may be slower than the news. Never more than `limit` messages are under way:
 * when the wire falls behind, the feed stops listening, and once all is delivered it listens anew, which begins with a
 * fresh snapshot. Nothing is lost by that, and nothing piles up.
 */
import type { LiveMessage } from '#shared/contract/live.ts'
import type { LiveListener } from './live.ts'

export interface FeedOptions {
  /** As `Core.listen`: undefined where the session has ended. */
  listen(listener: LiveListener): (() => void) | undefined
  /** Hands one message to the wire; `delivered` is called once the other side has taken it. */
  send(message: LiveMessage, delivered: () => void): void
  /** At least 2: the snapshot that ends a lag must not be a lag itself. */
  limit?: number
}

/** Returns the function that ends the feed, or undefined where the session has ended already. */
export function startFeed({ listen, send, limit = 64 }: FeedOptions): (() => void) | undefined {
  let stop: (() => void) | undefined
  let underWay = 0
  let state: 'listening' | 'behind' | 'ended' = 'listening'

  function deliver(message: LiveMessage): void {
    if (state === 'ended') return
    if (message.type === 'signed-out') end()
    underWay++
    send(message, once(delivered))
    if (underWay >= limit && state === 'listening') {
      state = 'behind'
      stop?.()
      stop = undefined
    }
  }

  function delivered(): void {
    underWay--
    if (state !== 'behind' || underWay > 0) return
    state = 'listening'
    if (!open()) deliver({ type: 'signed-out' })
  }

  function open(): boolean {
    const opened = listen(deliver)
    // The wire may have fallen behind, or the session ended, with the very first message.
    if (state === 'listening') stop = opened
    else opened?.()
    return opened !== undefined
  }

  function end(): void {
    state = 'ended'
    stop?.()
    stop = undefined
  }

  return open() ? end : undefined
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
