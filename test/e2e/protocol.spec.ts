/** What is exported: the protocol of a job and the log, in three formats, and the cards themselves by the administrator alone. */
import { ProtocolDocument } from '#main/reports/documents.ts'
import { numberOf } from './support/cards.ts'
import { savedBy } from './support/downloads.ts'
import { numbersIn } from './support/numbers.ts'
import { textOfPdf } from './support/pdf.ts'
import { enter, openPage, people } from './support/people.ts'
import { clearJam, closeJob, importAndStart, pickInMenu, placesOf } from './support/steps.ts'
import { expect, test } from './support/test.ts'

test('the protocol as CSV, JSON and PDF says the same of every blank, with masked numbers', async ({ page, workspace }) => {
  const { panel } = placesOf(page)
  await workspace.act({ do: 'speed', speed: 200 })
  await workspace.act({ do: 'arm', fault: { kind: 'alarm', status: 'O', stage: 'deliver', moment: 'halfway', times: 1 } })
  await enter(page, workspace, 'operator')
  await importAndStart(page, 3)
  await clearJam(page)
  await panel.getByRole('button', { name: /rejected.* again$/ }).click()
  await expect(panel).toContainText('Blanks used: 4 = 3 good + 1 rejected.')
  await closeJob(page)
  await openPage(page, 'Jobs')
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByRole('row', { name: 'Morning' }).click()

  await test.step('JSON', async () => {
    const { text, name } = await savedBy(page, () => pickInMenu(page, 'Protocol', /JSON/))
    expect(name).toMatch(/\.json$/)
    const protocol = ProtocolDocument.parse(JSON.parse(text))
    expect(protocol.counts.blanks).toEqual({ picked: 4, good: 3, rejected: 1, inDoubt: 0, resolved: 1 })
    expect(protocol.attempts.map(({ attempt, state }) => [attempt, state])).toEqual([
      ['J-000003/1.1', 'rejected'],
      ['J-000003/2.1', 'good'],
      ['J-000003/3.1', 'good'],
      ['J-000003/1.2', 'good'],
    ])
    expect(protocol.doubts).toMatchObject([{ attempt: 'J-000003/1.1', verdict: 'rejected', basis: 'people', by: people.operator.name }])
    expect(protocol.chain.seal).toBeDefined()
    expect(numbersIn(text)).toEqual([])
  })

  await test.step('CSV', async () => {
    const { text } = await savedBy(page, () => pickInMenu(page, 'Protocol', /CSV/))
    const [head, ...rows] = text.trim().split('\r\n')
    expect(head).toContain('Blank')
    expect(rows).toHaveLength(4)
    expect(rows.filter((row) => row.includes(',good,'))).toHaveLength(3)
    expect(rows.filter((row) => row.includes('Output stacker fault'))).toHaveLength(1)
    expect(numbersIn(text)).toEqual([])
  })

  await test.step('PDF', async () => {
    const { bytes } = await savedBy(page, () => pickInMenu(page, 'Protocol', /PDF/))
    const text = textOfPdf(bytes)
    expect(text).toContain('Protocol of job J-000003')
    expect(text).toContain('4 picked = 3 good + 1 rejected + 0 in doubt')
    expect(text).toContain('Output stacker fault')
    expect(text).toContain(`4000 00•• •••• ${numberOf(1).slice(-4)}`)
    expect(text).toContain('Sealed at the end of the job.')
    expect(numbersIn(text)).toEqual([])
  })

  await test.step('the same in Russian', async () => {
    await page.getByRole('button', { name: /Русский/ }).click()
    const { bytes } = await savedBy(page, () => pickInMenu(page, 'Протокол', /PDF/))
    expect(textOfPdf(bytes)).toContain('Протокол задания J-000003')
  })
})

test('the log is exported as it is filtered', async ({ page, workspace }) => {
  const { panel } = placesOf(page)
  await workspace.act({ do: 'speed', speed: 200 })
  await enter(page, workspace, 'operator')
  await importAndStart(page, 3)
  await expect(panel).toContainText('All cards of this job have their end.')
  await openPage(page, 'Log')
  await page.getByRole('searchbox', { name: 'Find' }).fill(numberOf(2).slice(-4))
  const { text } = await savedBy(page, () => pickInMenu(page, 'Export 1 row', /CSV/))
  expect(text.trim().split('\r\n')).toHaveLength(1 + 1)
  expect(text).toContain('J-000003/2.1')
  expect(numbersIn(text)).toEqual([])
})

test.describe('full numbers', () => {
  test.use({ mayHoldNumbers: true })

  test('leave in one way: the administrator exports the cards, is asked once more, and the journal keeps it', async ({ page, workspace }) => {
    await enter(page, workspace, 'administrator')
    await openPage(page, 'Jobs')
    await page.getByRole('row', { name: 'Debit July, branch 12' }).click()
    await pickInMenu(page, 'More', 'Export the cards…')
    const question = page.getByRole('dialog')
    await expect(question).toContainText('whole card numbers')
    const { text } = await savedBy(page, () => question.getByRole('button', { name: 'Export the cards' }).click())
    expect(text.match(/#DCC#/g)).toHaveLength(25)
    expect(numbersIn(text)).not.toEqual([])
    await openPage(page, 'Audit')
    await expect(page.getByRole('grid', { name: 'Facts of the journal, the newest first' })).toContainText(/cards .*exported|exported .*cards/i)
  })
})

test('an operator can not export full numbers', async ({ page, workspace }) => {
  await enter(page, workspace, 'operator')
  await openPage(page, 'Jobs')
  await page.getByRole('row', { name: 'Debit July, branch 12' }).click()
  await page.getByRole('button', { name: 'More' }).click()
  await expect(page.getByRole('menuitem', { name: 'Blanks in the log' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Export the cards…' })).toHaveCount(0)
})
