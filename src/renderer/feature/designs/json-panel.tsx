/** The design as its document: looked at, changed, taken out and brought in. */
import { ClipboardCopy, FileDown, FileUp } from 'lucide-react'
import { useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import type { Mistake } from '#shared/design/mistake.ts'
import { parseDesignText } from '#shared/design/parse-design.ts'
import { saveText } from '../../client/save-file.ts'
import { useWords } from '../../i18n/provider.tsx'
import { attempt, notify } from '../../store/notices.ts'
import { Button, FaultPanel, TextField } from '../../ui/index.ts'
import type { Designer } from './use-designer.ts'

export function JsonPanel({ designer }: { designer: Designer }) {
  const { say } = useWords()
  const { design, mayEdit } = designer
  const [typed, setTyped] = useState<string>()
  const [mistakes, setMistakes] = useState<readonly Mistake[]>([])
  const text = typed ?? `${JSON.stringify(design, undefined, 2)}\n`
  const take = (next: string): boolean => {
    setTyped(next)
    const reading = parseDesignText(next)
    setMistakes(reading.ok ? [] : reading.mistakes)
    // The identifier is the design's place among the others and stays.
    if (reading.ok) designer.edit({ ...reading.design, id: design.id }, 'json')
    return reading.ok
  }
  const load = (file: File | undefined) =>
    file &&
    void attempt(async () => {
      if (take(await file.text())) {
        setTyped(undefined)
        notify('design.json.loaded', { file: file.name })
      }
    })
  const copy = () =>
    void attempt(async () => {
      await navigator.clipboard.writeText(text)
      notify('design.json.copied')
    })
  return (
    <div className="stack" data-tight>
      <p className="small soft">{say('design.json.hint')}</p>
      <div className="row">
        <Button icon={<FileDown size={18} aria-hidden />} onPress={() => saveText(`${design.id}.json`, 'application/json', text)}>
          {say('design.json.save')}
        </Button>
        <Button icon={<ClipboardCopy size={18} aria-hidden />} onPress={copy}>
          {say('design.json.copy')}
        </Button>
        {mayEdit && (
          <FileTrigger acceptedFileTypes={['.json', 'application/json']} onSelect={(files) => load(files?.[0])}>
            <Button icon={<FileUp size={18} aria-hidden />}>{say('design.json.load')}</Button>
          </FileTrigger>
        )}
      </div>
      <FaultPanel faults={mistakes.slice(0, 5)} />
      <div className="design-json">
        <TextField
          label={say('design.json.text')}
          value={text}
          onChange={take}
          onBlur={() => mistakes.length === 0 && setTyped(undefined)}
          isReadOnly={!mayEdit}
          lines={18}
          spellCheck="false"
        />
      </div>
    </div>
  )
}
