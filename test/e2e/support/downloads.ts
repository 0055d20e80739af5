/** Files that a page hands to the person. */
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'

export interface Saved {
  name: string
  bytes: Buffer
  text: string
}

/** What is saved when `act` is done. */
export async function savedBy(page: Page, act: () => Promise<unknown>): Promise<Saved> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()])
  const bytes = readFileSync(await download.path())
  return { name: download.suggestedFilename(), bytes, text: bytes.toString('utf8') }
}
