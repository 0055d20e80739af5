/** The designer: a line moved by half a millimetre, checked at once on the longest values of a file. */
import { asUpload, cardFile } from './support/cards.ts'
import { enter } from './support/people.ts'
import { expect, test } from './support/test.ts'

test('the designer moves the name by 0.5 mm and sees at once whether the longest name still fits', async ({ page, workspace }) => {
  await enter(page, workspace, 'designer')
  await page.getByRole('list', { name: 'Card designs' }).getByRole('link', { name: 'Debit card' }).click()
  const lines = page.getByRole('group', { name: /^Lines of the card/ })
  await lines.getByRole('button', { name: 'Cardholder' }).click()
  const left = page.getByRole('textbox', { name: 'From the left, mm' })
  const before = Number(await left.inputValue())

  await test.step('the longest values of a file', async () => {
    await page.getByRole('tab', { name: 'Data' }).click()
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Longest values of a file…' }).click()])
    await chooser.setFiles(asUpload('july.csv', cardFile(8).replace('Wei Zhang', 'Maximilian Featherstone II')))
    await page.getByRole('tab', { name: 'Lines' }).click()
  })

  await test.step('moved by half a millimetre with the keyboard: it still fits', async () => {
    await left.focus()
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowUp')
    await expect(left).toHaveValue(String(Math.round((before + 0.5) * 1000) / 1000))
    await expect(page.getByRole('status').filter({ hasText: /^x / })).toBeVisible()
    await page.screenshot({ path: '/tmp/e2e/design2.png' })
  })

  await test.step('moved too far: the check says so, and nothing is hidden', async () => {
    await left.fill('60')
    await page.screenshot({ path: '/tmp/e2e/design3.png' })
    await expect(page.getByRole('region', { name: /checks/i })).toBeVisible()
  })
})
