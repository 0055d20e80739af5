/** A chip task as a form: what most people change. Templates and further members stand in its document, beside this view. */
import { Plus, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ChipTask, TaskApplication } from '#shared/chip/task.ts'
import { useAnswer } from '../../../client/use-answer.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { Button, IconButton, Select, TextField } from '../../../ui/index.ts'
import { useDocuments } from '../documents.ts'
import { parameterValue, readTask, withApplication, without, writeTask } from './task-text.ts'
import { VerificationList } from './verification-list.tsx'

export function TaskForm({ source, onChange }: { source: string; onChange?: (source: string) => void }) {
  const { say } = useWords()
  const task = readTask(source)
  if (task === undefined) return <p className="panel">{say('chip.task.unreadable')}</p>
  const change = onChange && ((next: ChipTask) => onChange(writeTask(next)))
  return (
    <div className="task-form">
      <Card task={task} change={change} />
      {task.applications.map((application, index) => (
        <Application
          key={index}
          application={application}
          change={change && ((next) => change(withApplication(task, index, next)))}
          alone={task.applications.length === 1}
        />
      ))}
      {change && (
        <div className="row">
          <Button icon={<Plus size={18} aria-hidden />} onPress={() => change({ ...task, applications: [...task.applications, newApplication(task)] })}>
            {say('chip.task.application.add')}
          </Button>
        </div>
      )}
      <Extension task={task} change={change} />
    </div>
  )
}

type Change<Value> = ((next: Value) => void) | undefined

function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel stack" data-tight>
      <div className="spread">
        <h3>{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  )
}

function Card({ task, change }: { task: ChipTask; change: Change<ChipTask> }) {
  const { say } = useWords()
  const { card, name } = task
  const fixed = change === undefined
  const setCard = (next: ChipTask['card']) => change?.({ ...task, card: next })
  return (
    <Section title={say('chip.task.card')}>
      <div className="task-fields">
        <TextField label={say('chip.task.name.en')} value={name.en ?? ''} onChange={(en) => change?.({ ...task, name: { ...name, en } })} isReadOnly={fixed} />
        <TextField label={say('chip.task.name.ru')} value={name.ru ?? ''} onChange={(ru) => change?.({ ...task, name: { ...name, ru } })} isReadOnly={fixed} />
        <TextField
          label={say('chip.task.key-version')}
          hint={say('chip.task.key-version.hint')}
          value={card.keyVersion ?? ''}
          onChange={(text) => setCard(text === '' ? without(card, 'keyVersion') : { ...card, keyVersion: text.toUpperCase() })}
          isReadOnly={fixed}
        />
        <TextField
          label={say('chip.task.atr')}
          hint={say('chip.task.atr.hint')}
          value={(card.atr ?? []).join(' ')}
          onChange={(text) => setCard(text.trim() === '' ? without(card, 'atr') : { ...card, atr: text.toUpperCase().split(/\s+/).filter(Boolean) })}
          isReadOnly={fixed}
        />
      </div>
      <p className="small soft">{say(`chip.task.serial.${card.serial.from}`)}</p>
      {task.devices && <p className="small soft">{say('chip.task.devices', { devices: task.devices.join(', ') })}</p>}
    </Section>
  )
}

interface ApplicationProps {
  application: TaskApplication
  change: Change<TaskApplication | undefined>
  /** The only one of its task stays. */
  alone: boolean
}

function Application({ application, change, alone }: ApplicationProps) {
  const { say } = useWords()
  const { value: keys } = useAnswer('chip.keys', {})
  const { value: documents } = useDocuments()
  const fixed = change === undefined
  const scapps = documents?.filter(({ document }) => document === 'scapp').map(({ id }) => ({ id, text: id })) ?? []
  const known = scapps.some(({ id }) => id === application.scapp) ? scapps : [...scapps, { id: application.scapp, text: application.scapp }]
  return (
    <Section
      title={application.application}
      aside={
        change &&
        !alone && (
          <IconButton label={say('chip.task.application.remove', { application: application.application })} onPress={() => change(undefined)}>
            <Trash2 size={18} />
          </IconButton>
        )
      }
    >
      <div className="task-fields">
        <TextField label={say('chip.task.application')} value={application.application} onChange={(next) => change?.({ ...application, application: next })} isReadOnly={fixed} />
        <Select label={say('chip.task.scapp')} options={known} value={application.scapp} onChange={(scapp) => change?.({ ...application, scapp })} isDisabled={fixed} />
        {Object.entries(application.keys ?? {}).map(([name, key]) => (
          <Select
            key={name}
            label={say('chip.task.key', { name })}
            options={[...new Set([...(keys ?? []).map((entry) => entry.name), key])].map((id) => ({ id, text: id }))}
            value={key}
            onChange={(next) => change?.({ ...application, keys: { ...application.keys, [name]: next } })}
            isDisabled={fixed}
          />
        ))}
        {Object.entries(application.parameters ?? {}).map(([name, value]) => (
          <TextField
            key={name}
            label={say('chip.task.parameter', { name })}
            value={String(value)}
            onChange={(text) => change?.({ ...application, parameters: { ...application.parameters, [name]: parameterValue(text) } })}
            isReadOnly={fixed}
          />
        ))}
      </div>
      <VerificationList application={application} {...(change && { onChange: change })} />
    </Section>
  )
}

function Extension({ task, change }: { task: ChipTask; change: Change<ChipTask> }) {
  const { say } = useWords()
  const { value: documents } = useDocuments()
  const none = 'none'
  const options = [{ id: none, text: say('chip.task.extension.none') }, ...(documents ?? []).filter(({ document }) => document === 'extension').map(({ id }) => ({ id, text: id }))]
  return (
    <Section title={say('chip.task.extension')}>
      <div className="task-fields">
        <Select
          label={say('chip.task.extension.module')}
          hint={say('chip.task.extension.hint')}
          options={options}
          value={task.extension?.module ?? none}
          onChange={(module) => change?.(module === none ? without(task, 'extension') : { ...task, extension: { module, parameters: task.extension?.parameters ?? {} } })}
          isDisabled={change === undefined}
        />
      </div>
    </Section>
  )
}

function newApplication(task: ChipTask): TaskApplication {
  const like = task.applications.at(-1)
  return { application: `application-${task.applications.length + 1}`, scapp: like?.scapp ?? '', parameters: {}, keys: {}, template: [], open: [], verify: [] }
}
