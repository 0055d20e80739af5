/** What the chip is to hold: the task that makes it, and the bytes of each application's groups, from the columns of the file. */
import { Plus, Trash2 } from 'lucide-react'
import type { ChipTask } from '#shared/chip/task.ts'
import type { CardDesign, DesignApplication, DesignGroup } from '#shared/design/design.ts'
import { groupingName } from '#shared/tlv/grouping-names.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { useWords } from '../../i18n/provider.tsx'
import { Button, IconButton, Select, Switch, TextField } from '../../ui/index.ts'
import { withDesign } from './document.ts'
import { ExpressionField } from './expression-field.tsx'
import type { Designer } from './use-designer.ts'

type Chip = NonNullable<CardDesign['chip']>

export function ChipPanel({ designer }: { designer: Designer }) {
  const { say } = useWords()
  const { value: documents } = useAnswer('chip.documents', {})
  const { design, mayEdit } = designer
  const { chip } = design
  const tasks = documents?.filter(({ document }) => document === 'task') ?? []
  const task = useTask(chip?.task ?? tasks[0]?.id)
  const set = (next: Chip | undefined, gesture?: string) => designer.edit(withDesign(design, { chip: next, ...(next && { contacts: true }) }), gesture)
  const begin = () => tasks[0] && set({ task: task?.id ?? tasks[0].id, applications: beginnings(task) })
  return (
    <div className="stack">
      <Switch isSelected={chip !== undefined} onChange={(on) => (on ? begin() : set(undefined))} isDisabled={!mayEdit || (chip === undefined && task === undefined)}>
        {say('design.chip.use')}
        <span className="option-hint">{say('design.chip.use.hint')}</span>
      </Switch>
      {chip && (
        <>
          <Select
            label={say('design.chip.task')}
            hint={say('design.chip.task.hint')}
            value={chip.task}
            onChange={(id) => set({ ...chip, task: id })}
            options={[...tasks.map(({ id, name }) => ({ id, text: name, hint: id })), ...(tasks.some(({ id }) => id === chip.task) ? [] : [{ id: chip.task, text: chip.task }])]}
            isDisabled={!mayEdit}
          />
          {chip.applications.map((application, index) => (
            <Application
              key={index}
              designer={designer}
              application={application}
              wanted={task?.applications.find((candidate) => candidate.application === application.application)}
              onChange={(next, gesture) => set({ ...chip, applications: chip.applications.with(index, next) }, gesture)}
              onRemove={chip.applications.length > 1 ? () => set({ ...chip, applications: chip.applications.toSpliced(index, 1) }) : undefined}
            />
          ))}
        </>
      )}
    </div>
  )
}

function useTask(id: string | undefined): ChipTask | undefined {
  const { value } = useAnswer('chip.document', id === undefined ? undefined : { document: 'task', id })
  try {
    return value && (JSON.parse(value.source) as ChipTask)
  } catch {
    return undefined
  }
}

/** Each application with the groups that its task always wants, still empty. */
function beginnings(task: ChipTask | undefined): Chip['applications'] {
  const applications = task?.applications ?? []
  return applications.map(({ application, template }) => ({ application, groups: template.filter(({ required }) => required).map(({ group }) => ({ group, bytes: "''" })) }))
}

interface ApplicationProps {
  designer: Designer
  application: DesignApplication
  wanted: ChipTask['applications'][number] | undefined
  onChange(next: DesignApplication, gesture?: string): void
  onRemove: (() => void) | undefined
}

function Application({ designer, application, wanted, onChange, onRemove }: ApplicationProps) {
  const { say } = useWords()
  const { design, mayEdit } = designer
  const { groups, groupings } = application
  const missing = wanted?.template.filter(({ group }) => groupings === undefined && !groups.some((one) => one.group === group)) ?? []
  const setGroup = (index: number, next: DesignGroup | undefined, gesture?: string) =>
    onChange({ ...application, groups: next === undefined ? groups.toSpliced(index, 1) : groups.with(index, next) }, gesture)
  return (
    <section className="design-track">
      <div className="spread">
        <h2 className="design-chip-title code">{application.application}</h2>
        {mayEdit && onRemove && (
          <IconButton label={say('chip.task.application.remove', { application: application.application })} onPress={onRemove}>
            <Trash2 size={18} />
          </IconButton>
        )}
      </div>
      <Switch
        isSelected={groupings !== undefined}
        onChange={(on) => onChange(on ? { ...application, groupings: "''" } : withoutGroupings(application))}
        isDisabled={!mayEdit}
      >
        {say('design.chip.groupings')}
        <span className="option-hint">{say('design.chip.groupings.hint')}</span>
      </Switch>
      {groupings !== undefined && (
        <ExpressionField
          label={say('design.chip.groupings.text')}
          value={groupings}
          onChange={(text) => onChange({ ...application, groupings: text }, `groupings ${application.application}`)}
          columns={design.columns}
          isReadOnly={!mayEdit}
        />
      )}
      {application.secretGroupings?.map(({ under, groups: names }) => (
        <p key={under} className="small soft">
          {say('design.chip.secret-groupings', { key: under, groups: names.join(', ') })}
        </p>
      ))}
      {groups.map((group, index) => (
        <Group key={index} designer={designer} group={group} onChange={(next, gesture) => setGroup(index, next, gesture)} />
      ))}
      {mayEdit && (
        <div className="row">
          <Button icon={<Plus size={18} aria-hidden />} onPress={() => onChange({ ...application, groups: [...groups, { group: missing[0]?.group ?? freeGroup(groups), bytes: "''" }] })}>
            {say('design.chip.group.add')}
          </Button>
          {missing.length > 0 && <span className="small soft">{say('design.chip.group.missing', { groups: missing.map(({ group }) => group).join(', ') })}</span>}
        </div>
      )}
    </section>
  )
}

function Group({ designer: { design, mayEdit }, group, onChange }: { designer: Designer; group: DesignGroup; onChange(next: DesignGroup | undefined, gesture?: string): void }) {
  const { say, language } = useWords()
  const meaning = groupingName(group.group)?.[language]
  return (
    <div className="design-chip-group">
      <TextField
        label={say('design.chip.group')}
        hint={[meaning, group.secret && say('design.chip.secret', { key: group.secret.under })].filter(Boolean).join(' · ') || undefined}
        value={group.group}
        onChange={(name) => onChange({ ...group, group: name }, 'group')}
        isReadOnly={!mayEdit}
        maxLength={40}
      />
      <ExpressionField label={say('design.chip.bytes')} value={group.bytes} onChange={(bytes) => onChange({ ...group, bytes }, `bytes ${group.group}`)} columns={design.columns} isReadOnly={!mayEdit} />
      {mayEdit && (
        <IconButton label={say('design.chip.group.remove', { group: group.group })} onPress={() => onChange(undefined)}>
          <Trash2 size={18} />
        </IconButton>
      )}
    </div>
  )
}

function withoutGroupings({ groupings: _, secretGroupings: __, ...rest }: DesignApplication): DesignApplication {
  return rest
}

function freeGroup(groups: readonly DesignGroup[]): string {
  for (let record = 1; ; record += 1) {
    const name = `01${record.toString(16).toUpperCase().padStart(2, '0')}`
    if (!groups.some(({ group }) => group === name)) return name
  }
}
