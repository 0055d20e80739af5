/** Looks a screen over: accessible in both themes, everything on it in sight, and no full card number anywhere. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { whatDoesNotFit } from './fit.ts'
import { numbersIn } from './numbers.ts'
import { expect } from './test.ts'

/** @param screen what the report calls it */
export async function inspect(page: Page, screen: string): Promise<void> {
  expect.soft(await whatDoesNotFit(page), `${screen}: cut off`).toEqual([])
  expect.soft(numbersIn(await page.content()), `${screen}: full card numbers`).toEqual([])
  expect.soft(await violations(axe(page)), `${screen}, light: not accessible`).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  // The other theme differs in its colours alone.
  expect.soft(await violations(axe(page).withRules('color-contrast')), `${screen}, dark: not accessible`).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}

function axe(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode(true)
}

async function violations(builder: AxeBuilder): Promise<string[]> {
  const { violations: found } = await builder.analyze()
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary ?? ''}`))
}
