import { ChevronRight, ClipboardCheck, CreditCard, KeyRound, PencilRuler, UserCog } from 'lucide-react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { WorkspaceView } from '#shared/contract/calls.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import type { Role } from '#shared/journal/events.ts'
import { useWords } from '../../i18n/provider.tsx'
import { signIn, useSession } from '../../store/session.ts'
import { Button, FaultPanel, PasswordField, TextField } from '../../ui/index.ts'
import { SessionFrame } from './session-frame.tsx'

const icons = { operator: CreditCard, designer: PencilRuler, auditor: ClipboardCheck, custodian: KeyRound, administrator: UserCog } as const

export function SignInPage({ workspace }: { workspace: WorkspaceView }) {
  const { say } = useWords()
  const lockedBy = useSession((store) => store.lockedBy)
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const enter = async (name: string, password: string) => {
    setBusy(true)
    setFaults([])
    try {
      await signIn(name, password)
    } catch (thrown) {
      setFaults(faultsOf(thrown))
      setBusy(false)
    }
  }
  const demo = workspace.demo && workspace.demoPeople.length > 0
  return (
    <SessionFrame
      title={lockedBy === undefined ? say('session.title', { workspace: workspace.name }) : say('session.locked')}
      lead={say(lockedBy !== undefined ? 'session.locked.lead' : demo ? 'session.demo.lead' : 'session.lead')}
      wide={demo}
    >
      <FaultPanel faults={faults} />
      <div className="session-ways">
        {demo && <DemoPeople people={workspace.demoPeople} busy={busy} onEnter={enter} />}
        <SignInForm name={lockedBy ?? ''} busy={busy} onEnter={enter} quiet={demo} />
      </div>
      <p className="small soft">{say('session.version', { version: workspace.version })}</p>
    </SessionFrame>
  )
}

interface Enter {
  busy: boolean
  onEnter(name: string, password: string): Promise<void>
}

function DemoPeople({ people, busy, onEnter }: Enter & { people: WorkspaceView['demoPeople'] }) {
  const { say } = useWords()
  return (
    <ul className="demo-people" aria-label={say('session.demo.people')}>
      {people.map((person) => (
        <li key={person.name}>
          <AriaButton className="button demo-person" isDisabled={busy} onPress={() => void onEnter(person.name, person.password)}>
            <RoleIcon role={person.role} />
            <span className="demo-person-text">
              <strong>{person.name}</strong>
              <span>{say(`role.${person.role}`)}</span>
              <span className="small soft">{say(`session.role.${person.role}`)}</span>
            </span>
            <ChevronRight size={20} aria-hidden />
          </AriaButton>
        </li>
      ))}
    </ul>
  )
}

function RoleIcon({ role }: { role: Role }) {
  const Icon = icons[role]
  return <Icon size={24} aria-hidden />
}

function SignInForm({ name: known, busy, onEnter, quiet }: Enter & { name: string; quiet: boolean }) {
  const { say } = useWords()
  const [name, setName] = useState(known)
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void onEnter(name, password)
  }
  return (
    <form className="panel stack session-form" onSubmit={submit} aria-label={say('session.sign-in')}>
      <TextField label={say('session.name')} value={name} onChange={setName} autoComplete="username" autoFocus={!quiet && known === ''} />
      <PasswordField label={say('session.password')} value={password} onChange={setPassword} autoComplete="current-password" autoFocus={known !== ''} />
      <Button type="submit" kind={quiet ? 'plain' : 'primary'} isDisabled={name === '' || password === ''} isPending={busy}>
        {say('session.sign-in')}
      </Button>
    </form>
  )
}
