/** A new design: from nothing, as a copy, or out of a file. It opens on the table and is saved from there. */
import { FileUp } from 'lucide-react'
import { useState } from 'react'
import { FileTrigger, Form } from 'react-aria-components'
import type { DesignSummary } from '#shared/contract/calls.ts'
import type { CardDesign } from '#shared/design/design.ts'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { parseDesignText } from '#shared/design/parse-design.ts'
import { call } from '../../client/client.ts'
import { goTo, routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { Button, Dialog, FaultPanel, Select, TextField } from '../../ui/index.ts'
import { identifierFor, newDesign } from './document.ts'
import { keepDraft } from './drafts.ts'
import { newHistory } from './history.ts'

const blank = 'blank'

export function NewDesign({ designs, onClose }: { designs: readonly DesignSummary[]; onClose(): void }) {
  const { say } = useWords()
  const [name, setName] = useState('')
  const [from, setFrom] = useState(blank)
  const [tried, setTried] = useState(false)
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const taken = designs.map((design) => design.design)
  const open = (design: CardDesign) => {
    keepDraft(design.id, { history: newHistory(design), saved: undefined })
    goTo(routeTo('designs', [design.id]))
  }
  const begin = async () => {
    setTried(true)
    const called = name.trim()
    if (called === '') return
    const id = identifierFor(called, taken)
    const names = { en: called, ru: called }
    try {
      open(from === blank ? newDesign(id, names) : { ...(await call('design.get', { design: from })), id, name: names })
    } catch (thrown) {
      setFaults(faultsOf(thrown))
    }
  }
  const load = async (file: File | undefined) => {
    if (file === undefined) return
    const reading = parseDesignText(await file.text())
    if (!reading.ok) return setFaults(reading.mistakes)
    const { design } = reading
    open({ ...design, id: taken.includes(design.id) ? identifierFor(design.id, taken) : design.id })
  }
  return (
    <Dialog title={say('designs.new.title')} open onClose={onClose}>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void begin()
        }}
      >
        <TextField
          label={say('designs.new.name')}
          value={name}
          onChange={setName}
          maxLength={80}
          error={tried && name.trim() === '' ? say('designs.new.missing') : undefined}
          autoFocus
        />
        <Select
          label={say('designs.new.from')}
          options={[
            { id: blank, text: say('designs.new.blank') },
            ...designs.map((design) => ({ id: design.design, text: say('designs.new.copy', { name: design.name }) })),
          ]}
          value={from}
          onChange={setFrom}
        />
        <FaultPanel faults={faults} />
        <div className="spread">
          <FileTrigger acceptedFileTypes={['.json', 'application/json']} onSelect={(files) => void load(files?.[0])}>
            <Button kind="quiet" icon={<FileUp size={18} aria-hidden />}>
              {say('designs.new.file')}
            </Button>
          </FileTrigger>
          <Button kind="primary" type="submit">
            {say('designs.new.do')}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
