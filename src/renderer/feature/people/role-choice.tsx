import { useId } from 'react'
import type { Role } from '#shared/journal/events.ts'
import { useWords } from '../../i18n/provider.tsx'
import { Checkbox } from '../../ui/index.ts'
import { roleOrder, withRole } from './person-form.ts'
import type { PersonForm } from './person-form.ts'

export interface RoleChoiceProps {
  form: PersonForm
  onChange(form: PersonForm): void
  error?: string | undefined
  /** Roles that have to stay as they are. */
  fixed?: readonly Role[]
  isDisabled?: boolean
}

/** The roles, each with what it lets a person do. */
export function RoleChoice({ form, onChange, error, fixed = [], isDisabled = false }: RoleChoiceProps) {
  const { say } = useWords()
  const [label, described] = [useId(), useId()]
  return (
    <div className="field" role="group" aria-labelledby={label} aria-describedby={error === undefined ? undefined : described}>
      <span className="field-label" id={label}>
        {say('people.roles')}
      </span>
      {roleOrder.map((role) => (
        <Checkbox key={role} isSelected={form.roles.includes(role)} onChange={(has) => onChange(withRole(form, role, has))} isDisabled={isDisabled || fixed.includes(role)}>
          {say(`role.${role}`)}
          <span className="option-hint">{say(`people.role.${role}`)}</span>
        </Checkbox>
      ))}
      {error !== undefined && (
        <span className="field-error" id={described}>
          {error}
        </span>
      )}
    </div>
  )
}
