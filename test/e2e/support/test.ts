/** The test of this suite: a workspace of its own, a page on it, and a watch for card numbers on everything that page gets. */
import { test as base, expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { findChromium } from '../../support/tools.ts'
import { numbersIn, watchNumbers } from './numbers.ts'
import { openWorkspace } from './workspace.ts'
import type { Workspace } from './workspace.ts'

interface Options {
  /** Blanks in the machine's hopper; as furnished where undefined. */
  blanks: number | undefined
  /** A workspace with nobody and nothing in it. */
  empty: boolean
  /** Name of a reader on the desk for practice cards. */
  reader: string | undefined
  /** For the one way by which full card numbers may leave. */
  mayHoldNumbers: boolean
}

interface Fixtures {
  chromium: void
  workspace: Workspace
  /** A further page of the same person's browser, watched like the first. */
  secondPage: Page
}

const missing = 'chromium was not found: install it to run the end-to-end tests'

export const test = base.extend<Options & Fixtures>({
  blanks: [undefined, { option: true }],
  empty: [false, { option: true }],
  reader: [undefined, { option: true }],
  mayHoldNumbers: [false, { option: true }],

  chromium: [
    async ({}, use, info) => {
      const absent = findChromium() === undefined
      if (absent && process.env['CI']) throw new Error(missing)
      info.skip(absent, missing)
      await use()
    },
    { auto: true },
  ],
  workspace: async ({ blanks, empty, reader }, use) => {
    const workspace = await openWorkspace({ blanks, empty, reader })
    await use(workspace)
    await workspace.remove()
  },
  page: async ({ page, mayHoldNumbers }, use) => {
    const seen = watchNumbers(page)
    await use(page)
    if (mayHoldNumbers) return
    expect(seen(), 'full card numbers in messages to the page').toEqual([])
    expect(numbersIn(await page.content()), 'full card numbers in the page').toEqual([])
  },
  secondPage: async ({ context }, use) => {
    const page = await context.newPage()
    const seen = watchNumbers(page)
    await use(page)
    expect(seen(), 'full card numbers in messages to the page').toEqual([])
  },
})

export { expect }
