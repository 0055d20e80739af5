/** What is typed about a person, and what is still wrong with it. */
import type { PersonView } from '#shared/contract/calls.ts'
import type { Role } from '#shared/journal/events.ts'

export interface PersonForm {
  readonly name: string
  readonly roles: readonly Role[]
  readonly active: boolean
}

export const roleOrder = ['operator', 'designer', 'auditor', 'custodian', 'administrator'] as const satisfies readonly Role[]

export const blankForm: PersonForm = { name: '', roles: [], active: true }

export function formOf(person: PersonView): PersonForm {
  return { name: person.name, roles: person.roles, active: person.active }
}

export function withRole(form: PersonForm, role: Role, has: boolean): PersonForm {
  return { ...form, roles: roleOrder.filter((candidate) => (candidate === role ? has : form.roles.includes(candidate))) }
}

export type FormMistake = 'name-missing' | 'roles-missing'

export function mistakesOf(form: PersonForm): FormMistake[] {
  const mistakes: FormMistake[] = []
  if (form.name.trim() === '') mistakes.push('name-missing')
  if (form.roles.length === 0) mistakes.push('roles-missing')
  return mistakes
}

export function differs(form: PersonForm, person: PersonView): boolean {
  const before = formOf(person)
  return form.name.trim() !== before.name || form.active !== before.active || roleOrder.some((role) => form.roles.includes(role) !== before.roles.includes(role))
}

/** Whether nobody else could administer: then this person has to stay an administrator who may sign in. */
export function isLastAdministrator(person: PersonView, people: readonly PersonView[]): boolean {
  const administers = (candidate: PersonView) => candidate.active && candidate.roles.includes('administrator')
  return administers(person) && !people.some((other) => other.person !== person.person && administers(other))
}
