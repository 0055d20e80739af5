/** Full card numbers in text: the one thing that no screen, message or file of the log may hold. */
import type { Page } from '@playwright/test'
import { luhnHolds } from '#shared/card/number.ts'

/** Stands as the example in the shipped designs and belongs to no record of any sample. */
const example = '4000001234567899'

/** Runs of 13 to 19 digits that begin as payment cards do (ISO/IEC 7812-1) and satisfy Luhn, whether grouped or not. */
export function numbersIn(text: string): string[] {
  const runs = text.match(/(?<![\dA-Za-z.•])[2-6]\d{3}(?:[ \u00a0-]?\d{4}){2}[ \u00a0-]?\d{1,7}(?![\dA-Za-z.•])/g) ?? []
  return runs.filter((run) => {
    const digits = run.replaceAll(/\D/g, '')
    return digits !== example && luhnHolds(digits)
  })
}

/** Reads every message between page and host, the files in them included; answers the card numbers found so far. */
export function watchNumbers(page: Page): () => string[] {
  const seen = new Set<string>()
  const look = ({ payload }: { payload: string | Buffer }) => {
    const text = String(payload)
    const files = [...text.matchAll(/"base64":"([^"]+)"/g)].map(([, base64 = '']) => Buffer.from(base64, 'base64').toString('latin1'))
    for (const number of [text, ...files].flatMap(numbersIn)) seen.add(number)
  }
  page.on('websocket', (socket) => {
    socket.on('framereceived', look)
    socket.on('framesent', look)
  })
  return () => [...seen]
}
