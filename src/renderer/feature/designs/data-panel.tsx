/** The columns of the file that a design reads, and the values that it is looked at with: typed, or the longest of a file. */
import { FileUp, Plus, RotateCcw, Trash2 } from 'lucide-react'
import { FileTrigger } from 'react-aria-components'
import type { DesignColumn } from '#shared/design/design.ts'
import { useWords } from '../../i18n/provider.tsx'
import { attempt, notify } from '../../store/notices.ts'
import { Button, Switch, TextField } from '../../ui/index.ts'
import { withColumn, withNewColumn, withoutColumn } from './document.ts'
import { decodeText, longestValues } from './longest.ts'
import type { Designer } from './use-designer.ts'

export function DataPanel({ designer }: { designer: Designer }) {
  const { say } = useWords()
  const { design, mayEdit, sample } = designer
  const read = (file: File | undefined) =>
    file &&
    void attempt(async () => {
      const longest = longestValues(design, decodeText(new Uint8Array(await file.arrayBuffer())))
      designer.setSample(new Map([...sample, ...longest]))
      notify('design.sample.file.done', { count: longest.size, file: file.name })
    })
  return (
    <div className="stack">
      <section className="stack" data-tight>
        <h2>{say('design.sample')}</h2>
        <p className="small soft">{say('design.sample.hint')}</p>
        <div className="row">
          <FileTrigger onSelect={(files) => read(files?.[0])}>
            <Button icon={<FileUp size={18} aria-hidden />}>{say('design.sample.file')}</Button>
          </FileTrigger>
          <Button kind="quiet" icon={<RotateCcw size={18} aria-hidden />} isDisabled={sample.size === 0} onPress={() => designer.setSample(new Map())}>
            {say('design.sample.clear')}
          </Button>
        </div>
        <div className="design-form">
          {design.columns.map((column) => (
            <TextField
              key={column.name}
              label={column.name}
              value={sample.get(column.name) ?? ''}
              placeholder={column.example}
              maxLength={200}
              onChange={(value) => designer.setSample(withValue(sample, column.name, value))}
            />
          ))}
        </div>
      </section>
      <section className="stack" data-tight>
        <div className="spread">
          <h2>{say('design.columns')}</h2>
          {mayEdit && (
            <Button kind="quiet" icon={<Plus size={18} aria-hidden />} onPress={() => designer.edit(withNewColumn(design))}>
              {say('design.column.add')}
            </Button>
          )}
        </div>
        {design.columns.map((column, index) => (
          <Column key={index} designer={designer} column={column} index={index} />
        ))}
      </section>
    </div>
  )
}

function withValue(sample: ReadonlyMap<string, string>, column: string, value: string): ReadonlyMap<string, string> {
  const next = new Map(sample)
  if (value === '') next.delete(column)
  else next.set(column, value)
  return next
}

function Column({ designer, column, index }: { designer: Designer; column: DesignColumn; index: number }) {
  const { say } = useWords()
  const { design, mayEdit } = designer
  const change = (changes: Parameters<typeof withColumn>[2], gesture: string) => designer.edit(withColumn(design, index, changes), `${gesture} ${index}`)
  return (
    <details className="design-column">
      <summary>
        {column.name}
        {column.secret && <span className="small soft"> · {say('design.column.secret')}</span>}
      </summary>
      <div className="design-form">
        <TextField label={say('design.column.name')} value={column.name} onChange={(name) => change({ name }, 'column-name')} isReadOnly={!mayEdit} maxLength={80} />
        <TextField label={say('design.column.example')} value={column.example} onChange={(example) => change({ example }, 'column-example')} isReadOnly={!mayEdit} maxLength={200} />
        <Switch isSelected={column.required} onChange={(required) => change({ required }, 'column-required')} isDisabled={!mayEdit}>
          {say('design.column.required')}
        </Switch>
        <Switch isSelected={column.secret ?? false} onChange={(secret) => change({ secret: secret || undefined }, 'column-secret')} isDisabled={!mayEdit}>
          {say('design.column.secret')}
        </Switch>
        {mayEdit && (
          <Button kind="quiet" icon={<Trash2 size={18} aria-hidden />} isDisabled={design.columns.length === 1} onPress={() => designer.edit(withoutColumn(design, index))}>
            {say('design.column.remove')}
          </Button>
        )}
      </div>
    </details>
  )
}
