/** An expression as it is typed: what it gives at once, or what is wrong with it; and everything that may stand in it. */
import { Sigma } from 'lucide-react'
import { useRef } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, FieldError, Label, Popover, Text, TextArea, TextField } from 'react-aria-components'
import type { DesignColumn } from '#shared/design/design.ts'
import { expressionMistake } from '#shared/design/expression/compile.ts'
import { functions, signature } from '#shared/design/expression/functions.ts'
import { columnReference } from '#shared/design/expression/syntax.ts'
import { useWords } from '../../i18n/provider.tsx'

export interface ExpressionFieldProps {
  label: string
  value: string
  onChange(value: string): void
  columns: readonly DesignColumn[]
  /** What it gives for the values that are looked at, masked. */
  result?: string
  isReadOnly: boolean
}

export function ExpressionField({ label, value, onChange, columns, result, isReadOnly }: ExpressionFieldProps) {
  const words = useWords()
  const { say } = words
  const area = useRef<HTMLTextAreaElement>(null)
  const mistake = expressionMistake(value)
  const insert = (text: string) => {
    const [from, to] = [area.current?.selectionStart ?? value.length, area.current?.selectionEnd ?? value.length]
    onChange(value.slice(0, from) + text + value.slice(to))
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(from + text.length, from + text.length)
    })
  }
  return (
    <TextField className="field" value={value} onChange={onChange} isInvalid={mistake !== undefined} isReadOnly={isReadOnly} maxLength={1000}>
      <div className="spread">
        <Label className="field-label">{label}</Label>
        {!isReadOnly && <Help columns={columns} onInsert={insert} />}
      </div>
      <TextArea ref={area} className="input design-expression" rows={Math.min(5, 2 + Math.floor(value.length / 42))} spellCheck={false} />
      {mistake === undefined ? (
        result !== undefined && (
          <Text slot="description" className="design-result">
            {say('design.expression.result')} {result === '' ? <em>{say('design.expression.empty')}</em> : <code>{result}</code>}
          </Text>
        )
      ) : (
        <FieldError className="field-error">{words.fault({ code: mistake.code, class: 'data', values: mistake.values }).what}</FieldError>
      )}
    </TextField>
  )
}

function Help({ columns, onInsert }: { columns: readonly DesignColumn[]; onInsert(text: string): void }) {
  const words = useWords()
  const { say } = words
  return (
    <DialogTrigger>
      <AriaButton className="design-help-button" aria-label={say('design.expression.help')}>
        <Sigma size={16} aria-hidden />
        {say('design.expression.help')}
      </AriaButton>
      <Popover className="popover design-help" placement="bottom end">
        <Dialog className="design-help-box" aria-label={say('design.expression.help')}>
          {({ close }) => {
            const put = (text: string) => {
              onInsert(text)
              close()
            }
            return (
              <>
                <p className="small soft">{say('design.expression.join')}</p>
                <h3>{say('design.expression.columns')}</h3>
                <div className="design-help-columns">
                  {columns.map((column) => (
                    <AriaButton key={column.name} className="design-chip" onPress={() => put(columnReference(column.name))}>
                      {column.name}
                    </AriaButton>
                  ))}
                </div>
                <h3>{say('design.expression.functions')}</h3>
                <ul>
                  {functions.map((entry) => (
                    <li key={entry.name}>
                      <AriaButton className="design-function" onPress={() => put(`${entry.name}(`)}>
                        <code>{signature(entry)}</code>
                        <span>{words.sayIfKnown(`function.${entry.name}`)}</span>
                        <span className="small soft">
                          <code>{entry.example.expression}</code> → <code>{entry.example.result}</code>
                        </span>
                      </AriaButton>
                    </li>
                  ))}
                </ul>
              </>
            )
          }}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
