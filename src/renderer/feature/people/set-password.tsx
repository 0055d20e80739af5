import { useState } from 'react'
import { Form } from 'react-aria-components'
import type { PersonView } from '#shared/contract/calls.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../client/client.ts'
import { useWords } from '../../i18n/provider.tsx'
import { notify } from '../../store/notices.ts'
import { Button, Dialog, FaultPanel, PasswordField } from '../../ui/index.ts'

interface SetPasswordProps {
  person: PersonView
  open: boolean
  onClose(): void
}

export function SetPassword({ person, open, onClose }: SetPasswordProps) {
  const { say } = useWords()
  return (
    <Dialog title={say('people.set-password.title', { name: person.name })} open={open} onClose={onClose}>
      <PasswordForm person={person} onClose={onClose} />
    </Dialog>
  )
}

function PasswordForm({ person, onClose }: Omit<SetPasswordProps, 'open'>) {
  const { say } = useWords()
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const save = async () => {
    setBusy(true)
    try {
      await call('people.setPassword', { person: person.person, password })
      notify('people.set-password.done', { name: person.name })
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
        if (password !== '') void save()
      }}
    >
      <p>{say('people.set-password.text')}</p>
      <PasswordField label={say('people.set-password.field')} value={password} onChange={setPassword} autoComplete="new-password" maxLength={200} autoFocus />
      <FaultPanel faults={faults} />
      <div className="dialog-actions">
        <Button onPress={onClose}>{say('control.cancel')}</Button>
        <Button kind="primary" type="submit" isDisabled={password === ''} isPending={busy}>
          {say('people.set-password.do')}
        </Button>
      </div>
    </Form>
  )
}
