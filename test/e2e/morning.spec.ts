/** What a branch does in a morning, from the sign-in to the protocol: with the mouse, and then without it. */
import { asUpload, cardFile } from './support/cards.ts'
import { savedBy } from './support/downloads.ts'
import { enter, openPage, people } from './support/people.ts'
import { chooseFile, closeJob, countOf, pickInMenu, placesOf } from './support/steps.ts'
import { expect, test } from './support/test.ts'

test.use({ blanks: 6 })

test('a morning with the mouse: mistakes in the file, an empty hopper, a jam, a card in doubt, the protocol', async ({ page, workspace }) => {
  const { panel, sheet, answer } = placesOf(page)

  await test.step('sign in', () => enter(page, workspace, 'operator'))

  await test.step('a file with mistakes: nothing of it becomes a job', async () => {
    await openPage(page, 'Jobs')
    await page.getByRole('button', { name: 'Import a file' }).click()
    await chooseFile(page, 'july.csv', cardFile(8).replace('2030-03', '2030-13').replace('Wei Zhang', 'Wei #Zhang'))
    const mistakes = page.getByRole('region', { name: 'Mistakes of the file' })
    await expect(mistakes.getByRole('heading', { name: '2 mistakes' })).toBeVisible()
    await expect(mistakes.getByRole('row', { name: 'line 4' })).toContainText('expiry')
    await expect(mistakes.getByRole('row', { name: 'line 5' })).toContainText('name')
    await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
  })

  await test.step('the mended file', async () => {
    await chooseFile(page, 'july.csv', cardFile(8))
    await expect(page.getByRole('heading', { name: 'All 8 cards are right' })).toBeVisible()
    await page.getByRole('textbox', { name: 'Name of the job' }).fill('Debit, Monday')
    await page.getByRole('button', { name: 'Import 8 cards' }).click()
    await expect(page.getByRole('heading', { name: 'Debit, Monday' })).toBeVisible()
  })

  await test.step('run until the hopper is empty, fill it, go on', async () => {
    await workspace.act({ do: 'speed', speed: 100 })
    await page.getByRole('button', { name: 'Make these cards' }).click()
    await page.getByRole('button', { name: 'Start: 8 cards' }).click()
    await expect(sheet).toContainText('Put blanks into the hopper.')
    await expect(countOf(page, 'good')).toHaveText('6')
    await workspace.act({ do: 'arm', fault: { kind: 'alarm', status: 'O', stage: 'deliver', moment: 'halfway', times: 1 } })
    await page.getByRole('button', { name: 'Fill the hopper' }).click()
    await answer('Done, go on')
  })

  await test.step('a jam: the card is taken out, looked at, and counted as spoiled', async () => {
    await expect(sheet).toContainText('Output stacker fault')
    await workspace.act({ do: 'arm', fault: { kind: 'link-drop', at: { stage: 'deliver', moment: 'after' }, times: 1 } })
    await page.getByRole('button', { name: 'Take the card out' }).click()
    await answer('It is spoiled')
    await answer('Yes, that is so')
    await expect(countOf(page, 'rejected')).toHaveText('1')
  })

  await test.step('a card in doubt: two people look at it and sign', async () => {
    await expect(sheet).toContainText('The line to the machine was lost')
    await answer('It is complete')
    await sheet.getByRole('textbox', { name: 'Second person' }).fill(people.second.name)
    await sheet.getByRole('textbox', { name: 'Their password' }).fill(people.second.password)
    await answer('Yes, that is so')
    await expect(countOf(page, 'good')).toHaveText('7')
  })

  await test.step('the rejected card is made again', async () => {
    await panel.getByRole('button', { name: /rejected.* again$/ }).click()
    await panel.getByRole('button', { name: 'Connect Practice DC450' }).click()
    await panel.getByRole('button', { name: 'Start: 1 card' }).click()
    await expect(panel).toContainText('All cards of this job have their end.')
    await expect(countOf(page, 'good')).toHaveText('8')
    await expect(panel).toContainText('Blanks used: 9 = 8 good + 1 rejected.')
  })

  await test.step('the job is closed, and its protocol tells of nine blanks', async () => {
    await closeJob(page)
    const { text } = await savedBy(page, () => pickInMenu(page, /^Protocol/, /CSV/))
    expect(text.trim().split('\r\n')).toHaveLength(1 + 9)
  })
})

