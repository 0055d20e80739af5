/** Every screen in both languages and both themes: clean for axe, nothing cut off at 1280 × 720, with prompts open too. */
import type { Page } from '@playwright/test'
import { asUpload, cardFile } from './support/cards.ts'
import { inspect } from './support/inspect.ts'
import { people } from './support/people.ts'
import type { Part } from './support/people.ts'
import { choose } from './support/steps.ts'
import { expect, test } from './support/test.ts'
import { wordsIn } from './support/words.ts'
import type { Language } from './support/words.ts'
import type { Workspace } from './support/workspace.ts'

test.describe.configure({ timeout: 180_000 })

/** The browser's language decides that of the first page. */
for (const language of ['en', 'ru'] as const) {
  test.describe(language, () => {
    test.use({ locale: language === 'en' ? 'en-GB' : 'ru-RU' })
    const say = wordsIn(language)

    test('sign-in', async ({ page, workspace }) => {
      await page.goto(workspace.address)
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await page.getByRole('button', { name: people.operator.name }).waitFor()
      await inspect(page, 'sign-in')
    })

    test.describe('a new workspace', () => {
      test.use({ empty: true })

      test('names its administrators, and says on every empty page what comes first', async ({ page, workspace }) => {
        await page.goto(workspace.address)
        await page.getByRole('heading', { name: say('set-up.title') }).waitFor()
        await inspect(page, 'set-up')
        await page.getByRole('textbox', { name: say('set-up.workspace') }).fill('Branch 12')
        const administrator = async (index: number, name: string, password: string) => {
          const person = page.getByRole('group').nth(index)
          await person.getByRole('textbox', { name: say('session.name') }).fill(name)
          await person.getByLabel(say('session.password'), { exact: true }).fill(password)
        }
        await administrator(0, 'Ada Ames', 'nine green tiles')
        await administrator(1, 'Ben Bor', 'the secret of Ben Bor')
        await page.getByRole('button', { name: say('set-up.create') }).click()
        await expect(page.getByRole('alert')).toBeVisible()
        await inspect(page, 'set-up, refused')
        await administrator(1, 'Ben Bor', 'seven loud gulls')
        await page.getByRole('button', { name: say('set-up.create') }).click()
        await page.getByRole('button', { name: say('session.sign-in') }).waitFor()
        await page.getByRole('textbox', { name: say('session.name') }).fill('Ada Ames')
        await page.getByLabel(say('session.password'), { exact: true }).fill('nine green tiles')
        await inspect(page, 'sign-in to a real workspace')
        await page.getByRole('button', { name: say('session.sign-in') }).click()
        await page.getByRole('heading', { name: say('produce.no-device') }).waitFor()
        await inspect(page, 'produce, empty')
        for (const [route, title] of [
          ['jobs', 'jobs.empty'],
          ['jobs/import', 'import.no-design'],
          ['log', 'log.empty'],
          ['designs', 'designs.empty'],
          ['devices', 'devices.none'],
        ] as const) {
          await go(page, route)
          await page.getByRole('heading', { name: say(title) }).waitFor()
          await inspect(page, `${route}, empty`)
        }
      })
    })

    test('producing: idle, at work, a question, its last step, the faults, the end', async ({ page, workspace }) => {
      const sheet = page.getByRole('dialog')
      const panel = page.getByRole('region', { name: say('produce.run'), exact: true })
      await enterAs(page, workspace, 'operator', language)
      await expect(panel).toBeVisible()
      await inspect(page, 'produce, idle')
      await page.getByRole('button', { name: say('practice.faults') }).click()
      await inspect(page, 'produce, faults')
      await page.keyboard.press('Escape')

      await workspace.act({ do: 'arm', fault: { kind: 'alarm', status: 'M', stage: 'emboss', moment: 'halfway', times: 1 } })
      await workspace.act({ do: 'arm', fault: { kind: 'alarm', status: 'O', stage: 'deliver', moment: 'halfway', times: 1 } })
      await panel.getByText(say('produce.range')).click()
      await panel.getByRole('textbox').last().fill('3')
      await panel.getByRole('textbox').last().press('Tab')
      await inspect(page, 'produce, a part of the job')
      await panel.getByRole('button', { name: /25|3/ }).last().click()
      await expect(panel.getByRole('button', { name: say('produce.pause') })).toBeEnabled()
      await inspect(page, 'produce, at work')
      await workspace.act({ do: 'speed', speed: 200 })
      await expect(sheet).toBeVisible()
      await inspect(page, 'a question that waits for a hand')
      await workspace.act({ do: 'cover', open: false })
      await sheet.getByRole('button', { name: say('prompt.attention.choice.continue') }).click()
      await expect(sheet.getByRole('button', { name: say('prompt.in-doubt.choice.card-good') })).toBeVisible()
      await inspect(page, 'a question about a card')
      await sheet.getByRole('button', { name: say('prompt.in-doubt.choice.card-good') }).click()
      await inspect(page, 'a question with a second signature')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await inspect(page, 'a question put away')
      await page.getByRole('button', { name: say('prompt.answer') }).click()
      await workspace.act({ do: 'clear-jam' })
      await sheet.getByRole('button', { name: say('prompt.in-doubt.choice.card-spoiled') }).click()
      await sheet.getByRole('button', { name: say('prompt.confirm') }).click()
      await expect(panel.getByRole('button', { name: say('produce.pause') })).toBeHidden()
      await inspect(page, 'produce, a run ended')
    })

    test('jobs: the list, a job, a file right and wrong', async ({ page, workspace }) => {
      await enterAs(page, workspace, 'administrator', language)
      await go(page, 'jobs')
      await page.getByRole('row', { name: 'Debit July' }).waitFor()
      await inspect(page, 'jobs')
      await page.getByRole('row', { name: 'Debit July' }).click()
      await page.getByRole('row', { name: /•• 0\d{3}/ }).first().click()
      await page.getByRole('complementary').getByRole('img').first().waitFor()
      await inspect(page, 'a job')
      await page.getByRole('button', { name: say('job.close'), exact: true }).click()
      await inspect(page, 'closing a job')
      await page.keyboard.press('Escape')
      await go(page, 'jobs/import')
      await page.getByRole('button', { name: say('import.choose') }).waitFor()
      await inspect(page, 'import')
      const give = async (text: string) => {
        const choose = page.getByRole('button', { name: say('import.choose') }).or(page.getByRole('button', { name: say('import.choose-other') }))
        const [chooser] = await Promise.all([page.waitForEvent('filechooser'), choose.click()])
        await chooser.setFiles(asUpload('branch.csv', text))
      }
      await give(cardFile(12).replaceAll('2030-0', '2030-9'))
      await page.getByRole('region', { name: say('import.mistakes.table') }).waitFor()
      await inspect(page, 'import, mistakes')
      await give(cardFile(12))
      await page.getByRole('region', { name: say('import.rows.table') }).waitFor()
      await inspect(page, 'import, all right')
    })

    test('log, journal and people', async ({ page, workspace }) => {
      await enterAs(page, workspace, 'administrator', language)
      await go(page, 'log')
      await page.getByRole('heading', { name: say('log.empty') }).waitFor()
      await inspect(page, 'log, empty')
      await workspace.act({ do: 'speed', speed: 200 })
      await go(page, 'produce')
      const panel = page.getByRole('region', { name: say('produce.run'), exact: true })
      await panel.getByText(say('produce.range')).click()
      await panel.getByRole('textbox').last().fill('2')
      await panel.getByRole('textbox').last().press('Tab')
      await panel.getByRole('button', { name: /25|2/ }).last().click()
      await page.getByRole('row', { name: say('result.good') }).nth(1).waitFor()
      await go(page, 'log')
      await page.getByRole('grid').getByRole('row').nth(1).click()
      await page.getByRole('complementary').getByRole('listitem').first().waitFor()
      await inspect(page, 'log, details')
      await page.keyboard.press('Escape')
      await inspect(page, 'log')
      await go(page, 'audit')
      await page.getByRole('button', { name: say('audit.verify') }).click()
      await page.getByText(say('audit.head'), { exact: true }).waitFor()
      await page.getByRole('grid').getByRole('row').nth(2).click()
      await inspect(page, 'audit')
      await go(page, 'people')
      await page.getByRole('row', { name: people.operator.name }).waitFor()
      await inspect(page, 'people')
      await page.getByRole('row', { name: people.operator.name }).click()
      await inspect(page, 'a person')
      await page.getByRole('button', { name: say('people.add') }).click()
      await page.getByRole('dialog').getByRole('button', { name: say('people.add') }).click()
      await inspect(page, 'a new person')
      await page.keyboard.press('Escape')
      await go(page, 'account')
      await inspect(page, 'one’s own account')
    })

    test('chip: workbench, tasks, scripts, keys; a reader on the desk', async ({ page, workspace }) => {
      await enterAs(page, workspace, 'administrator', language)
      await go(page, 'chip/workbench')
      const run = page.getByRole('group', { name: say('bench.deeds') }).getByRole('button', { name: say('bench.run'), exact: true })
      const ended = page.locator('.bench-ending[data-tone=good], .bench-ending[data-tone=bad]')
      await expect(run).toBeEnabled()
      await inspect(page, 'workbench, nothing tried')
      await run.click()
      await ended.waitFor()
      await inspect(page, 'workbench, a card made')
      await page.getByRole('tab', { name: say('bench.pane.data') }).click()
      await page.getByRole('button', { name: /^0201/ }).click()
      await inspect(page, 'workbench, data')
      await page.getByRole('tab', { name: say('bench.pane.card') }).click()
      await page.getByRole('button', { name: say('practice.arm') }).click()
      await inspect(page, 'workbench, the card')
      await page.getByRole('group', { name: say('bench.deeds') }).getByRole('button', { name: say('bench.step'), exact: true }).click()
      await page.locator('.bench-ending[data-tone=doubt]').waitFor()
      await inspect(page, 'workbench, halted')
      await page.getByRole('group', { name: say('bench.deeds') }).getByRole('button', { name: say('bench.continue'), exact: true }).click()
      await ended.waitFor()
      await inspect(page, 'workbench, a card pulled out')
      await page.locator('.bench-runs button').last().click()
      await page.getByRole('option').last().click()
      await page.getByRole('grid', { name: say('bench.compare') }).waitFor()
      await inspect(page, 'workbench, two runs')
      await go(page, 'chip/tasks')
      await page.getByRole('heading', { name: say('chip.task.card'), exact: true }).waitFor()
      await inspect(page, 'a chip task')
      await page.getByRole('radio', { name: say('chip.task.json') }).click()
      await page.getByRole('textbox', { name: say('chip.task.json') }).waitFor()
      await inspect(page, 'a chip task as its document')
      await go(page, 'chip/scripts')
      await page.getByRole('textbox').first().waitFor()
      await inspect(page, 'a script')
      await go(page, 'chip/keys')
      await page.getByRole('row', { name: /demo-transport/ }).waitFor()
      await inspect(page, 'keys and readers')
      await page.getByRole('button', { name: say('chip.keys.import') }).click()
      await inspect(page, 'a key to import')
      await page.keyboard.press('Escape')
      await go(page, 'designs/chip-debit-card')
      await page.getByRole('tab', { name: say('design.tab.chip') }).click()
      await inspect(page, 'design, chip')
      await go(page, 'devices')
      await page.getByRole('button', { name: say('devices.add') }).click()
      await page.getByRole('dialog').getByRole('textbox', { name: say('devices.name') }).fill('Desk')
      await choose(page, say('devices.profile'), /^Reader/)
      await page.getByRole('dialog').getByRole('textbox').last().fill('Reader 00')
      await inspect(page, 'a reader to set up')
      await page.getByRole('dialog').getByRole('button', { name: say('control.save') }).click()
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
      await go(page, 'produce')
      await page.getByRole('navigation', { name: say('produce.machines') }).getByRole('link', { name: /^Desk/ }).click()
      await page.locator('.station-line').waitFor()
      await inspect(page, 'produce, a reader on the desk')
    })

    test('a conveyor and its stations', async ({ page, workspace }) => {
      await enterAs(page, workspace, 'administrator', language)
      await workspace.addMachine({ name: 'Line', profile: 'conveyor-4', mode: 'standard' })
      await page.getByRole('navigation', { name: say('produce.machines') }).getByRole('link', { name: /^Line/ }).click()
      await page.locator('.station').nth(3).waitFor()
      await inspect(page, 'produce, a conveyor')
    })

    test('designs and devices', async ({ page, workspace }) => {
      await enterAs(page, workspace, 'administrator', language)
      await go(page, 'designs')
      await page.getByRole('list', { name: say('designs.list') }).getByRole('img').nth(3).waitFor()
      await inspect(page, 'designs')
      await go(page, 'designs/debit-card')
      for (const part of ['lines', 'tracks', 'data', 'card', 'json'] as const) {
        await page.getByRole('tab', { name: say(`design.tab.${part}`) }).click()
        await inspect(page, `design, ${part}`)
      }
      await go(page, 'devices')
      for (const part of ['state', 'profile', 'trace'] as const) {
        await page.getByRole('tab', { name: say(`devices.tab.${part}`) }).click()
        await inspect(page, `devices, ${part}`)
      }
      await page.getByRole('button', { name: say('devices.add') }).click()
      await choose(page, say('devices.profile'), /450/)
      await inspect(page, 'a new machine')
    })
  })
}

async function enterAs(page: Page, workspace: Workspace, part: Part, language: Language): Promise<void> {
  await page.goto(workspace.address)
  await page.getByRole('button', { name: people[part].name }).click()
  await page.getByRole('navigation', { name: wordsIn(language)('frame.pages') }).waitFor()
}

async function go(page: Page, route: string): Promise<void> {
  await page.evaluate((hash) => location.assign(hash), `#/${route}`)
}
