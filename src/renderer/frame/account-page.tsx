/** The signed-in person's own page: name, roles, password. */
import { useState } from 'react'
import type { FormEvent } from 'react'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../client/client.ts'
import { useWords } from '../i18n/provider.tsx'
import { notify } from '../store/notices.ts'
import { useRoles, useSession } from '../store/session.ts'
import { Button } from '../ui/button.tsx'
import { FaultPanel } from '../ui/feedback.tsx'
import { PasswordField } from '../ui/fields.tsx'
import { Page } from '../ui/page.tsx'

/** Its route; it is nobody's work and so not in the rail. */
export const accountPage = 'account'

export function AccountPage() {
  const { say } = useWords()
  const name = useSession((store) => store.session?.name ?? '')
  const roles = useRoles()
  return (
    <Page title={name} lead={roles.map((role) => say(`role.${role}`)).join(', ')}>
      <PasswordForm />
    </Page>
  )
}

function PasswordForm() {
  const { say } = useWords()
  const [before, setBefore] = useState('')
  const [after, setAfter] = useState('')
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await call('session.changePassword', { old: before, new: after })
      notify('frame.password.changed')
      setBefore('')
      setAfter('')
      setFaults([])
    } catch (thrown) {
      setFaults(faultsOf(thrown))
    }
  }
  return (
    <form className="panel stack account" onSubmit={submit}>
      <h2>{say('frame.password')}</h2>
      <PasswordField label={say('frame.password.old')} value={before} onChange={setBefore} autoComplete="current-password" autoFocus />
      <PasswordField label={say('frame.password.new')} value={after} onChange={setAfter} autoComplete="new-password" />
      <FaultPanel faults={faults} />
      <div className="row">
        <Button kind="primary" type="submit" isDisabled={before === '' || after === ''}>
          {say('control.save')}
        </Button>
      </div>
    </form>
  )
}
