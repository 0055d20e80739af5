/** Who may do what: the pages of each role, new people, passwords, the locked screen. */
import { enter, openPage, people } from './support/people.ts'
import type { Part } from './support/people.ts'
import { expect, test } from './support/test.ts'

const pagesOf: Partial<Record<Part, string[]>> = {
  operator: ['Produce', 'Jobs', 'Log', 'Designs', 'Chip', 'Devices'],
  designer: ['Designs', 'Chip'],
  auditor: ['Jobs', 'Log', 'Designs', 'Chip', 'Audit', 'People'],
  custodian: ['Designs', 'Chip'],
  administrator: ['Produce', 'Jobs', 'Log', 'Designs', 'Chip', 'Devices', 'Audit', 'People'],
}

test('each role has its pages in the rail and no others, not by their address either', async ({ page, workspace }) => {
  await page.goto(workspace.address)
  for (const [part, pages] of Object.entries(pagesOf) as [Part, string[]][]) {
    await page.getByRole('button', { name: people[part].name }).click()
    const rail = page.getByRole('navigation', { name: 'Pages' })
    await expect(rail.getByRole('link')).toHaveText(pages)
    for (const other of ['produce', 'audit', 'people'].filter((id) => !pages.some((name) => name.toLowerCase() === id))) {
      await page.evaluate((id) => location.assign(`#/${id}`), other)
      await expect(page.getByRole('heading', { name: 'There is no such page, or your roles do not open it' })).toBeVisible()
    }
    await page.getByRole('button', { name: /your account$/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
  }
})

test('who may only look at designs and jobs finds nothing there to change', async ({ page, workspace }) => {
  await enter(page, workspace, 'auditor')
  await openPage(page, 'Jobs')
  await page.getByRole('row', { name: 'Debit July, branch 12' }).click()
  await expect(page.getByRole('button', { name: 'Protocol' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Close the job' })).toHaveCount(0)
  await expect(page.getByRole('checkbox')).toHaveCount(0)
  await openPage(page, 'Designs')
  await page.getByRole('link', { name: /\bDebit card (?!with)/ }).click()
  await expect(page.getByRole('textbox', { name: 'From the left, mm' })).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'From the left, mm' })).not.toBeEditable()
  await expect(page.getByRole('button', { name: /^Save/ })).toHaveCount(0)
})

test('an administrator adds a person, who signs in and changes the password; disabled, they are out', async ({ page, secondPage, workspace }) => {
  await enter(page, workspace, 'administrator')
  await openPage(page, 'People')
  await page.getByRole('button', { name: 'Add a person' }).click()
  const form = page.getByRole('dialog', { name: 'A new person' })
  await form.getByRole('button', { name: 'Add a person' }).click()
  await expect(form).toContainText('Enter a name.')
  await expect(form).toContainText('Choose at least one role.')
  await form.getByRole('textbox', { name: 'Name' }).fill('Nina Novak')
  await form.getByText(/^Operator/).click()
  await expect(form.getByRole('checkbox', { name: /^Operator/ })).toBeChecked()
  await form.getByLabel('First password').fill('first password')
  await form.getByRole('button', { name: 'Add a person' }).click()
  await expect(page.getByRole('row', { name: 'Nina Novak' })).toContainText('Operator')

  await test.step('the new person signs in', async () => {
    await secondPage.goto(workspace.address)
    await secondPage.getByRole('textbox', { name: 'Name' }).fill('Nina Novak')
    await secondPage.getByLabel('Password', { exact: true }).fill('first password')
    await secondPage.getByRole('button', { name: 'Sign in' }).click()
    await expect(secondPage.getByRole('button', { name: 'Start: 25 cards' })).toBeVisible()
    await secondPage.getByRole('button', { name: 'Nina Novak: your account' }).click()
    await secondPage.getByRole('menuitem', { name: 'Change password' }).click()
    await secondPage.getByLabel('Password now').fill('first password')
    await secondPage.getByLabel('New password').fill('second password')
    await secondPage.getByRole('button', { name: 'Save' }).click()
    await expect(secondPage.getByText('The password has been changed.')).toBeVisible()
  })

  await test.step('disabled, the person is signed out at once', async () => {
    const panel = page.getByRole('region', { name: 'Nina Novak' })
    await panel.getByText('May sign in').click()
    await panel.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Disable Nina Novak' }).click()
    await expect(page.getByRole('row', { name: 'Nina Novak' })).toContainText('disabled')
    await expect(secondPage.getByRole('button', { name: 'Sign in' })).toBeVisible()
  })
})

test('a locked screen hides the work and gives it back to its person', async ({ page, workspace }) => {
  await enter(page, workspace, 'operator')
  await openPage(page, 'Devices')
  await page.getByRole('button', { name: /your account$/ }).click()
  await page.getByRole('menuitem', { name: 'Lock the screen' }).click()
  await expect(page.getByRole('heading', { name: 'The screen is locked' })).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue(people.operator.name)
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill(people.operator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Practice DC450' })).toBeVisible()
})

test('language and theme are switched in place and stay', async ({ page, workspace }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await enter(page, workspace, 'operator')
  const light = await background()
  await page.getByRole('button', { name: 'Theme' }).click()
  await page.getByRole('menuitem', { name: 'Dark' }).click()
  await expect.poll(background).not.toBe(light)
  const dark = await background()
  await page.getByRole('button', { name: /Русский/ }).click()
  await expect(page.getByRole('button', { name: /^Начать|^Старт|^Пуск|25/ }).first()).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru')
  await page.reload()
  await expect(page.getByRole('heading', { name: /^Вход/ })).toBeVisible()
  expect(await background()).toBe(dark)
  await page.getByRole('button', { name: /English/ }).click()
  await expect(page.getByRole('heading', { name: /^Sign in to/ })).toBeVisible()
})
