/** The program killed while the machine works on a card, and started again. */
import { enter } from './support/people.ts'
import { countOf, importAndStart, placesOf } from './support/steps.ts'
import { expect, test } from './support/test.ts'

test('killed in mid-card and started again, it asks about the card in the machine and no other', async ({ page, secondPage, workspace }) => {
  const before = placesOf(page)
  await enter(page, workspace, 'operator')
  await workspace.act({ do: 'speed', speed: 20 })
  await importAndStart(page, 4)
  await expect(countOf(page, 'good')).toHaveText('1')
  await workspace.act({ do: 'speed', speed: 1 })
  await expect(page.getByRole('img', { name: /Card at: Embosser/ })).toBeVisible()
  const inWork = (await page.getByRole('region', { name: 'The card' }).getByText(/^Card \d$/).textContent()) ?? ''
  await workspace.kill()
  await expect(page.getByText('Cardwright does not answer.')).toBeVisible()
  await expect(before.panel).toBeVisible()

  await workspace.start()
  // The address of the last start no longer lets anybody in: the tab that was left open says so.
  await expect(page.getByText('This page opens with the address that Cardwright prints when it starts.')).toBeVisible()

  const { sheet, panel, answer } = placesOf(secondPage)
  await enter(secondPage, workspace, 'operator')
  await expect(sheet.getByRole('heading', { name: 'Look at the card: what became of it?' })).toBeVisible()
  await expect(sheet).toContainText('Cardwright stopped while the machine was working on this card')
  await expect(sheet).toContainText(`J-000003/${inWork.replace('Card ', '')}.1`)
  await expect(sheet).not.toContainText('more question')
  await secondPage.getByRole('button', { name: 'Take the card out' }).click()
  await answer('It is spoiled')
  await answer('Yes, that is so')
  await expect(sheet).toBeHidden()
  await expect(countOf(secondPage, 'good')).not.toHaveText('0')
  await expect(countOf(secondPage, 'rejected')).toHaveText('1')
  await workspace.act({ do: 'speed', speed: 200 })
  await panel.getByRole('button', { name: /^Start: / }).click()
  await expect(panel).toContainText('which was rejected.')
  await expect(countOf(secondPage, 'good')).toHaveText('3')
})
