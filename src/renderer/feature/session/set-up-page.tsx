import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../client/client.ts'
import { useWords } from '../../i18n/provider.tsx'
import { loadWorkspace } from '../../store/session.ts'
import { Button, FaultPanel, IconButton, PasswordField, TextField } from '../../ui/index.ts'
import { SessionFrame } from './session-frame.tsx'

interface Administrator {
  key: number
  name: string
  password: string
}

let last = 0
const nobody = (): Administrator => ({ key: ++last, name: '', password: '' })

/** The first start of a real workspace: its name, and who administers it. Nobody can sign in before. */
export function SetUpPage() {
  const { say } = useWords()
  const [name, setName] = useState('')
  const [people, setPeople] = useState<Administrator[]>(() => [nobody(), nobody()])
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const [busy, setBusy] = useState(false)
  const change = (key: number, part: Partial<Administrator>) => setPeople(people.map((person) => (person.key === key ? { ...person, ...part } : person)))
  const complete = name !== '' && people.every((person) => person.name !== '' && person.password !== '')

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await call('workspace.setUp', { name, administrators: people.map(({ name, password }) => ({ name, password })) })
      await loadWorkspace()
    } catch (thrown) {
      setFaults(faultsOf(thrown))
      setBusy(false)
    }
  }
  return (
    <SessionFrame title={say('set-up.title')} lead={say('set-up.lead')} wide>
      <form className="stack" onSubmit={submit}>
        <TextField label={say('set-up.workspace')} hint={say('set-up.workspace.hint')} value={name} onChange={setName} maxLength={80} autoFocus />
        {people.map((person, index) => (
          <fieldset key={person.key} className="panel administrator">
            <legend>{say('set-up.administrator', { number: index + 1 })}</legend>
            <div className="administrator-fields">
              <TextField label={say('session.name')} value={person.name} onChange={(name) => change(person.key, { name })} maxLength={80} autoComplete="off" />
              <PasswordField label={say('session.password')} value={person.password} onChange={(password) => change(person.key, { password })} autoComplete="new-password" />
            </div>
            {people.length > 1 && (
              <IconButton label={say('set-up.remove', { number: index + 1 })} onPress={() => setPeople(people.filter((other) => other.key !== person.key))}>
                <Trash2 size={18} />
              </IconButton>
            )}
          </fieldset>
        ))}
        <p className="small soft">{say('set-up.two')}</p>
        <FaultPanel faults={faults} />
        <div className="spread">
          <Button icon={<Plus size={18} aria-hidden />} onPress={() => setPeople([...people, nobody()])}>
            {say('set-up.add')}
          </Button>
          <Button type="submit" kind="primary" isDisabled={!complete} isPending={busy}>
            {say('set-up.create')}
          </Button>
        </div>
      </form>
    </SessionFrame>
  )
}
