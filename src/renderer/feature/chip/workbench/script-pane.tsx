/** The scripts of the chosen task beside their trace: changed here, tried at once, the line at work marked. */
import { useMemo, useState } from 'react'
import type { ChipDocumentKind } from '#shared/journal/events.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { Button, Progress, Select } from '../../../ui/index.ts'
import { useDocument } from '../documents.ts'
import { CodeEditor } from '../editor/code-editor.tsx'
import type { Marker } from '../editor/code-editor.tsx'
import { useMarkers } from '../mistakes.tsx'
import type { Apdu } from './reading.ts'
import { useBench } from './session.ts'
import type { Choices } from './use-choices.ts'

interface Chosen {
  kind: Exclude<ChipDocumentKind, 'task'>
  id: string
}

export function ScriptPane({ choices: { task }, reveal }: { choices: Choices; reveal: { application: string; line: number } | undefined }) {
  const { say } = useWords()
  const scripts = useMemo((): Chosen[] => {
    const scapps = [...new Set(task?.applications.map(({ scapp }) => scapp))].map((id): Chosen => ({ kind: 'scapp', id }))
    return task?.extension ? [...scapps, { kind: 'extension', id: task.extension.module }] : scapps
  }, [task])
  const [picked, setPicked] = useState<{ key: string; working: string | undefined; reveal: typeof reveal }>()
  const scappOf = (application: string | undefined) => task?.applications.find((candidate) => candidate.application === application)?.scapp
  const { application, line } = useAtWork()
  const working = scappOf(application)
  const wanted = scappOf(reveal?.application)
  // What a person picked stands until another script goes to work, or a line of another is asked for.
  const own = picked !== undefined && picked.working === working && picked.reveal === reveal ? picked.key : undefined
  const chosen = scripts.find(({ kind, id }) => `${kind} ${id}` === (own ?? `scapp ${working ?? wanted}`)) ?? scripts[0]
  if (chosen === undefined) return <p className="soft">{say('bench.no-script')}</p>
  const mine = chosen.kind === 'scapp' && chosen.id === working
  return (
    <div className="bench-script">
      <ScriptTable
        key={`${chosen.kind} ${chosen.id}`}
        chosen={chosen}
        atWork={mine ? line : undefined}
        reveal={reveal && chosen.id === wanted ? reveal : undefined}
        isFault={(app) => scappOf(app) === chosen.id}
        picker={
          <Select
            label={say('bench.script')}
            hideLabel
            value={`${chosen.kind} ${chosen.id}`}
            onChange={(key) => setPicked({ key, working, reveal })}
            options={scripts.map(({ kind, id }) => ({ id: `${kind} ${id}`, text: id, hint: say(kind === 'scapp' ? 'chip.kind.scapp' : 'chip.kind.extension') }))}
          />
        }
      />
    </div>
  )
}

interface ScriptTableProps {
  chosen: Chosen
  atWork: number | undefined
  reveal: { line: number } | undefined
  isFault(application: string): boolean
  picker: React.ReactNode
}

function ScriptTable({ chosen: { kind, id }, atWork, reveal, isFault, picker }: ScriptTableProps) {
  const words = useWords()
  const { say } = words
  const table = useDocument(kind, id)
  const checked = useMarkers(table)
  const { runs } = useBench()
  const result = runs.at(-1)?.result
  const failed = useMemo(
    (): Marker[] =>
      result?.fault !== undefined && result.line !== undefined && result.application !== undefined && isFault(result.application)
        ? [{ line: result.line, text: [words.reason({ code: result.fault }), result.lastStatus].filter(Boolean).join(' · ') }]
        : [],
    // The result is another object for every try.
    [result, words, isFault],
  )
  const { source } = table
  if (source === undefined) return <Progress label={say('frame.loading')} />
  return (
    <>
      <div className="spread bench-script-head">
        {picker}
        <span className="row">
          {table.changed && <span className="soft small">{say('chip.changed')}</span>}
          {table.mayEdit && (
            <Button isDisabled={!table.changed || !table.checked || table.mistakes.length > 0} onPress={() => void table.save()}>
              {say('control.save')}
            </Button>
          )}
        </span>
      </div>
      <CodeEditor
        label={say('chip.script.source', { name: id })}
        language="script"
        value={source}
        markers={[...checked, ...failed]}
        reveal={reveal}
        atWork={atWork}
        {...(table.mayEdit && { onChange: table.edit })}
      />
    </>
  )
}

/** Where the script stands: at the command that waits or goes. */
function useAtWork(): { application: string | undefined; line: number | undefined } {
  const { runs, state } = useBench()
  if (state !== 'halted' && state !== 'running') return { application: undefined, line: undefined }
  const entry = runs.at(-1)?.entries.findLast((candidate): candidate is Apdu => candidate.kind === 'apdu' && candidate.by === 'script')
  return { application: entry?.application, line: entry?.line }
}
