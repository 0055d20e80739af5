/** Files as branches have them: wrong, in other alphabets, of fixed width, one card a line for the machine. */
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { cardFile } from './support/cards.ts'
import { savedBy } from './support/downloads.ts'
import { enter, openPage } from './support/people.ts'
import { choose, chooseFile, importCards } from './support/steps.ts'
import { expect, test } from './support/test.ts'

const sampleFile = (name: string) => fileURLToPath(new URL(`../../assets/samples/${name}`, import.meta.url))

test.beforeEach(async ({ page, workspace }) => {
  await enter(page, workspace, 'operator')
  await openPage(page, 'Jobs')
  await page.getByRole('button', { name: 'Import a file' }).click()
})

async function chooseSample(page: Page, name: string): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Choose a file…' }).click()])
  await chooser.setFiles(sampleFile(name))
}

test('all mistakes of a file at once, each with its line and column, to be saved for whoever made the file', async ({ page }) => {
  await chooseSample(page, 'branch-12-mistakes.csv')
  const mistakes = page.getByRole('region', { name: 'Mistakes of the file' })
  await expect(mistakes.getByRole('heading', { name: /^\d\d mistakes$/ })).toBeVisible()
  // Line 5 of the file: the number has the letter O. Line 8: there is no thirteenth month.
  await expect(mistakes.getByRole('row', { name: 'line 5 ' }).first()).toContainText('number')
  await expect(mistakes.getByRole('row', { name: 'line 8 ' }).first()).toContainText('expiry')
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()

  await mistakes.getByRole('searchbox', { name: 'Find in the mistakes' }).fill('cvv')
  await expect(mistakes.getByRole('row', { name: 'line 16 ' })).toBeVisible()
  await expect(mistakes.getByRole('row', { name: 'line 5 ' })).toBeHidden()
  const { name, text } = await savedBy(page, () => mistakes.getByRole('button', { name: 'Save as CSV' }).click())
  expect(name).toMatch(/mistakes\.csv$/)
  expect(text).toContain('cvv')
  expect(text).not.toMatch(/9B4/)
  await openPage(page, 'Jobs')
  await expect(page.getByRole('grid', { name: 'Jobs in the order in which they wait' }).getByRole('row')).toHaveCount(2)
})

test('a Windows-1251 file is read as such, and can be read otherwise', async ({ page }) => {
  await choose(page, 'Card design', /ID card/)
  await chooseSample(page, 'staff-id-1251.csv')
  await expect(page.getByRole('heading', { name: /^All \d+ cards are right$/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /Characters$/ })).toContainText('Windows-1251')
  const rows = page.getByRole('region', { name: 'The first rows of the file' })
  await expect(rows).toContainText(/[А-Яа-я]{4}/)
  await choose(page, 'Characters', 'CP866 (Cyrillic, DOS)')
  await expect(page.getByRole('button', { name: 'Guess again' })).toBeVisible()
  await expect(page.getByRole('button', { name: /Characters$/ })).toContainText('CP866')
})

test('one card a line, as machines take it', async ({ page }) => {
  await choose(page, 'Card design', /bureau/i)
  await chooseSample(page, 'bureau.dcc')
  await expect(page.getByRole('heading', { name: /^All \d+ cards are right$/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /Form$/ })).toContainText('One card a line (#DCC#)')
  await page.getByRole('button', { name: /^Import \d+ cards$/ }).click()
  await expect(page.getByRole('heading', { name: 'bureau' })).toBeVisible()
})

test('columns of fixed width', async ({ page }) => {
  await choose(page, 'Card design', /loyalty/i)
  await chooseSample(page, 'loyalty-fixed.txt')
  await expect(page.getByRole('button', { name: /Form$/ })).toBeVisible()
})

test('a number that was issued before is refused, by line', async ({ page, workspace }) => {
  await workspace.act({ do: 'speed', speed: 200 })
  await importCards(page, 2, 'First')
  await page.getByRole('button', { name: 'Make these cards' }).click()
  await page.getByRole('button', { name: 'Start: 2 cards' }).click()
  await expect(page.getByRole('region', { name: 'Run' })).toContainText('All cards of this job have their end.')
  await openPage(page, 'Jobs')
  await page.getByRole('button', { name: 'Import a file' }).click()
  await chooseFile(page, 'again.csv', cardFile(3))
  const mistakes = page.getByRole('region', { name: 'Mistakes of the file' })
  await expect(mistakes.getByRole('heading', { name: '2 mistakes' })).toBeVisible()
  await expect(mistakes.getByRole('row', { name: 'line 2 ' })).toContainText('number')
  await expect(mistakes.getByRole('row', { name: 'line 3 ' })).toContainText('number')
})

test('a file can be dropped on the page', async ({ page }) => {
  const box = await page.locator('.import-drop').boundingBox()
  const devtools = await page.context().newCDPSession(page)
  const at = { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 20, data: { items: [], files: [sampleFile('branch-12-mistakes.csv')], dragOperationsMask: 1 } }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await devtools.send('Input.dispatchDragEvent', { type, ...at })
  await expect(page.getByText('branch-12-mistakes.csv')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Mistakes of the file' })).toBeVisible()
})
