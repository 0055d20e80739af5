/** The demo people, by what they do, and the way in. */
import type { Page } from '@playwright/test'
import type { Workspace } from './workspace.ts'

export const people = {
  operator: { name: 'Olga Orlova', password: 'operator' },
  second: { name: 'Omar Osman', password: 'second operator' },
  designer: { name: 'Dana Dvorak', password: 'designer' },
  auditor: { name: 'Arthur Abel', password: 'auditor' },
  custodian: { name: 'Clara Costa', password: 'custodian' },
  administrator: { name: 'Adam Adler', password: 'administrator' },
} as const

export type Part = keyof typeof people

/** Opens the printed address and picks somebody from the list of demo people. */
export async function enter(page: Page, workspace: Workspace, part: Part): Promise<void> {
  await page.goto(workspace.address)
  await page.getByRole('button', { name: people[part].name }).click()
  await page.getByRole('navigation', { name: /^(Pages|Разделы)$/ }).waitFor()
}

export async function openPage(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: /^(Pages|Разделы)$/ }).getByRole('link', { name, exact: true }).click()
}
