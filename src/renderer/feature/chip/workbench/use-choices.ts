/** What may be tried: tasks, designs that bring data for them, readers; and the task as it stands with its scripts. */
import { useEffect } from 'react'
import type { ChipDocumentSummary, ChipReaderView } from '#shared/contract/chip-calls.ts'
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import type { ChipTask } from '#shared/chip/task.ts'
import type { DesignSummary } from '#shared/contract/calls.ts'
import { faultsOf } from '#shared/faults.ts'
import { call } from '../../../client/client.ts'
import { useAnswer } from '../../../client/use-answer.ts'
import { useDocument, useDocuments } from '../documents.ts'
import { readTask } from '../tasks/task-text.ts'
import { changeBench, useBench } from './session.ts'

export interface Choices {
  tasks: readonly ChipDocumentSummary[]
  designs: readonly DesignSummary[]
  readers: readonly ChipReaderView[]
  /** The chosen task, with what is not saved yet. */
  task: ChipTask | undefined
}

export function useChoices(): Choices {
  const { value: documents } = useDocuments()
  const { value: designs } = useAnswer('design.list', {})
  const { value: readers } = useAnswer('chip.readers', {})
  const { task, design, sample } = useBench()
  const tasks = documents?.filter(({ document }) => document === 'task') ?? []
  const first = tasks[0]?.id
  useEffect(() => {
    if (task === undefined && first !== undefined) changeBench({ task: first })
  }, [task, first])
  const { source } = useDocument('task', task ?? first ?? '')
  const read = source === undefined ? undefined : readTask(source)
  const fitting = read && fittingCard(read)
  useEffect(() => {
    const { target, runs } = useBench.getState()
    // Whoever has tried this task already has chosen its card.
    if (fitting === undefined || target.kind !== 'practice' || runs.some((run) => run.task === task)) return
    changeBench({ target: { ...target, type: fitting } })
  }, [task, fitting])
  useFittingDesign(designs, task)
  useEffect(() => {
    if (design === undefined || sample !== undefined) return
    let mine = true
    call('chip.sampleData', { design }).then(
      (chip) => mine && changeBench({ sample: chip, chip }),
      (thrown: unknown) => mine && changeBench({ faults: faultsOf(thrown) }),
    )
    return () => {
      mine = false
    }
  }, [design, sample])
  return { tasks, designs: designs ?? [], readers: readers ?? [], task: read }
}

/** A task is first tried with the data of a design that is made by it. */
function useFittingDesign(designs: readonly DesignSummary[] | undefined, task: string | undefined): void {
  const ids = designs?.map(({ design }) => design).join(' ')
  useEffect(() => {
    if (ids === undefined || task === undefined) return
    let mine = true
    const find = async () => {
      for (const design of ids.split(' ').filter(Boolean)) {
        const { chip } = await call('design.get', { design })
        if (!mine) return
        if (chip?.task === task) return changeBench({ design, sample: undefined, chip: undefined })
      }
    }
    const { sample } = useBench.getState()
    if (sample?.task !== task) find().catch(() => {})
    return () => {
      mine = false
    }
  }, [ids, task])
}

/** The practice card that the shipped scripts are for; a task of one's own begins with what was chosen last. */
function fittingCard({ applications: [first] }: ChipTask): PracticeCardType | undefined {
  const cards: Readonly<Record<string, PracticeCardType>> = {
    'emv-cps': first?.parameters?.['protocol'] === 'scp03' ? 'gp-scp03-128' : 'gp-scp02-55',
    'vsdc-native': 'native-vsdc',
    'mchip-native': 'native-mchip',
    'mchip-multos': 'multos',
    'loyalty-native': 'native-wallet',
    identification: 'native-id',
  }
  return first && cards[first.scapp]
}
