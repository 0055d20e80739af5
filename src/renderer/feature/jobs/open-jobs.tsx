/** The jobs in the order in which they wait. Dragging, Alt with an arrow, or the two buttons of a job change the order. */
import { ChevronDown, ChevronUp, GripVertical } from 'lucide-react'
import { useState } from 'react'
import type { KeyboardEvent } from 'react'
import { Button as AriaButton, DropIndicator, GridList, GridListItem, useDragAndDrop } from 'react-aria-components'
import type { JobView } from '#shared/job/job.ts'
import { call } from '../../client/client.ts'
import { goTo, routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { attempt } from '../../store/notices.ts'
import { IconButton } from '../../ui/index.ts'
import { CountsBar, CountsInWords } from './counts.tsx'
import { droppedAt, movedBy } from './order.ts'

export function OpenJobs({ jobs, mayOrder }: { jobs: readonly JobView[]; mayOrder: boolean }) {
  const { say } = useWords()
  const { shown, reorder, told } = useOrder(jobs)
  const ids = shown.map((job) => job.job)
  const move = (job: string, steps: number) => reorder(movedBy(ids, job, steps), job)
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
    renderDropIndicator: (target) => <DropIndicator target={target} className="jobs-drop" />,
    onReorder: ({ keys, target }) => {
      if (target.dropPosition === 'on') return
      const dragged = new Set([...keys].map(String))
      const [first = ''] = dragged
      reorder(droppedAt(ids, dragged, String(target.key), target.dropPosition), first)
    },
  })
  const onKeyDown = (event: KeyboardEvent) => {
    const steps = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    const job = (document.activeElement?.closest('[data-key]') as HTMLElement | null)?.dataset['key']
    if (!mayOrder || !event.altKey || steps === undefined || job === undefined) return
    event.preventDefault()
    event.stopPropagation()
    move(job, steps)
  }
  return (
    <div className="jobs-open" onKeyDownCapture={onKeyDown}>
      <GridList
        aria-label={say('jobs.list')}
        className="jobs-list"
        items={shown.map((job) => ({ ...job, id: job.job }))}
        {...(mayOrder && { dragAndDropHooks })}
        onAction={(job) => goTo(routeTo('jobs', [String(job)]))}
      >
        {(job) => <OpenJob job={job} place={ids.indexOf(job.job)} last={ids.length - 1} {...(mayOrder && { onMove: (steps: number) => move(job.job, steps) })} />}
      </GridList>
      <p className="only-heard" role="status">
        {told}
      </p>
    </div>
  )
}

/** The order as it was set here, until the core has said the same. */
function useOrder(jobs: readonly JobView[]) {
  const { say } = useWords()
  const [wanted, setWanted] = useState<readonly string[]>()
  const [told, setTold] = useState('')
  const shown = wanted === undefined ? jobs : jobs.toSorted((a, b) => wanted.indexOf(a.job) - wanted.indexOf(b.job))
  const reorder = (order: readonly string[], moved: string) => {
    if (order.join() === shown.map((job) => job.job).join()) return
    setWanted(order)
    const name = jobs.find((job) => job.job === moved)?.name ?? moved
    setTold(say('jobs.moved', { job: name, place: order.indexOf(moved) + 1, count: order.length }))
    void attempt(() => call('job.reorder', { jobs: [...order] })).finally(() => setWanted(undefined))
  }
  return { shown, reorder, told }
}

interface OpenJobProps {
  job: JobView
  place: number
  last: number
  onMove?: (steps: number) => void
}

function OpenJob({ job, place, last, onMove }: OpenJobProps) {
  const words = useWords()
  const { say } = words
  return (
    <GridListItem id={job.job} textValue={job.name} className="jobs-item">
      {onMove && (
        <AriaButton slot="drag" className="jobs-handle" aria-label={say('jobs.move', { job: job.name })}>
          <GripVertical size={20} aria-hidden />
        </AriaButton>
      )}
      <span className="jobs-place">{place + 1}</span>
      <div className="jobs-name">
        <strong>{job.name}</strong>
        <span className="small soft">
          {job.job} · {job.designName} · {say('jobs.from-file', { file: job.fileName })} · {words.dateTime(job.createdAt)}
        </span>
      </div>
      <div className="jobs-counts">
        <span className="jobs-state" data-state={job.state}>
          {say('jobs.cards', { count: job.counts.records })}, {say(`jobs.state.${job.state}`)}
        </span>
        <CountsBar counts={job.counts} />
        {job.state !== 'ready' && <CountsInWords counts={job.counts} />}
      </div>
      {onMove && (
        <div className="jobs-moves">
          <IconButton label={say('jobs.move-up')} isDisabled={place === 0} onPress={() => onMove(-1)}>
            <ChevronUp size={20} />
          </IconButton>
          <IconButton label={say('jobs.move-down')} isDisabled={place === last} onPress={() => onMove(1)}>
            <ChevronDown size={20} />
          </IconButton>
        </div>
      )}
    </GridListItem>
  )
}
