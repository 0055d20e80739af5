/** The designer: a line moved by half a millimetre, checked at once on the longest values of a file. */
import { asUpload, cardFile } from './support/cards.ts'
import { enter } from './support/people.ts'
import { expect, test } from './support/test.ts'

test('the designer moves the name by 0.5 mm and sees at once whether the longest name still fits', async ({ page, workspace }) => {
  await enter(page, workspace, 'designer')
  await page.getByRole('list', { name: 'Card designs' }).getByRole('link', { name: /\bDebit card (?!with)/ }).click()
  const lines = page.getByRole('group', { name: /^Lines of the card/ })
  await lines.getByRole('button', { name: 'Cardholder' }).click()
  const checks = page.getByRole('region', { name: 'Checks' }).or(page.getByRole('status', { name: 'Checks' }))
  const bottom = page.getByRole('textbox', { name: 'From the bottom, mm' })
  const left = page.getByRole('textbox', { name: 'From the left, mm' })
  const position = page.getByRole('status').filter({ hasText: /^x / })
  const before = Number(await bottom.inputValue())

  await test.step('the longest values of a file', async () => {
    await page.getByRole('tab', { name: 'Data' }).click()
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Longest values of a file…' }).click()])
    await chooser.setFiles(asUpload('july.csv', cardFile(8).replace('Wei Zhang', 'Maximilian Featherstone II')))
    await page.getByRole('tab', { name: 'Lines' }).click()
    await expect(page.getByText('26 of 26 characters')).toBeVisible()
    await expect(checks).toHaveText('Everything fits on Datacard 450')
  })

  await test.step('half a millimetre up, by keyboard: it still fits', async () => {
    await bottom.focus()
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowUp')
    await expect(bottom).toHaveValue(String(Math.round((before + 0.5) * 1000) / 1000))
    await expect(position).toContainText(`y ${(before + 0.5).toFixed(2)} mm`)
    await expect(checks).toHaveText('Everything fits on Datacard 450')
  })

  await test.step('too far to the right: the checks say what does not fit, and undo takes it back', async () => {
    await left.fill('60')
    await expect(checks).toContainText('there is room for 7')
    await expect(page.getByRole('button', { name: 'Cardholder has a mistake', exact: true })).toBeVisible()
    await left.blur()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(checks).toHaveText('Everything fits on Datacard 450')
    await expect(bottom).toHaveValue(String(Math.round((before + 0.5) * 1000) / 1000))
  })

  await test.step('saved as a revision of its own', async () => {
    await page.getByRole('button', { name: 'Save as revision 2' }).click()
    await expect(page.getByText('Saved as revision 2.')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Save as revision 3' })).toBeDisabled()
  })
})

test('a line is moved on the card itself, by arrows and by the mouse', async ({ page, workspace }) => {
  await enter(page, workspace, 'designer')
  await page.getByRole('list', { name: 'Card designs' }).getByRole('link', { name: /\bDebit card (?!with)/ }).click()
  const line = page.getByRole('button', { name: /^Cardholder: / })
  const before = Number(/([\d.]+) mm from the bottom/.exec((await line.getAttribute('aria-label')) ?? '')?.[1])

  await test.step('arrows', async () => {
    await line.focus()
    await page.keyboard.press('Shift+ArrowUp')
    await page.keyboard.press('ArrowUp')
    await expect(line).toHaveAccessibleName(new RegExp(`${(before + 1.1).toFixed(2)} mm from the bottom`))
    await expect(page.getByRole('status').filter({ hasText: /^x / })).toContainText(`y ${(before + 1.1).toFixed(2)} mm`)
  })

  await test.step('the mouse', async () => {
    const box = await line.boundingBox()
    const [x, y] = [(box?.x ?? 0) + 40, (box?.y ?? 0) + (box?.height ?? 0) / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x, y + 20, { steps: 4 })
    await page.mouse.up()
    const after = Number(/([\d.]+) mm from the bottom/.exec((await line.getAttribute('aria-label')) ?? '')?.[1])
    expect(after).toBeLessThan(before)
    await page.keyboard.press('Control+z')
    await expect(line).toHaveAccessibleName(new RegExp(`${(before + 1.1).toFixed(2)} mm from the bottom`))
  })
})
