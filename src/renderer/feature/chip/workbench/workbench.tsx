/** The workbench: a task is tried on a practice card or one in a reader, stepped through command by command, and looked at afterwards. */
import { useState } from 'react'
import { useWords } from '../../../i18n/provider.tsx'
import { FaultPanel, Tabs, useShortcuts } from '../../../ui/index.ts'
import { CardPane } from './card-pane.tsx'
import { DataPane } from './data-pane.tsx'
import { ScriptPane } from './script-pane.tsx'
import { changedGroups, continueRun, isBusy, stepRun, stopRun, useBench } from './session.ts'
import { Toolbar, useStart } from './toolbar.tsx'
import { TracePane } from './trace-pane.tsx'
import { useChoices } from './use-choices.ts'

type Pane = 'script' | 'data' | 'card'

export function Workbench() {
  const { say } = useWords()
  const choices = useChoices()
  const [pane, setPane] = useState<Pane>('script')
  const [reveal, setReveal] = useState<{ application: string; line: number }>()
  const { state, faults, chip, sample, target } = useBench()
  const starter = useStart(choices)
  const busy = isBusy(state)
  const changed = changedGroups(chip, sample)
  const armed = target.kind === 'practice' ? target.faults.length : 0
  useShortcuts([
    { key: 'r', label: say('bench.shortcut.run'), run: () => !busy && starter.start(false) },
    { key: 's', label: say('bench.shortcut.step'), run: () => (busy ? stepRun() : starter.start(true)) },
    { key: 'c', label: say('bench.shortcut.continue'), run: () => state === 'halted' && continueRun() },
    { key: 'x', label: say('bench.shortcut.stop'), run: () => busy && stopRun() },
  ])
  return (
    <div className="bench">
      <Toolbar choices={choices} starter={starter} />
      <FaultPanel faults={faults} />
      <div className="bench-split">
        <div className="bench-left">
          <Tabs<Pane>
            label={say('bench.panes')}
            value={pane}
            onChange={setPane}
            tabs={[
              { id: 'script', title: say('bench.pane.script'), content: <ScriptPane choices={choices} reveal={reveal} /> },
              { id: 'data', title: changed > 0 ? say('bench.pane.data.changed', { count: changed }) : say('bench.pane.data'), content: <DataPane choices={choices} /> },
              { id: 'card', title: armed > 0 ? say('bench.pane.card.armed', { count: armed }) : say('bench.pane.card'), content: <CardPane /> },
            ]}
          />
        </div>
        <TracePane
          onShowLine={(application, line) => {
            setPane('script')
            setReveal({ application, line })
          }}
        />
      </div>
      {starter.dialog}
    </div>
  )
}
