/** A task's document as a form may change it: what it is made of is checked by the core, here it only has to be readable. Pure. */
import type { ChipTask } from '#shared/chip/task.ts'

/** The document where it is JSON that a form can show, even with mistakes in it. */
export function readTask(source: string): ChipTask | undefined {
  try {
    const task = JSON.parse(source) as Partial<ChipTask> | null
    const shown = typeof task === 'object' && task !== null && typeof task.name === 'object' && Array.isArray(task.applications) && task.applications.every((one) => Array.isArray(one?.template) && Array.isArray(one.verify)) && typeof task.card === 'object' && typeof task.card.serial === 'object'
    return shown ? (task as ChipTask) : undefined
  } catch {
    return undefined
  }
}

export function writeTask(task: ChipTask): string {
  return `${JSON.stringify(task, undefined, 2)}\n`
}

/** The same task under another identifier and name. */
export function renamedTask(source: string, id: string): string {
  const task = readTask(source)
  return task === undefined ? source : writeTask({ ...task, id, name: { en: id, ru: id } })
}

/** The task with one application changed, or taken away where `application` is undefined. */
export function withApplication(task: ChipTask, index: number, application: ChipTask['applications'][number] | undefined): ChipTask {
  return { ...task, applications: application === undefined ? task.applications.toSpliced(index, 1) : task.applications.with(index, application) }
}

/** Without members that are undefined or empty, as the document has it. */
export function without<Value extends object>(value: Value, ...names: (keyof Value)[]): Value {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name as keyof Value))) as Value
}

/** `a=1` lines ⇄ parameters: numbers and yes or no are known by their look. */
export function parameterValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) && !/^-?0\d/.test(text) ? Number(text) : text
}
