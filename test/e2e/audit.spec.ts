/** The auditor: the chain verified, and a journal that somebody altered. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { enter, openPage } from './support/people.ts'
import { savedBy } from './support/downloads.ts'
import { expect, test } from './support/test.ts'

test('the auditor verifies the chain, reads a row and takes the journal along', async ({ page, workspace }) => {
  await enter(page, workspace, 'auditor')
  await openPage(page, 'Audit')
  await expect(page.getByRole('heading', { name: 'The journal is whole' })).toBeVisible()
  await page.getByRole('button', { name: 'Verify the whole chain' }).click()
  await expect(page.getByText(/^Verified at .* every seal holds\.$/)).toBeVisible()
  await expect(page.getByText('Head of the chain', { exact: true })).toBeVisible()

  const journal = page.getByRole('grid', { name: 'Facts of the journal, the newest first' })
  await page.getByRole('textbox', { name: 'Go to row' }).fill('1')
  await page.getByRole('textbox', { name: 'Go to row' }).press('Enter')
  await journal.getByRole('row').last().click()
  const row = page.getByRole('complementary', { name: 'Row 1' })
  await expect(row).toContainText('none: this is the first row')
  await page.keyboard.press('Escape')
  await expect(row).toBeHidden()

  const { text } = await savedBy(page, () => page.getByRole('button', { name: 'Export the journal' }).click())
  const rows = text.trim().split('\n').map((line) => JSON.parse(line) as { sequence: number; hash: string; previous: string })
  expect(rows.map((one) => one.sequence)).toEqual(rows.map((_, index) => index + 1))
  for (const [index, one] of rows.entries()) if (index > 0) expect(one.previous).toBe(rows[index - 1]?.hash)
})

test('a journal that was altered is told of at once, on every page', async ({ page, workspace }) => {
  await workspace.stop()
  const database = new DatabaseSync(join(workspace.folder, 'cardwright.db'))
  const row = database.prepare("SELECT sequence, body FROM journal WHERE body LIKE '%Debit July%'").get() as { sequence: number; body: string }
  database.exec('DROP TRIGGER journal_keeps_values')
  database.prepare('UPDATE journal SET body = ? WHERE sequence = ?').run(row.body.replace('Debit July', 'Debit June'), row.sequence)
  database.close()
  await workspace.start()

  await enter(page, workspace, 'auditor')
  await expect(page.getByText(`The journal has been altered or damaged from row ${row.sequence} on.`)).toBeVisible()
  await openPage(page, 'Audit')
  await expect(page.getByRole('heading', { name: `The chain is broken at row ${row.sequence}` })).toBeVisible()
  await page.getByRole('button', { name: 'Verify the whole chain' }).click()
  await expect(page.getByRole('heading', { name: `The chain is broken at row ${row.sequence}` })).toBeVisible()
})
