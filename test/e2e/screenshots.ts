/**
 * The pictures of the user's guide, docs/images/*.png: `node test/e2e/screenshots.ts`. Takes five minutes, since the
 * machine in them runs at its real speed.
 */
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import type { Page } from '@playwright/test'
import config from './playwright.config.ts'
import setUp from './global-setup.ts'
import { asUpload, cardFile } from './support/cards.ts'
import { enter, openPage } from './support/people.ts'
import { clearJam, countOf, placesOf } from './support/steps.ts'
import { openWorkspace } from './support/workspace.ts'
import type { Workspace } from './support/workspace.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const take = (page: Page, name: string) => page.screenshot({ path: path(`../../docs/images/${name}.png`) })

const tearDown = await setUp()
const browser = await chromium.launch(config.use?.launchOptions)
try {
  await picture(takeRun)
  await picture(takeImport)
  await picture(takeDesign)
  await picture(takeWorkbench)
} finally {
  await browser.close()
  tearDown?.()
}

async function picture(scene: (page: Page, workspace: Workspace) => Promise<void>): Promise<void> {
  const { viewport, locale, timezoneId, colorScheme } = config.use ?? {}
  const context = await browser.newContext({ viewport: viewport!, locale: locale!, timezoneId: timezoneId!, colorScheme: colorScheme!, reducedMotion: 'reduce' })
  const workspace = await openWorkspace()
  try {
    await scene(await context.newPage(), workspace)
  } finally {
    await context.close()
    await workspace.remove()
  }
}

/** A run at the machine's own pace with one card spoiled at its beginning, a question, and what the log says afterwards. */
async function takeRun(page: Page, workspace: Workspace): Promise<void> {
  const { panel, sheet } = placesOf(page)
  await enter(page, workspace, 'operator')
  await workspace.act({ do: 'arm', fault: { kind: 'alarm', status: 'H', stage: 'encode', moment: 'halfway', times: 1 } })
  await panel.getByRole('button', { name: 'Start: 25 cards' }).click()
  await clearJam(page)
  await countOf(page, 'good').filter({ hasText: '17' }).waitFor({ timeout: 400_000 })
  await page.getByRole('img', { name: /Card at: Embosser/ }).waitFor()
  await take(page, 'produce')

  await workspace.act({ do: 'arm', fault: { kind: 'alarm', status: 'O', stage: 'deliver', moment: 'halfway', times: 1 } })
  await sheet.waitFor({ timeout: 60_000 })
  await page.mouse.move(1270, 700)
  await take(page, 'question')

  await workspace.act({ do: 'speed', speed: 200 })
  const digits = /\d{4}$/.exec((await sheet.getByText(/^4000 00•• •••• \d{4}$/).first().textContent()) ?? '')?.[0] ?? ''
  await clearJam(page)
  await panel.getByRole('button', { name: /rejected.* again$/ }).click({ timeout: 60_000 })
  await panel.getByText('All cards of this job have their end.').waitFor({ timeout: 60_000 })
  await openPage(page, 'Log')
  await page.getByRole('searchbox', { name: 'Find' }).fill(digits)
  await page.getByRole('list', { name: 'What became of these cards' }).waitFor()
  await page.getByRole('row', { name: 'rejected' }).click()
  await page.getByRole('complementary').getByRole('listitem').first().waitFor()
  await take(page, 'log')
}

async function takeImport(page: Page, workspace: Workspace): Promise<void> {
  await enter(page, workspace, 'operator')
  await openPage(page, 'Jobs')
  await page.getByRole('button', { name: 'Import a file' }).click()
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Choose a file…' }).click()])
  await chooser.setFiles(path('../../assets/samples/branch-12-mistakes.csv'))
  await page.getByRole('region', { name: 'Mistakes of the file' }).waitFor()
  await take(page, 'import')
}

async function takeDesign(page: Page, workspace: Workspace): Promise<void> {
  await enter(page, workspace, 'designer')
  await page.getByRole('link', { name: /\bDebit card (?!with)/ }).click()
  await page.getByRole('tab', { name: 'Data' }).click()
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Longest values of a file…' }).click()])
  await chooser.setFiles(asUpload('july.csv', cardFile(8).replace('Wei Zhang', 'Maximilian Featherstone II')))
  await page.getByRole('button', { name: 'Put away' }).click()
  await page.getByRole('tab', { name: 'Lines' }).click()
  await page.getByRole('button', { name: 'Cardholder', exact: true }).click()
  await take(page, 'design')
}

/** Halted before a command of the payment application, its line marked. */
async function takeWorkbench(page: Page, workspace: Workspace): Promise<void> {
  await enter(page, workspace, 'designer')
  await openPage(page, 'Chip')
  const deed = (name: string) => page.getByRole('group', { name: 'Run the task' }).getByRole('button', { name, exact: true })
  await page.getByRole('button', { name: /^Debit card with a chip/ }).waitFor()
  await deed('Step').click()
  for (let command = 1; command <= 8; command++) {
    await page.getByText(`Halted before command ${command}`, { exact: true }).waitFor()
    if (command < 8) await deed('Step').click()
  }
  await page.mouse.move(1270, 700)
  await take(page, 'workbench')
}
