/** Who may sign in and what each may do. Administrators change it; auditors look. */
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import type { PersonView } from '#shared/contract/calls.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { goTo, routeTo, useRoute } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import type { Words } from '../../i18n/provider.tsx'
import { useMay, useSession } from '../../store/session.ts'
import { Button, DataTable, FaultPanel, Page, Progress, useShortcuts } from '../../ui/index.ts'
import type { Column } from '../../ui/index.ts'
import { AddPerson } from './add-person.tsx'
import { PersonPanel } from './person-panel.tsx'
import { roleOrder } from './person-form.ts'
import './people-page.css'

export default function PeoplePage() {
  const words = useWords()
  const { say } = words
  const mayChange = useMay('people.change')
  const myself = useSession((store) => store.session?.person)
  const { value: people, faults, ask } = useAnswer('people.list', {})
  const [adding, setAdding] = useState(false)
  const [chosenId] = useRoute().path
  const chosen = people?.find((person) => person.person === chosenId)
  const choose = (person: PersonView | undefined) => goTo(routeTo('people', person ? [person.person] : []), { replace: true })
  useShortcuts(mayChange ? [{ key: 'n', label: say('people.shortcut.add'), run: () => setAdding(true) }] : [])
  return (
    <Page
      title={say('people.title')}
      lead={mayChange ? say('people.lead') : say('people.read-only')}
      fill
      actions={
        mayChange && (
          <Button kind="primary" icon={<UserPlus size={18} aria-hidden />} onPress={() => setAdding(true)}>
            {say('people.add')}
          </Button>
        )
      }
    >
      <FaultPanel faults={faults} action={<Button onPress={ask}>{say('control.retry')}</Button>} />
      {people === undefined && faults.length === 0 && <Progress label={say('frame.loading')} />}
      {people && (
        <div className="people-split">
          <DataTable
            label={say('people.table')}
            columns={columnsOf(words, myself)}
            rows={people}
            keyOf={(person) => person.person}
            selected={new Set(chosen ? [chosen.person] : [])}
            onOpen={(person: PersonView) => choose(person)}
          />
          <div className="people-side">
            {chosen ? (
              <PersonPanel key={`${chosen.person} ${JSON.stringify(chosen)}`} person={chosen} people={people} mayChange={mayChange} onChanged={ask} onClose={() => choose(undefined)} />
            ) : (
              <Rules />
            )}
          </div>
        </div>
      )}
      <AddPerson
        open={adding}
        onClose={() => setAdding(false)}
        onAdded={(person) => {
          ask()
          choose(person)
        }}
      />
    </Page>
  )
}

function columnsOf(words: Words, myself: string | undefined): Column<PersonView>[] {
  const { say } = words
  return [
    {
      id: 'name',
      header: say('people.column.name'),
      width: 'minmax(16ch, 1fr)',
      sort: (person) => person.name,
      cell: (person) => (
        <>
          {person.name} {person.person === myself && <span className="soft small">({say('people.you')})</span>}
        </>
      ),
    },
    {
      id: 'roles',
      header: say('people.column.roles'),
      width: 'minmax(18ch, 1.4fr)',
      cell: (person) => {
        const roles = roleOrder.filter((role) => person.roles.includes(role)).map((role) => say(`role.${role}`)).join(', ')
        return <span title={roles}>{roles}</span>
      },
    },
    {
      id: 'state',
      header: say('people.column.state'),
      width: '12ch',
      sort: (person) => Number(person.active),
      cell: (person) => <span className={person.active ? '' : 'soft'}>{say(person.active ? 'people.active' : 'people.disabled')}</span>,
    },
  ]
}

function Rules() {
  const { say } = useWords()
  return (
    <section className="panel stack" aria-label={say('people.rules')} tabIndex={0}>
      <div className="stack" data-tight>
        <h2>{say('people.rules')}</h2>
        <ul className="people-rules">
          {(['never-removed', 'last-administrator', 'own-name', 'two', 'journal'] as const).map((rule) => (
            <li key={rule}>{say(`people.rules.${rule}`)}</li>
          ))}
        </ul>
      </div>
      <div className="stack" data-tight>
        <h2>{say('people.roles')}</h2>
        <dl className="people-roles">
          {roleOrder.map((role) => (
            <div key={role}>
              <dt>{say(`role.${role}`)}</dt>
              <dd className="soft">{say(`people.role.${role}`)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  )
}
