/** The log: what became of every blank, by any of its traits, and in under a minute by four digits. */
import { numberOf } from './support/cards.ts'
import { enter, openPage } from './support/people.ts'
import { choose, clearJam, importAndStart, placesOf } from './support/steps.ts'
import { expect, test } from './support/test.ts'

test('filters, and the whole timeline of a card by four digits of its number', async ({ page, workspace }) => {
  const { panel } = placesOf(page)
  await workspace.act({ do: 'speed', speed: 200 })
  await workspace.act({ do: 'arm', fault: { kind: 'alarm', status: 'O', stage: 'deliver', moment: 'halfway', times: 1 } })
  await enter(page, workspace, 'operator')
  await importAndStart(page, 3)
  await clearJam(page)
  await panel.getByRole('button', { name: /rejected.* again$/ }).click()
  await expect(panel).toContainText('Blanks used: 4 = 3 good + 1 rejected.')

  await page.getByRole('button', { name: /your account$/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Arthur Abel' }).click()
  await openPage(page, 'Log')
  const count = page.getByRole('status').filter({ hasText: /attempt/ })
  await expect(count).toHaveText('4 attempts')

  await test.step('by result', async () => {
    await page.getByRole('button', { name: 'rejected' }).click()
    await expect(count).toHaveText('1 attempt')
    await expect(page.getByRole('grid')).toContainText('Output stacker fault')
    await page.getByRole('button', { name: 'good' }).click()
    await expect(count).toHaveText('4 attempts')
    await page.getByRole('button', { name: 'rejected' }).click()
    await expect(count).toHaveText('3 attempts')
    await page.getByRole('button', { name: 'Show everything' }).click()
  })

  await test.step('by reason, machine, operator and day', async () => {
    await choose(page, 'Reason', 'Output stacker fault')
    await expect(count).toHaveText('1 attempt')
    await choose(page, 'Reason', 'All reasons')
    await choose(page, 'Machine', 'Practice DC450')
    await choose(page, 'Operator', 'Olga Orlova')
    await expect(count).toHaveText('4 attempts')
    await page.getByLabel('Until').fill('2020-01-01')
    await expect(page.getByText('No attempt fits these filters')).toBeVisible()
    await page.getByRole('button', { name: 'Show everything' }).click()
    await expect(count).toHaveText('4 attempts')
  })

  await test.step('by four digits: both blanks of the card, and all that happened', async () => {
    await page.getByRole('searchbox', { name: 'Find' }).fill(numberOf(1).slice(-4))
    await expect(count).toHaveText('2 attempts')
    const answers = page.getByRole('list', { name: 'What became of these cards' })
    await expect(answers).toContainText('2 blanks')
    await answers.getByRole('link').click()
    const details = page.getByRole('complementary', { name: 'What became of this blank' })
    await expect(details).toContainText('J-000003/1.2')
    await expect(details.getByRole('heading', { name: 'All blanks used for this card' })).toBeVisible()
    await details.getByRole('link', { name: /J-000003\/1\.1/ }).click()
    await expect(details).toContainText('Output stacker fault')
    await expect(details).toContainText('by people who looked at the card')
    await expect(details.getByRole('listitem').filter({ hasText: 'Olga Orlova' }).first()).toBeVisible()
  })

  await test.step('the address holds filter and card', async () => {
    await page.reload()
    await expect(page.getByRole('heading', { name: /Sign in to/ })).toBeVisible()
    await page.getByRole('button', { name: 'Arthur Abel' }).click()
    await expect(page.getByRole('complementary', { name: 'What became of this blank' })).toContainText('J-000003/1.1')
    await expect(count).toHaveText('2 attempts')
  })
})
