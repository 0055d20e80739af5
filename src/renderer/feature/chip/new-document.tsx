/** A new document begins as a copy of one that there is: nothing begins empty. */
import { useState } from 'react'
import type { ChipDocumentKind } from '#shared/journal/events.ts'
import { call } from '../../client/client.ts'
import { useWords } from '../../i18n/provider.tsx'
import { attempt } from '../../store/notices.ts'
import { Button, Dialog, Select, TextField } from '../../ui/index.ts'
import { setDraft } from './drafts.ts'
import { renamedTask } from './tasks/task-text.ts'

export interface NewDocumentProps {
  kind: ChipDocumentKind
  /** Those it may be a copy of. */
  like: readonly string[]
  open: boolean
  onClose(): void
  onMade(id: string): void
}

export function NewDocument({ kind, like, open, onClose, onMade }: NewDocumentProps) {
  const { say } = useWords()
  const [id, setId] = useState('')
  const [model, setModel] = useState<string>()
  const from = model ?? like[0]
  const wrong = id !== '' && (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length > 60) ? say('chip.new.id.wrong') : like.includes(id) ? say('chip.new.id.taken') : undefined
  const make = () =>
    void attempt(async () => {
      const source = from === undefined ? emptySources[kind] : (await call('chip.document', { document: kind, id: from })).source
      setDraft(kind, id, kind === 'task' ? renamedTask(source, id) : source)
      setId('')
      onClose()
      onMade(id)
    })
  return (
    <Dialog
      title={say(`chip.new.${kind}`)}
      open={open}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{say('control.cancel')}</Button>
          <Button kind="primary" isDisabled={id === '' || wrong !== undefined} onPress={make}>
            {say('chip.new.make')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <TextField label={say('chip.new.id')} hint={say('chip.new.id.hint')} error={wrong} value={id} onChange={setId} maxLength={60} autoFocus spellCheck="false" />
        {like.length > 0 && <Select label={say('chip.new.like')} value={from} onChange={setModel} options={like.map((one) => ({ id: one, text: one }))} />}
      </div>
    </Dialog>
  )
}

const emptySources: Readonly<Record<ChipDocumentKind, string>> = {
  task: '{}\n',
  scapp: 'export const expects = {}\n\nexport default async function personalize(card) {\n}\n',
  extension: 'export const expects = {}\n',
}
