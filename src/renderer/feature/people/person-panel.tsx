/** One person: name, roles, whether they may sign in, and a new password. */
import { KeyRound, X } from 'lucide-react'
import { useState } from 'react'
import type { PersonView } from '#shared/contract/calls.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../client/client.ts'
import { useWords } from '../../i18n/provider.tsx'
import { notify } from '../../store/notices.ts'
import { Button, ConfirmDialog, FaultPanel, IconButton, Switch, TextField } from '../../ui/index.ts'
import { useEscape } from '../../ui/shortcuts.tsx'
import { differs, formOf, isLastAdministrator, mistakesOf } from './person-form.ts'
import { RoleChoice } from './role-choice.tsx'
import { SetPassword } from './set-password.tsx'

export interface PersonPanelProps {
  person: PersonView
  people: readonly PersonView[]
  mayChange: boolean
  onChanged(): void
  onClose(): void
}

export function PersonPanel({ person, people, mayChange, onChanged, onClose }: PersonPanelProps) {
  const { say } = useWords()
  const [form, setForm] = useState(() => formOf(person))
  const [asking, setAsking] = useState<'disable' | 'password'>()
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const mistakes = mistakesOf(form)
  const last = isLastAdministrator(person, people)
  const changed = differs(form, person)
  useEscape(onClose)
  const save = async () => {
    setBusy(true)
    try {
      await call('people.change', { person: person.person, name: form.name.trim(), roles: [...form.roles], active: form.active })
      notify('people.changed', { name: form.name.trim() })
      onChanged()
    } catch (thrown) {
      setFaults(faultsOf(thrown))
    }
    setBusy(false)
  }
  return (
    <section className="panel stack" aria-label={person.name}>
      <div className="spread">
        <h2>{person.name}</h2>
        <IconButton label={say('control.close')} onPress={onClose}>
          <X size={20} />
        </IconButton>
      </div>
      <TextField
        label={say('people.name')}
        value={form.name}
        onChange={(name) => setForm({ ...form, name })}
        error={mistakes.includes('name-missing') ? say('people.name.missing') : undefined}
        isReadOnly={!mayChange}
        maxLength={80}
      />
      <RoleChoice
        form={form}
        onChange={setForm}
        isDisabled={!mayChange}
        fixed={last ? ['administrator'] : []}
        error={mistakes.includes('roles-missing') ? say('people.roles.missing') : undefined}
      />
      <div>
        <Switch isSelected={form.active} onChange={(active) => setForm({ ...form, active })} isDisabled={!mayChange || last}>
          {say('people.sign-in')}
        </Switch>
        {last && mayChange && <p className="field-hint">{say('people.sign-in.last')}</p>}
      </div>
      <FaultPanel faults={faults} />
      {mayChange && (
        <div className="row people-deeds">
          <Button icon={<KeyRound size={18} aria-hidden />} onPress={() => setAsking('password')}>
            {say('people.set-password')}
          </Button>
          <span className="row">
            {changed && (
              <Button kind="quiet" onPress={() => setForm(formOf(person))}>
                {say('people.reset')}
              </Button>
            )}
            <Button
              kind={changed ? 'primary' : 'plain'}
              isDisabled={!changed || mistakes.length > 0}
              isPending={busy}
              onPress={() => (person.active && !form.active ? setAsking('disable') : void save())}
            >
              {say('control.save')}
            </Button>
          </span>
        </div>
      )}
      <ConfirmDialog
        title={say('people.disable', { name: person.name })}
        open={asking === 'disable'}
        onClose={() => setAsking(undefined)}
        action={say('people.disable.do', { name: person.name })}
        danger
        onConfirm={save}
      >
        <p>{say('people.disable.text', { name: person.name })}</p>
      </ConfirmDialog>
      <SetPassword person={person} open={asking === 'password'} onClose={() => setAsking(undefined)} />
    </section>
  )
}
