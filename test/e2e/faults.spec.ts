/** Each fault that stops a run, as the operator meets it: what happened, what is certain, what to do. */
import { enter, people } from './support/people.ts'
import { countOf, importAndStart, placesOf } from './support/steps.ts'
import { expect, test } from './support/test.ts'

test.beforeEach(async ({ page, workspace }) => {
  await workspace.act({ do: 'speed', speed: 200 })
  await enter(page, workspace, 'operator')
})

test('an open cover: the machine waits, and the card is finished when it is closed', async ({ page, workspace }) => {
  const { sheet, panel, answer } = placesOf(page)
  await workspace.act({ do: 'speed', speed: 5 })
  await importAndStart(page, 3)
  await page.getByRole('button', { name: 'Open the cover' }).click()
  await expect(sheet.getByRole('heading', { name: 'The machine waits for you' })).toBeVisible()
  await expect(sheet).toContainText('Close the cover.')
  await page.getByRole('button', { name: 'Close the cover' }).click()
  await workspace.act({ do: 'speed', speed: 200 })
  await answer('Done, go on')
  await expect(panel).toContainText('Blanks used: 3 = 3 good + 0 rejected.')
})

test('a stripe that can not be written: the card is led out, and made again by one click', async ({ page, workspace }) => {
  const { sheet, panel, answer } = placesOf(page)
  await workspace.act({ do: 'arm', fault: { kind: 'alarm', status: 'H', stage: 'encode', moment: 'halfway', times: 1 } })
  await importAndStart(page, 3)
  await expect(sheet).toBeVisible()
  await answer(/spoiled/)
  await answer('Yes, that is so')
  await expect(countOf(page, 'rejected')).toHaveText('1')
  await panel.getByRole('button', { name: /rejected.* again$/ }).click()
  await expect(panel).toContainText('Blanks used: 4 = 3 good + 1 rejected.')
  await expect(countOf(page, 'good')).toHaveText('3')
})

test('a second signature is a second person’s: not one’s own, not with a wrong password', async ({ page, workspace }) => {
  const { sheet, answer } = placesOf(page)
  await workspace.act({ do: 'arm', fault: { kind: 'alarm', status: 'O', stage: 'deliver', moment: 'after', times: 1 } })
  await importAndStart(page, 1)
  await answer('It is complete')
  const sign = async (name: string, password: string) => {
    await sheet.getByRole('textbox', { name: 'Second person' }).fill(name)
    await sheet.getByRole('textbox', { name: 'Their password' }).fill(password)
    await answer('Yes, that is so')
  }
  await sign(people.operator.name, people.operator.password)
  await expect(sheet.getByRole('alert')).toContainText('This person can not sign here.')
  await sign(people.second.name, 'wrong')
  // The same words: a wrong password tells nobody whether the name was right.
  await expect(sheet.getByRole('alert')).toContainText('This person can not sign here.')
  await expect(countOf(page, 'in doubt')).toHaveText('1')
  await sign(people.second.name, people.second.password)
  await expect(countOf(page, 'good')).toHaveText('1')
})

test('a choice that is for good can be taken back before it is made', async ({ page, workspace }) => {
  const { sheet, answer } = placesOf(page)
  await workspace.act({ do: 'arm', fault: { kind: 'alarm', status: 'N', stage: 'topper', moment: 'halfway', times: 1 } })
  await importAndStart(page, 1)
  await answer('It is spoiled')
  await expect(sheet).toContainText('This is for good.')
  await expect(sheet.getByRole('button', { name: 'Back' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(sheet.getByRole('button', { name: 'It is complete' })).toBeVisible()
  await expect(countOf(page, 'in doubt')).toHaveText('1')
})

test('faults are armed and called off from the screen', async ({ page }) => {
  const { sheet, panel } = placesOf(page)
  await page.getByRole('button', { name: 'Faults…' }).click()
  const faults = page.getByRole('dialog', { name: 'Faults to practise on' })
  await faults.getByRole('button', { name: /What goes wrong$/ }).click()
  await page.getByRole('option', { name: 'Foil break' }).or(page.getByRole('option', { name: /\(E\)$/ })).first().click()
  await faults.getByRole('button', { name: 'Arm the fault' }).click()
  await expect(faults.getByRole('listitem')).toHaveCount(1)
  await faults.getByRole('button', { name: 'Call it off' }).click()
  await expect(faults).toContainText('Nothing will go wrong.')
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await expect(panel.getByRole('button', { name: 'Start: 25 cards' })).toBeEnabled()
})
