/** What people do again and again, in the words of the English screens. */
import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'
import { asUpload, cardFile } from './cards.ts'
import { openPage } from './people.ts'

export interface RunPlaces {
  panel: Locator
  /** The sheet that a question is asked on. */
  sheet: Locator
  lastCards: Locator
  answer(name: string | RegExp): Promise<void>
}

export function placesOf(page: Page): RunPlaces {
  const sheet = page.getByRole('dialog')
  return {
    panel: page.getByRole('region', { name: 'Run', exact: true }),
    sheet,
    lastCards: page.getByRole('grid', { name: 'Last cards' }),
    answer: (name) => sheet.getByRole('button', { name }).click(),
  }
}

/** The count beside a result's word in the run's panel, such as `good 7`. */
export function countOf(page: Page, result: 'good' | 'rejected' | 'in doubt' | 'skipped' | 'waiting'): Locator {
  return placesOf(page).panel.getByRole('listitem').filter({ hasText: result }).getByRole('strong')
}

export async function chooseFile(page: Page, name: string, text: string): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /^(Choose a file…|Another file…)$/ }).click()])
  await chooser.setFiles(asUpload(name, text))
}

/** A small job of its own, and its page. */
export async function importCards(page: Page, count: number, name = 'Morning'): Promise<void> {
  await openPage(page, 'Jobs')
  await page.getByRole('button', { name: 'Import a file' }).click()
  await chooseFile(page, 'morning.csv', cardFile(count))
  await page.getByRole('textbox', { name: 'Name of the job' }).fill(name)
  await page.getByRole('button', { name: `Import ${cards(count)}` }).click()
  await page.getByRole('heading', { name, exact: true }).waitFor()
}

/** A small job of its own on the Produce page, under way. */
export async function importAndStart(page: Page, count: number): Promise<void> {
  await importCards(page, count)
  await page.getByRole('button', { name: 'Make these cards' }).click()
  await page.getByRole('button', { name: `Start: ${cards(count)}` }).click()
}

/** A card is stuck: it is taken out, and counted as spoiled. */
export async function clearJam(page: Page): Promise<void> {
  const { sheet, answer } = placesOf(page)
  await sheet.waitFor()
  await page.getByRole('button', { name: 'Take the card out' }).click()
  await answer('It is spoiled')
  await answer('Yes, that is so')
}

export async function closeJob(page: Page): Promise<void> {
  const { panel } = placesOf(page)
  await panel.getByRole('button', { name: 'Close the job' }).click()
  await panel.getByRole('button', { name: 'Close it for good' }).click()
  await panel.getByText('The job is closed and sealed.').waitFor()
}

export async function pickInMenu(page: Page, button: string | RegExp, entry: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

export async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  const wanted = page.getByRole('option', { name: option })
  // A list whose options are still on their way does not open.
  await expect(async () => {
    await page.getByRole('button', { name: new RegExp(`${label}$`) }).click()
    await wanted.waitFor({ timeout: 2000 })
  }).toPass()
  await wanted.click()
}

function cards(count: number): string {
  return `${count} ${count === 1 ? 'card' : 'cards'}`
}
