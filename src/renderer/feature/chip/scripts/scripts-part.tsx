/** Scripts: ScApps and extension modules, in an editor that knows what they may use. */
import { FileCode2, Plus } from 'lucide-react'
import { useState } from 'react'
import { goTo, routeTo } from '../../../frame/route.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { useMay } from '../../../store/session.ts'
import { Button, EmptyPage, FaultPanel, Menu, Progress } from '../../../ui/index.ts'
import { DocumentHead } from '../document-head.tsx'
import { DocumentList } from '../document-list.tsx'
import { useDocument, useDocuments } from '../documents.ts'
import { CodeEditor } from '../editor/code-editor.tsx'
import { Mistakes, useMarkers } from '../mistakes.tsx'
import { NewDocument } from '../new-document.tsx'

type Kind = 'scapp' | 'extension'

export function ScriptsPart({ kind, id }: { kind: string | undefined; id: string | undefined }) {
  const { say } = useWords()
  const { value: documents, faults } = useDocuments()
  const mayEdit = useMay('chip.saveDocument')
  const [adding, setAdding] = useState<Kind>()
  if (documents === undefined) return faults.length > 0 ? <FaultPanel faults={faults} /> : <Progress label={say('frame.loading')} />
  const of = (wanted: Kind) => documents.filter(({ document }) => document === wanted)
  const chosenKind: Kind = kind === 'extension' ? 'extension' : 'scapp'
  const chosen = id ?? of('scapp')[0]?.id
  const address = (wanted: Kind) => (document: { id: string }) => routeTo('chip', ['scripts', wanted, document.id])
  return (
    <div className="chip-split">
      <aside className="chip-side" aria-label={say('chip.scripts')}>
        <DocumentList title={say('chip.scapps')} documents={of('scapp')} current={chosenKind === 'scapp' ? chosen : undefined} addressOf={address('scapp')} />
        {of('extension').length > 0 && (
          <DocumentList title={say('chip.extensions')} documents={of('extension')} current={chosenKind === 'extension' ? chosen : undefined} addressOf={address('extension')} />
        )}
        {mayEdit && (
          <Menu
            label={say('chip.script.new')}
            trigger={<Button icon={<Plus size={18} aria-hidden />}>{say('chip.script.new')}</Button>}
            entries={[
              { id: 'scapp', text: say('chip.new.scapp'), run: () => setAdding('scapp') },
              { id: 'extension', text: say('chip.new.extension'), run: () => setAdding('extension') },
            ]}
          />
        )}
      </aside>
      {chosen === undefined ? (
        <EmptyPage icon={<FileCode2 size={40} aria-hidden />} title={say('chip.scripts.none')}>
          {say('chip.scripts.none.do')}
        </EmptyPage>
      ) : (
        <ScriptTable key={`${chosenKind} ${chosen}`} kind={chosenKind} id={chosen} />
      )}
      {adding && (
        <NewDocument
          kind={adding}
          like={of(adding).map((document) => document.id)}
          open
          onClose={() => setAdding(undefined)}
          onMade={(made) => goTo(routeTo('chip', ['scripts', adding, made]))}
        />
      )}
    </div>
  )
}

function ScriptTable({ kind, id }: { kind: Kind; id: string }) {
  const { say } = useWords()
  const table = useDocument(kind, id)
  const [reveal, setReveal] = useState<{ line: number }>()
  const markers = useMarkers(table)
  if (table.source === undefined) return table.faults.length > 0 ? <FaultPanel faults={table.faults} /> : <Progress label={say('frame.loading')} />
  return (
    <section className="chip-document" aria-label={id}>
      <DocumentHead title={id} id={say(kind === 'scapp' ? 'chip.kind.scapp' : 'chip.kind.extension')} table={table} />
      <div className="chip-document-body" data-code>
        <CodeEditor label={say('chip.script.source', { name: id })} language="script" value={table.source} markers={markers} reveal={reveal} {...(table.mayEdit && { onChange: table.edit })} />
      </div>
      <Mistakes table={table} onShow={(line) => setReveal({ line })} />
    </section>
  )
}
