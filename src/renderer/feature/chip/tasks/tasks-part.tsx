/** The chip tasks: a list, and one of them as a form or as its document. */
import { FlaskConical, ListChecks, Plus } from 'lucide-react'
import { useState } from 'react'
import { goTo, routeTo } from '../../../frame/route.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { useMay } from '../../../store/session.ts'
import { Button, EmptyPage, FaultPanel, Progress, Segments } from '../../../ui/index.ts'
import { DocumentHead } from '../document-head.tsx'
import { DocumentList } from '../document-list.tsx'
import { useDocument, useDocuments } from '../documents.ts'
import { CodeEditor } from '../editor/code-editor.tsx'
import { Mistakes, useMarkers } from '../mistakes.tsx'
import { changeBench } from '../workbench/session.ts'
import { NewDocument } from '../new-document.tsx'
import { TaskForm } from './task-form.tsx'
import { readTask } from './task-text.ts'

export function TasksPart({ id }: { id: string | undefined }) {
  const { say } = useWords()
  const { value: documents, faults } = useDocuments()
  const mayEdit = useMay('chip.saveDocument')
  const [adding, setAdding] = useState(false)
  const tasks = documents?.filter(({ document }) => document === 'task')
  const chosen = id ?? tasks?.[0]?.id
  if (tasks === undefined) return faults.length > 0 ? <FaultPanel faults={faults} /> : <Progress label={say('frame.loading')} />
  return (
    <div className="chip-split">
      <aside className="chip-side" aria-label={say('chip.tasks')}>
        <DocumentList documents={tasks} current={chosen} addressOf={(task) => routeTo('chip', ['tasks', task.id])} />
        {mayEdit && (
          <Button icon={<Plus size={18} aria-hidden />} onPress={() => setAdding(true)}>
            {say('chip.task.new')}
          </Button>
        )}
      </aside>
      {chosen === undefined ? (
        <EmptyPage icon={<ListChecks size={40} aria-hidden />} title={say('chip.tasks.none')}>
          {say('chip.tasks.none.do')}
        </EmptyPage>
      ) : (
        <TaskTable key={chosen} id={chosen} />
      )}
      <NewDocument kind="task" like={tasks.map((task) => task.id)} open={adding} onClose={() => setAdding(false)} onMade={(made) => goTo(routeTo('chip', ['tasks', made]))} />
    </div>
  )
}

type View = 'form' | 'json'

function TaskTable({ id }: { id: string }) {
  const { say, language } = useWords()
  const table = useDocument('task', id)
  const mayTry = useMay('bench.open')
  const [view, setView] = useState<View>('form')
  const [reveal, setReveal] = useState<{ line: number }>()
  const markers = useMarkers(table)
  const { source } = table
  if (source === undefined) return table.faults.length > 0 ? <FaultPanel faults={table.faults} /> : <Progress label={say('frame.loading')} />
  const task = readTask(source)
  const tryIt = () => {
    changeBench({ task: id })
    goTo(routeTo('chip', ['workbench']))
  }
  return (
    <section className="chip-document" aria-label={task?.name[language] ?? id}>
      <DocumentHead title={task?.name[language] ?? id} id={id} table={table}>
        <Segments<View>
          label={say('chip.task.view')}
          value={view}
          onChange={setView}
          options={[
            { id: 'form', text: say('chip.task.form') },
            { id: 'json', text: say('chip.task.json') },
          ]}
        />
        {mayTry && (
          <Button icon={<FlaskConical size={18} aria-hidden />} onPress={tryIt}>
            {say('chip.task.try')}
          </Button>
        )}
      </DocumentHead>
      <div className="chip-document-body">
        {view === 'form' ? (
          <TaskForm source={source} {...(table.mayEdit && { onChange: table.edit })} />
        ) : (
          <CodeEditor label={say('chip.task.json')} language="json" value={source} markers={markers} reveal={reveal} {...(table.mayEdit && { onChange: table.edit })} />
        )}
      </div>
      <Mistakes
        table={table}
        onShow={(line) => {
          setView('json')
          setReveal({ line })
        }}
      />
    </section>
  )
}
