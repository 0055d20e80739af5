/** Chip: tasks and scripts, the workbench where they are tried without a machine, and the keys and readers that they need. */
import { routeTo, useRoute } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useMay } from '../../store/session.ts'
import { Page } from '../../ui/index.ts'
import { KeysPanel } from './keys/keys-panel.tsx'
import { ReadersPanel } from './keys/readers-panel.tsx'
import { ScriptsPart } from './scripts/scripts-part.tsx'
import { TasksPart } from './tasks/tasks-part.tsx'
import { Workbench } from './workbench/workbench.tsx'
import './chip-page.css'
import './workbench/workbench.css'

const parts = ['workbench', 'tasks', 'scripts', 'keys'] as const
type Part = (typeof parts)[number]

export default function ChipPage() {
  const { say } = useWords()
  const { path } = useRoute()
  const mayTry = useMay('bench.open')
  const allowed = parts.filter((part) => part !== 'workbench' || mayTry)
  const [named, ...rest] = path
  const part = allowed.find((candidate) => candidate === named) ?? allowed[0]!
  return (
    <Page title={say('page.chip')} fill actions={<PartLinks parts={allowed} current={part} />}>
      {part === 'workbench' && <Workbench />}
      {part === 'tasks' && <TasksPart id={rest[0]} />}
      {part === 'scripts' && <ScriptsPart kind={rest[0]} id={rest[1]} />}
      {part === 'keys' && (
        <div className="chip-keys">
          <KeysPanel />
          <ReadersPanel />
        </div>
      )}
    </Page>
  )
}

function PartLinks({ parts, current }: { parts: readonly Part[]; current: Part }) {
  const { say } = useWords()
  return (
    <nav className="segments" aria-label={say('chip.parts')}>
      {parts.map((part) => (
        <a key={part} className="segment" href={routeTo('chip', [part])} aria-current={part === current ? 'page' : undefined} data-selected={part === current || undefined}>
          {say(`chip.part.${part}`)}
        </a>
      ))}
    </nav>
  )
}
