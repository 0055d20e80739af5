import { useState } from 'react'
import { Form } from 'react-aria-components'
import type { PersonView } from '#shared/contract/calls.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../client/client.ts'
import { useWords } from '../../i18n/provider.tsx'
import { notify } from '../../store/notices.ts'
import { Button, Dialog, FaultPanel, PasswordField, TextField } from '../../ui/index.ts'
import { blankForm, mistakesOf } from './person-form.ts'
import { RoleChoice } from './role-choice.tsx'

interface AddPersonProps {
  open: boolean
  onClose(): void
  onAdded(person: PersonView): void
}

export function AddPerson({ open, onClose, onAdded }: AddPersonProps) {
  const { say } = useWords()
  return (
    <Dialog title={say('people.new')} open={open} onClose={onClose}>
      <NewPersonForm onClose={onClose} onAdded={onAdded} />
    </Dialog>
  )
}

function NewPersonForm({ onClose, onAdded }: Omit<AddPersonProps, 'open'>) {
  const { say } = useWords()
  const [form, setForm] = useState(blankForm)
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const mistakes = mistakesOf(form)
  const save = async () => {
    setTried(true)
    if (mistakes.length > 0 || password === '') return
    setBusy(true)
    try {
      const person = await call('people.add', { name: form.name.trim(), roles: [...form.roles], password })
      notify('people.added', { name: person.name })
      onAdded(person)
      onClose()
    } catch (thrown) {
      setFaults(faultsOf(thrown))
      setBusy(false)
    }
  }
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <TextField
        label={say('people.name')}
        hint={say('people.name.hint')}
        error={tried && mistakes.includes('name-missing') ? say('people.name.missing') : undefined}
        value={form.name}
        onChange={(name) => setForm({ ...form, name })}
        maxLength={80}
        autoComplete="off"
        autoFocus
      />
      <RoleChoice form={form} onChange={setForm} error={tried && mistakes.includes('roles-missing') ? say('people.roles.missing') : undefined} />
      <PasswordField
        label={say('people.password')}
        hint={say('people.password.hint')}
        error={tried && password === '' ? say('people.password.missing') : undefined}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        maxLength={200}
      />
      <FaultPanel faults={faults} />
      <div className="dialog-actions">
        <Button onPress={onClose}>{say('control.cancel')}</Button>
        <Button kind="primary" type="submit" isPending={busy}>
          {say('people.add')}
        </Button>
      </div>
    </Form>
  )
}
