/** The head of a document on the table: what it is, its state, and the deeds on it. */
import { RotateCcw, Save } from 'lucide-react'
import type { ReactNode } from 'react'
import { useWords } from '../../i18n/provider.tsx'
import { Button } from '../../ui/index.ts'
import type { DocumentTable } from './documents.ts'

export function DocumentHead({ title, id, table, children }: { title: string; id: string; table: DocumentTable; children?: ReactNode }) {
  const { say } = useWords()
  const { revision, changed, mayEdit, mistakes, checked } = table
  const state = [table.saved === undefined ? say('chip.never-saved') : revision === 0 ? say('chip.as-shipped') : say('chip.revision', { revision }), changed && say('chip.changed')].filter(Boolean)
  return (
    <header className="spread chip-document-head">
      <div>
        <h2>{title}</h2>
        <p className="soft small">
          <span className="code">{id}</span> · {state.join(' · ')}
        </p>
      </div>
      <div className="row">
        {children}
        {mayEdit && changed && (
          <Button kind="quiet" icon={<RotateCcw size={18} aria-hidden />} onPress={table.revert}>
            {say('chip.revert')}
          </Button>
        )}
        {mayEdit && (
          <Button kind="primary" icon={<Save size={18} aria-hidden />} isDisabled={!changed || !checked || mistakes.length > 0} onPress={() => void table.save()}>
            {say('control.save')}
          </Button>
        )}
      </div>
    </header>
  )
}
