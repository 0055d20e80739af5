/** How the file is read: guessed, and every part of the guess changeable while the preview follows. */
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { CardDesign } from '#shared/design/design.ts'
import type { FixedColumn, SourceOptions } from '#shared/design/source.ts'
import { useWords } from '../../i18n/provider.tsx'
import { Button, Checkbox, IconButton, NumberField, Select, TextField } from '../../ui/index.ts'
import { delimiters, encodings, inFormat, namesOf, nextFixedColumn, withHeader } from './source-options.ts'
import type { Delimited, SourceFormat } from './source-options.ts'
import type { Import } from './use-import.ts'

export function ReadAs({ form, design }: { form: Import; design: CardDesign | undefined }) {
  const words = useWords()
  const { say } = words
  const options = form.options ?? form.preview?.options
  if (options === undefined) return null
  const known = encodings.find((encoding) => encoding === options.encoding.toLowerCase())
  return (
    <section className="panel stack" data-tight aria-label={say('import.read-as')}>
      <div className="spread">
        <h2>{say('import.read-as')}</h2>
        {form.options === undefined ? (
          <span className="small soft">{say('import.guessed')}</span>
        ) : (
          <Button kind="quiet" onPress={() => form.setOptions(undefined)}>
            {say('import.guess-again')}
          </Button>
        )}
      </div>
      <div className="import-options">
        <div className="import-wide">
          <Select<SourceFormat>
            label={say('import.format')}
            options={(['delimited', 'fixed', 'dcc'] as const).map((format) => ({ id: format, text: say(`import.format.${format}`) }))}
            value={options.format}
            onChange={(format) => form.setOptions(inFormat(options, format, design))}
          />
        </div>
        <Select<string>
          label={say('import.encoding')}
          options={[
            ...encodings.map((encoding) => ({ id: encoding as string, text: words.sayIfKnown(`import.encoding.${encoding}`) ?? encoding.toUpperCase() })),
            ...(known === undefined ? [{ id: options.encoding, text: options.encoding }] : []),
          ]}
          value={known ?? options.encoding}
          onChange={(encoding) => form.setOptions({ ...options, encoding })}
        />
        {options.format === 'delimited' && <DelimitedOptions options={options} design={design} onChange={form.setOptions} />}
        {options.format !== 'dcc' && (
          <NumberField
            label={say('import.skip')}
            value={options.skipLines}
            minValue={0}
            maxValue={1000}
            step={1}
            onChange={(skipLines) => Number.isFinite(skipLines) && form.setOptions({ ...options, skipLines })}
          />
        )}
        {options.format === 'fixed' && <FixedColumns columns={options.columns} onChange={(columns) => form.setOptions({ ...options, columns })} />}
        {options.format === 'dcc' && (
          <NamesField
            label={say('import.lines')}
            hint={say('import.lines.hint')}
            names={options.lines}
            onChange={(lines) => form.setOptions({ ...options, lines })}
          />
        )}
      </div>
    </section>
  )
}

interface DelimitedOptionsProps {
  options: Delimited
  design: CardDesign | undefined
  onChange(options: SourceOptions): void
}

const delimiterWords = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'space' } as const
const quoteIds = { '"': 'double', "'": 'single' } as const

function DelimitedOptions({ options, design, onChange }: DelimitedOptionsProps) {
  const { say } = useWords()
  const known = delimiters.some((delimiter) => delimiter === options.delimiter)
  return (
    <>
      <Select<string>
        label={say('import.delimiter')}
        options={[
          ...delimiters.map((delimiter) => ({ id: delimiter as string, text: say(`import.delimiter.${delimiterWords[delimiter]}`) })),
          ...(known ? [] : [{ id: options.delimiter, text: say('import.delimiter.other', { character: options.delimiter }) }]),
        ]}
        value={options.delimiter}
        onChange={(delimiter) => onChange({ ...options, delimiter })}
      />
      <Select<'double' | 'single' | 'none'>
        label={say('import.quote')}
        options={(['double', 'single', 'none'] as const).map((id) => ({ id, text: say(`import.quote.${id}`) }))}
        value={options.quote === null ? 'none' : quoteIds[options.quote]}
        onChange={(id) => onChange({ ...options, quote: id === 'none' ? null : id === 'double' ? '"' : "'" })}
      />
      <div className="import-wide">
        <Checkbox isSelected={options.header} onChange={(header) => onChange(withHeader(options, header, design))}>
          {say('import.header')}
        </Checkbox>
      </div>
      {!options.header && (
        <NamesField
          label={say('import.columns')}
          hint={say('import.columns.hint', { columns: design?.columns.map((column) => column.name).join(', ') ?? '' })}
          names={options.columns ?? []}
          onChange={(columns) => onChange({ ...options, columns })}
        />
      )}
    </>
  )
}

interface NamesFieldProps {
  label: string
  hint: string
  names: readonly string[]
  onChange(names: string[]): void
}

/** Names separated by commas. What can't be read yet stays in the field and is not sent. */
function NamesField({ label, hint, names, onChange }: NamesFieldProps) {
  const { say } = useWords()
  const [typed, setTyped] = useState<string>()
  const text = typed ?? names.join(', ')
  const wrong = text.trim() !== '' && namesOf(text) === undefined
  return (
    <div className="import-wide">
      <TextField
        label={label}
        hint={hint}
        error={wrong ? say('import.names.bad') : undefined}
        value={text}
        onChange={(next) => {
          setTyped(next)
          const read = namesOf(next)
          if (read) onChange(read)
        }}
        onBlur={() => setTyped(undefined)}
        lines={2}
      />
    </div>
  )
}

function FixedColumns({ columns, onChange }: { columns: readonly FixedColumn[]; onChange(columns: FixedColumn[]): void }) {
  const { say } = useWords()
  const change = (index: number, changes: Partial<FixedColumn>) => onChange(columns.map((column, at) => (at === index ? { ...column, ...changes } : column)))
  return (
    <div className="import-wide stack" data-tight>
      <table className="import-fixed">
        <thead>
          <tr>
            <th scope="col">{say('import.fixed.name')}</th>
            <th scope="col">{say('import.fixed.start')}</th>
            <th scope="col">{say('import.fixed.length')}</th>
            <th scope="col">
              <span className="only-heard">{say('control.remove')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column, index) => (
            <tr key={index}>
              <td>
                <input
                  className="input"
                  aria-label={say('import.fixed.name')}
                  value={column.name}
                  maxLength={80}
                  onChange={(event) => event.target.value !== '' && change(index, { name: event.target.value })}
                />
              </td>
              {(['start', 'length'] as const).map((part) => (
                <td key={part}>
                  <input
                    className="input"
                    type="number"
                    min={1}
                    max={10_000}
                    aria-label={`${say(`import.fixed.${part}`)}, ${column.name}`}
                    value={column[part]}
                    onChange={(event) => event.target.valueAsNumber >= 1 && change(index, { [part]: Math.trunc(event.target.valueAsNumber) })}
                  />
                </td>
              ))}
              <td>
                <IconButton label={say('import.fixed.remove', { name: column.name })} isDisabled={columns.length === 1} onPress={() => onChange(columns.toSpliced(index, 1))}>
                  <Trash2 size={18} />
                </IconButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div>
        <Button kind="quiet" icon={<Plus size={18} aria-hidden />} onPress={() => onChange([...columns, nextFixedColumn(columns)])}>
          {say('import.fixed.add')}
        </Button>
      </div>
    </div>
  )
}
