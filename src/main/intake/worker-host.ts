/** The main thread's end of the intake thread: asks for one batch at a time, so that cards are never made ahead of the store. */
import { Worker } from 'node:worker_threads'
import { CardwrightError, type Fault } from '#shared/faults.ts'
import type { CardDesign } from '#shared/design/design.ts'
import { assembleCard } from '#shared/design/render.ts'
import type { SourceOptions } from '#shared/design/source.ts'
import type { PreparationContext } from '#main/prep/prepare.ts'
import type { CheckedBatch } from './check-file.ts'
import { textsPerCard, type FromWorker, type IntakeOrder, type ToWorker } from './worker-messages.ts'

/** The thread's entry: a source file under Node, `intake-worker.js` beside the bundle of the main process. */
export function workerEntry(here: string): URL {
  return here.endsWith('.ts') ? new URL('./worker.ts', here) : new URL('./intake-worker.js', here)
}

/**
 * Checks a file in a thread of its own. Batches are as those of `checkFile`; the next one is made while the consumer works on
 * the last. Leaving the loop early ends the thread.
 * @throws CardwrightError as `checkFile`, and `intake.unreadable-file`, `intake.thread-ended`
 */
export async function* checkFileInThread(
  path: string,
  options: SourceOptions,
  design: CardDesign,
  context: PreparationContext,
): AsyncGenerator<CheckedBatch> {
  const { limits, today, issued } = context
  const order: IntakeOrder = { path, options, design, limits, today, asksIssued: issued !== undefined }
  const worker = new Worker(workerEntry(import.meta.url), { workerData: order, name: 'intake', resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 24 } })
  const say = (message: ToWorker): void => worker.postMessage(message)
  const inbox = createInbox(worker)
  say({ type: 'credit' })
  say({ type: 'credit' })
  try {
    for (;;) {
      const message = await inbox.next()
      if (message.type === 'done') return
      if (message.type === 'failed') throw new CardwrightError(message.faults)
      if (message.type === 'ask-issued') {
        say({ type: 'issued', indexes: (await issued?.(message.numbers)) ?? [] })
        continue
      }
      yield { ...message.progress, cards: cardsOf(message, design) }
      say({ type: 'credit' })
    }
  } finally {
    await worker.terminate()
  }
}

function cardsOf(message: FromWorker & { type: 'batch' }, design: CardDesign): CheckedBatch['cards'] {
  const size = textsPerCard(design)
  return Array.from(message.lines, (line, index) => ({ line, card: assembleCard(design, message.texts, index * size) }))
}

/** Messages of the thread in their order; its end or failure comes as a last one. */
function createInbox(worker: Worker): { next: () => Promise<FromWorker> } {
  const waiting: FromWorker[] = []
  let wake: (() => void) | undefined
  const put = (message: FromWorker): void => {
    waiting.push(message)
    wake?.()
  }
  const failed = (fault: Fault): void => put({ type: 'failed', faults: [fault] })
  worker.on('message', put)
  worker.on('error', (error) => failed({ code: 'intake.thread-ended', class: 'bug', values: { name: error instanceof Error ? error.name : 'unknown' } }))
  worker.on('exit', (code) => failed({ code: 'intake.thread-ended', class: 'bug', values: { name: String(code) } }))
  return {
    next: async () => {
      for (;;) {
        const message = waiting.shift()
        if (message !== undefined) return message
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
