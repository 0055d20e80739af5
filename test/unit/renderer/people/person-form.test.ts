import { describe, expect, test } from 'vitest'
import type { PersonView } from '#shared/contract/calls.ts'
import { Role } from '#shared/journal/events.ts'
import { blankForm, differs, formOf, isLastAdministrator, mistakesOf, roleOrder, withRole } from '../../../../src/renderer/feature/people/person-form.ts'

const person = (id: string, roles: Role[], active = true): PersonView => ({ person: id, name: id, roles, active })

describe('a person as they are typed in', () => {
  test('every role of the contract can be given', () => {
    expect([...roleOrder].toSorted()).toEqual(Role.options.toSorted())
  })

  test('needs a name and a role', () => {
    expect(mistakesOf(blankForm)).toEqual(['name-missing', 'roles-missing'])
    expect(mistakesOf({ ...withRole(blankForm, 'operator', true), name: ' ' })).toEqual(['name-missing'])
    expect(mistakesOf({ ...withRole(blankForm, 'operator', true), name: 'Olga' })).toEqual([])
  })

  test('differs from before only by what changed, in whatever order roles were given', () => {
    const before = person('P-01', ['auditor', 'operator'])
    expect(differs(formOf(before), before)).toBe(false)
    expect(differs({ ...formOf(before), roles: ['operator', 'auditor'] }, before)).toBe(false)
    expect(differs(withRole(formOf(before), 'auditor', false), before)).toBe(true)
    expect(differs({ ...formOf(before), name: 'P-01 ' }, before)).toBe(false)
    expect(differs({ ...formOf(before), active: false }, before)).toBe(true)
  })

  test('the only administrator who may sign in has to stay one', () => {
    const adam = person('P-01', ['administrator'])
    expect(isLastAdministrator(adam, [adam, person('P-02', ['administrator'], false), person('P-03', ['operator'])])).toBe(true)
    expect(isLastAdministrator(adam, [adam, person('P-02', ['administrator'])])).toBe(false)
    expect(isLastAdministrator(person('P-03', ['operator']), [adam])).toBe(false)
  })
})
