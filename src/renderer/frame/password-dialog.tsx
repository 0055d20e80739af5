import { useState } from 'react'
import type { FormEvent } from 'react'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../client/client.ts'
import { useWords } from '../i18n/provider.tsx'
import { notify } from '../store/notices.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { FaultPanel } from '../ui/feedback.tsx'
import { PasswordField } from '../ui/fields.tsx'

export function PasswordDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { say } = useWords()
  return (
    <Dialog title={say('frame.password')} open={open} onClose={onClose}>
      <PasswordForm onClose={onClose} />
    </Dialog>
  )
}

function PasswordForm({ onClose }: { onClose(): void }) {
  const { say } = useWords()
  const [before, setBefore] = useState('')
  const [after, setAfter] = useState('')
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await call('session.changePassword', { old: before, new: after })
      notify('frame.password.changed')
      onClose()
    } catch (thrown) {
      setFaults(faultsOf(thrown))
    }
  }
  return (
    <form className="stack" onSubmit={submit}>
      <PasswordField label={say('frame.password.old')} value={before} onChange={setBefore} autoComplete="current-password" autoFocus />
      <PasswordField label={say('frame.password.new')} value={after} onChange={setAfter} autoComplete="new-password" />
      <FaultPanel faults={faults} />
      <div className="dialog-actions">
        <Button onPress={onClose}>{say('control.cancel')}</Button>
        <Button kind="primary" type="submit" isDisabled={before === '' || after === ''}>
          {say('control.save')}
        </Button>
      </div>
    </form>
  )
}
