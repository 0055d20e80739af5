/** Whether a design brings onto the chip what its task asks for: found when the design is saved, not at the first card. */
import type { ChipTask, TaskApplication, TemplateGroup } from '../chip/task.ts'
import type { DesignApplication, DesignChip } from './design.ts'
import type { Mistake } from './mistake.ts'
import { designMistake } from './tell.ts'

/**
 * `task`: undefined where there is none of this name. Where the task has an extension module the groups are not judged: it may add,
 * change and take away any of them.
 */
export function taskMistakes(chip: DesignChip, task: ChipTask | undefined): Mistake[] {
  if (task === undefined) return [designMistake('design.chip-no-task', 'chip.task', { task: chip.task })]
  const wanted = new Map(task.applications.map((application) => [application.application, application]))
  const mistakes: Mistake[] = []
  for (const [index, brought] of chip.applications.entries()) {
    const path = `chip.applications[${index}]`
    const application = wanted.get(brought.application)
    if (application === undefined) mistakes.push(designMistake('design.chip-no-application', path, { application: brought.application, task: task.id }))
    else if (task.extension === undefined) mistakes.push(...groupMistakes(brought, application, path))
  }
  if (task.extension !== undefined) return mistakes
  const absent = task.applications.filter(({ application, template }) => template.some(({ required }) => required) && !chip.applications.some((brought) => brought.application === application))
  return [...mistakes, ...absent.map(({ application }) => designMistake('design.chip-application-missing', 'chip.applications', { application, task: task.id }))]
}

function groupMistakes(brought: DesignApplication, { application, template }: TaskApplication, path: string): Mistake[] {
  return template.flatMap((group) => {
    const index = brought.groups.findIndex((candidate) => candidate.group === group.group)
    if (index < 0) return streamed(brought, group, application, path)
    const { secret, optional } = brought.groups[index]!
    const place = `${path}.groups[${index}]`
    if ((secret !== undefined) !== group.secret) return [secrecy(group, application, place)]
    return optional === true && group.required ? [designMistake('design.chip-group-optional', place, { group: group.group, application })] : []
  })
}

/** A stream of data groupings may hold any group whose name is that of one (EMV CPS 2.0, table 2); which, each record tells. */
function streamed({ groupings, secretGroupings = [] }: DesignApplication, group: TemplateGroup, application: string, path: string): Mistake[] {
  const { group: name, required } = group
  if (groupings === undefined || !/^[0-9A-F]{4}$/.test(name)) return required ? [designMistake('design.chip-group-missing', path, { group: name, application })] : []
  const secret = secretGroupings.some(({ groups }) => groups.includes(name))
  return secret === group.secret ? [] : [secrecy(group, application, `${path}.secretGroupings`)]
}

const secrecy = ({ group, secret }: TemplateGroup, application: string, place: string): Mistake => designMistake(secret ? 'design.chip-group-plain' : 'design.chip-group-secret', place, { group, application })