test('a morning without the mouse', async ({ page, workspace }) => {
  const { panel, sheet } = placesOf(page)
  const focused = page.locator(':focus')
  /** Tab until what is looked for has the focus. */
  const reach = async (name: RegExp, most = 40) => {
    for (let step = 0; step < most; step++) {
      await page.keyboard.press('Tab')
      // At the end of the page the focus leaves it for one step.
      if ((await focused.count()) === 0) continue
      const [words = ''] = (await focused.ariaSnapshot()).split('\n')
      if (name.test(words)) return
    }
    throw new Error(`the focus never came to ${String(name)}`)
  }

  await test.step('sign in by name and password', async () => {
    await page.goto(workspace.address)
    await page.getByRole('textbox', { name: 'Name' }).waitFor()
    await reach(/textbox "Name"/)
    await page.keyboard.type(people.operator.name)
    await page.keyboard.press('Tab')
    await page.keyboard.type(people.operator.password)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Start: 25 cards' })).toBeVisible()
  })

  await test.step('import', async () => {
    await reach(/link "Jobs"/)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Import a file' })).toBeVisible()
    await page.keyboard.press('n')
    await expect(page.getByRole('heading', { name: 'Import a file' })).toBeVisible()
    await reach(/button "Choose a file…"/)
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')])
    await chooser.setFiles(asUpload('tuesday.csv', cardFile(7)))
    await expect(page.getByRole('heading', { name: 'All 7 cards are right' })).toBeVisible()
    await reach(/button "Import 7 cards"/, 80)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'tuesday' })).toBeVisible()
  })

  await test.step('start, pause and resume with Space', async () => {
    await reach(/button "Make these cards"/)
    await page.keyboard.press('Enter')
    await expect(panel).toContainText('Start: 7 cards')
    await reach(/region "Run"/)
    await page.keyboard.press('Space')
    await expect(panel.getByRole('status')).toHaveText('Making cards')
    await expect(panel).toBeFocused()
    await page.keyboard.press('Space')
    await expect(panel.getByRole('status')).toHaveText('Pauses after this card')
    await workspace.act({ do: 'speed', speed: 100 })
    await expect(panel.getByRole('status')).toHaveText(/^Paused/)
    await page.keyboard.press('Space')
    await expect(panel.getByRole('status')).toHaveText('Making cards')
  })

  await test.step('the hopper is empty: Esc puts the question away without deciding, and it can be brought back', async () => {
    await expect(sheet).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(sheet).toBeHidden()
    await expect(panel.getByRole('status')).toHaveText('Waits for an answer')
    await reach(/button "Answer"/)
    await page.keyboard.press('Enter')
    await expect(sheet).toBeFocused()
    await page.getByRole('button', { name: 'Fill the hopper' }).press('Enter')
    await sheet.getByRole('button', { name: 'Done, go on' }).press('Enter')
    await expect(panel).toContainText('All cards of this job have their end.')
  })

  await test.step('close the job', async () => {
    await reach(/button "Close the job"/, 60)
    await page.keyboard.press('Enter')
    await expect(panel.getByRole('button', { name: 'Not yet' })).toBeFocused()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await expect(panel).toContainText('The job is closed and sealed.')
  })

  await test.step('the log: `/` finds, arrows move, Enter opens, Esc closes', async () => {
    await reach(/link "Log"/)
    await page.keyboard.press('Enter')
    await expect(page.getByText('7 attempts')).toBeVisible()
    await page.keyboard.press('/')
    await expect(page.getByRole('searchbox', { name: 'Find' })).toBeFocused()
    await reach(/grid "Attempts, the newest first"/)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('complementary', { name: 'What became of this blank' })).toContainText('J-000003/6.1')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('complementary', { name: 'What became of this blank' })).toBeHidden()
  })

  await test.step('`?` lists the keys of the page', async () => {
    await page.keyboard.press('?')
    const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await expect(keys).toContainText('Find by the last four digits')
    await page.keyboard.press('Escape')
    await expect(keys).toBeHidden()
  })
})
