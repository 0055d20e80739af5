/** The first ten minutes, word by word as docs/guide.md tells them to a newcomer. */
import { savedBy } from './support/downloads.ts'
import { choose, countOf, pickInMenu, placesOf } from './support/steps.ts'
import { expect, test } from './support/test.ts'

test('the first ten minutes of the guide', async ({ page, workspace }) => {
  test.setTimeout(120_000)
  const { panel, sheet, answer } = placesOf(page)
  const arm = async (trouble: string) => {
    await page.getByRole('button', { name: 'Faults…' }).click()
    await choose(page, 'What goes wrong', trouble)
    await page.getByRole('button', { name: 'Arm the fault' }).click()
    await page.keyboard.press('Escape')
  }

  await test.step('minute 1: sign in', async () => {
    await page.goto(workspace.address)
    await page.getByRole('button', { name: 'Olga Orlova' }).click()
  })

  await test.step('minute 2: start', async () => {
    await expect(panel.getByRole('button', { name: /^Debit July, branch 12/ })).toBeVisible()
    await panel.getByRole('button', { name: 'Start: 25 cards' }).click()
    await expect(panel.getByRole('status')).toHaveText('Making cards')
  })

  await test.step('minute 4: a fault in the middle', async () => {
    await arm('Output stacker fault (O)')
    await pickInMenu(page, /^Speed of the practice machine/, '100×')
    await expect(sheet).toContainText('Output stacker fault')
    await page.getByRole('button', { name: 'Take the card out' }).click()
    await answer('It is spoiled')
    await answer('Yes, that is so')
    await expect(countOf(page, 'rejected')).toHaveText('1')
  })

  await test.step('minute 6: an empty hopper', async () => {
    await arm('Hopper empty (Z)')
    await expect(sheet).toContainText('Put blanks into the hopper.')
    await page.getByRole('button', { name: 'Fill the hopper' }).click()
    await answer('Done, go on')
  })

  await test.step('minute 8: the rejected card again', async () => {
    await panel.getByRole('button', { name: 'Make 1 rejected again' }).click({ timeout: 60_000 })
    await expect(panel).toContainText('Blanks used: 26 = 25 good + 1 rejected.')
  })

  await test.step('minute 9: close the job', async () => {
    await panel.getByRole('button', { name: 'Close the job' }).click()
    await panel.getByRole('button', { name: 'Close it for good' }).click()
    await expect(panel).toContainText('The job is closed and sealed.')
  })

  await test.step('minute 10: the protocol', async () => {
    for (const format of ['PDF', 'CSV', 'JSON']) {
      const { name, bytes } = await savedBy(page, () => pickInMenu(page, /^Protocol/, new RegExp(format)))
      expect(name.toUpperCase()).toMatch(new RegExp(`${format}$`))
      expect(bytes.length).toBeGreaterThan(1000)
    }
  })
})
