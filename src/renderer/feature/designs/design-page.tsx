/** One design on the table: the card to scale on the left, its parts on the right, what is wrong below. */
import { ArrowLeft, Redo2, RotateCw, Save, Undo2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { ProfileSummary } from '#shared/contract/calls.ts'
import { call } from '../../client/client.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useDevices } from '../../store/live.ts'
import { attempt, notify } from '../../store/notices.ts'
import { Button, FaultPanel, IconButton, Page, Progress, Segments, Select, Tabs, useShortcuts } from '../../ui/index.ts'
import { CardCanvas } from './card-canvas.tsx'
import { CardPanel } from './card-panel.tsx'
import { ChipPanel } from './chip-panel.tsx'
import { Checks } from './checks.tsx'
import { DataPanel } from './data-panel.tsx'
import { draftOf } from './drafts.ts'
import type { Draft } from './drafts.ts'
import { newHistory } from './history.ts'
import { JsonPanel } from './json-panel.tsx'
import { LinesPanel } from './lines-panel.tsx'
import { millimetres } from './millimetres.ts'
import { TracksPanel } from './tracks-panel.tsx'
import { useDesigner } from './use-designer.ts'
import type { Designer, Side } from './use-designer.ts'

export function DesignPage({ id }: { id: string }) {
  const { say } = useWords()
  const [draft] = useState(() => draftOf(id))
  const { value: stored, faults } = useAnswer('design.get', draft ? undefined : { design: id })
  const { value: summaries } = useAnswer('design.list', {})
  const { value: profiles } = useAnswer('device.profiles', {})
  const start: Draft | undefined = draft ?? (stored && { history: newHistory(stored), saved: stored })
  if (start === undefined || profiles === undefined || summaries === undefined) {
    return (
      <Page title={say('designs.title')} lead={<Back />}>
        {faults.length > 0 ? <FaultPanel faults={faults} /> : <Progress label={say('frame.loading')} />}
      </Page>
    )
  }
  return <Table start={start} profiles={profiles} revision={summaries.find((summary) => summary.design === id)?.revision ?? 0} />
}

function Back() {
  const { say } = useWords()
  return (
    <a href={routeTo('designs')} className="design-back">
      <ArrowLeft size={16} aria-hidden /> {say('design.back')}
    </a>
  )
}

type Part = 'lines' | 'tracks' | 'chip' | 'data' | 'card' | 'json'

function Table({ start, profiles, revision }: { start: Draft; profiles: readonly ProfileSummary[]; revision: number }) {
  const { say, language } = useWords()
  const { chosen, setChosen } = useProfile(profiles)
  const profile = profiles.find((candidate) => candidate.profile === chosen)
  const designer = useDesigner(start, profile)
  const [known, setKnown] = useState(revision)
  const [part, setPart] = useState<Part>('lines')
  const { design, changed, mayEdit } = designer
  useLeaveWarning(changed)
  const save = () =>
    void attempt(async () => {
      const saved = await call('design.save', { design })
      designer.savedAs(design)
      setKnown(saved.revision)
      notify('design.saved', { revision: saved.revision })
    })
  const turn = () => designer.turn(designer.side === 'front' ? 'back' : 'front')
  useShortcuts([
    { key: 't', label: say('design.shortcut.side'), run: turn },
    { key: '← → ↑ ↓', label: say('design.shortcut.move') },
    { key: 'Ctrl Z', label: say('design.shortcut.undo') },
    { key: 'Ctrl Y', label: say('design.shortcut.redo') },
    { key: 'Ctrl S', label: say('design.shortcut.save') },
  ])
  useControlKeys((key, shift) => {
    if (key === 'z') (shift ? designer.redo : designer.undo)()
    else if (key === 'y') designer.redo()
    else if (key !== 's') return false
    else if (mayEdit && changed && designer.sound) save()
    return true
  })
  const state = known === 0 ? say('design.never-saved') : say('design.revision', { revision: known })
  return (
    <Page
      title={design.name[language]}
      lead={
        <>
          <Back /> {state}
          {changed && known > 0 && ` · ${say('design.changed')}`}
        </>
      }
      fill
      actions={
        <>
          <Select
            label={say('design.profile')}
            hideLabel
            options={profiles.map((one) => ({ id: one.profile, text: one.model }))}
            value={chosen}
            onChange={setChosen}
          />
          {mayEdit && (
            <>
              <IconButton label={say('design.undo')} kind="plain" isDisabled={designer.history.past.length === 0} onPress={designer.undo}>
                <Undo2 size={20} />
              </IconButton>
              <IconButton label={say('design.redo')} kind="plain" isDisabled={designer.history.future.length === 0} onPress={designer.redo}>
                <Redo2 size={20} />
              </IconButton>
              <Button kind="primary" icon={<Save size={18} aria-hidden />} isDisabled={!changed || !designer.sound} onPress={save}>
                {say('design.save', { revision: known + 1 })}
              </Button>
            </>
          )}
        </>
      }
    >
      <div className="design">
        <div className="design-card">
          <div className="spread">
            <Segments<Side>
              label={say('card.side')}
              options={[
                { id: 'front', text: say('card.front') },
                { id: 'back', text: say('card.back') },
              ]}
              value={designer.side}
              onChange={designer.turn}
            />
            <Position designer={designer} />
            <IconButton label={say('design.shortcut.side')} onPress={turn}>
              <RotateCw size={18} />
            </IconButton>
          </div>
          <CardCanvas designer={designer} />
          <Checks
            designer={designer}
            onShow={(next, line) => {
              setPart(next)
              if (line !== undefined) designer.select(line)
            }}
          />
        </div>
        <div className="design-parts" onBlur={designer.settle}>
          <Tabs<Part>
            label={say('design.tabs')}
            value={part}
            onChange={setPart}
            tabs={[
              { id: 'lines', title: say('design.tab.lines'), content: <LinesPanel designer={designer} /> },
              { id: 'tracks', title: say('design.tab.tracks'), content: <TracksPanel designer={designer} /> },
              { id: 'chip', title: say('design.tab.chip'), content: <ChipPanel designer={designer} /> },
              { id: 'data', title: say('design.tab.data'), content: <DataPanel designer={designer} /> },
              { id: 'card', title: say('design.tab.card'), content: <CardPanel designer={designer} /> },
              { id: 'json', title: say('design.tab.json'), content: <JsonPanel designer={designer} /> },
            ]}
          />
        </div>
      </div>
    </Page>
  )
}

/** Where the chosen line stands, said to screen readers as it moves. */
function Position({ designer }: { designer: Designer }) {
  const words = useWords()
  const { design, selected, judgement } = designer
  const line = selected === undefined ? undefined : design.lines[selected]
  if (line === undefined || selected === undefined) return <span />
  const [mistake] = judgement.lines[selected]?.mistakes ?? []
  const where = { x: millimetres(words.language, line.x), y: millimetres(words.language, line.y) }
  return (
    <span className="design-position" role="status" data-wrong={mistake !== undefined || undefined}>
      {words.say('design.moved', where)}
      {mistake && <span className="only-heard">{words.fault(mistake).what}</span>}
    </span>
  )
}

/** The machine that is set up here comes first. */
function useProfile(profiles: readonly ProfileSummary[]) {
  const [picked, setChosen] = useState<string>()
  const own = useDevices().find((device) => profiles.some((candidate) => candidate.profile === device.profile))?.profile
  return { chosen: picked ?? own ?? profiles[0]?.profile, setChosen }
}

/** Keys pressed with Ctrl (or Cmd), wherever the focus is, but not while a dialog is open. `run` says whether it took the key. */
function useControlKeys(run: (key: string, shift: boolean) => boolean): void {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector('[aria-modal=true]') !== null) return
      if (latest.current(event.key.toLowerCase(), event.shiftKey)) event.preventDefault()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

/** The browser asks before a page with unsaved changes is closed. */
function useLeaveWarning(changed: boolean): void {
  useEffect(() => {
    if (!changed) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [changed])
}
