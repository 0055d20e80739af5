/**
 * The intake thread: reads and checks one file, batch by batch as the main thread has room for them. It is the entry of its
 * own bundle (`intake-worker.js`), and runs as it stands under Node.
 */
import { createReadStream } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { CardwrightError, faultsOf } from '#shared/cardwright-error.ts'
import { checkTexts, type CheckedTexts } from './check-file.ts'
import type { FromWorker, IntakeOrder, ToWorker } from './worker-messages.ts'

if (parentPort !== null) void run(workerData as IntakeOrder, parentPort)

async function run(order: IntakeOrder, port: NonNullable<typeof parentPort>): Promise<void> {
  let credits = 0
  let wake: (() => void) | undefined
  let answer: ((indexes: readonly number[]) => void) | undefined
  const say = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)
  port.on('message', (message: ToWorker) => {
    if (message.type === 'issued') return answer?.(message.indexes)
    credits++
    wake?.()
  })
  const issued = (numbers: readonly string[]): Promise<readonly number[]> =>
    new Promise((resolve) => {
      answer = resolve
      say({ type: 'ask-issued', numbers })
    })
  try {
    const { path, options, design, limits, today, asksIssued } = order
    const context = { limits, today, issued: asksIssued ? issued : undefined }
    for await (const batch of checkTexts(fileBytes(path), options, design, context)) {
      while (credits === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      credits--
      sendBatch(batch, say)
    }
    say({ type: 'done' })
  } catch (thrown) {
    say({ type: 'failed', faults: faultsOf(thrown) })
  } finally {
    port.close()
  }
}

function sendBatch(batch: CheckedTexts, say: (message: FromWorker, transfer: ArrayBuffer[]) => void): void {
  const { cards, ...progress } = batch
  const lines = Uint32Array.from(cards, (card) => card.line)
  const texts: string[] = []
  for (const card of cards) for (const text of card.texts) texts.push(text)
  say({ type: 'batch', progress, lines, texts }, [lines.buffer])
}

async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array
  } catch (cause) {
    throw new CardwrightError({ code: 'intake.unreadable-file', class: 'operator' }, { cause })
  }
}
