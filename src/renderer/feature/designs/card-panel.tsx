/** What holds for the card as a whole: its names, what makes it one of its kind, when it expires, what the blank is like. */
import { useState } from 'react'
import { useWords } from '../../i18n/provider.tsx'
import { NumberField, Switch, TextField } from '../../ui/index.ts'
import { withDesign } from './document.ts'
import { ExpressionField } from './expression-field.tsx'
import { lengthsOf } from './lengths.ts'
import type { Designer } from './use-designer.ts'

export function CardPanel({ designer }: { designer: Designer }) {
  const { say } = useWords()
  const { design, mayEdit, judgement } = designer
  const { number, expiry } = design
  const change = (changes: Parameters<typeof withDesign>[1], gesture?: string) => designer.edit(withDesign(design, changes), gesture)
  return (
    <div className="stack">
      <div className="design-form">
        <TextField label={say('design.name')} value={design.name.en} onChange={(en) => change({ name: { ...design.name, en } }, 'name')} isReadOnly={!mayEdit} maxLength={80} />
        <TextField label={say('design.name-ru')} value={design.name.ru} onChange={(ru) => change({ name: { ...design.name, ru } }, 'name-ru')} isReadOnly={!mayEdit} maxLength={80} />
      </div>
      <div>
        <Switch isSelected={design.topping} onChange={(topping) => change({ topping })} isDisabled={!mayEdit}>
          {say('design.topping')}
        </Switch>
        <Switch isSelected={design.contacts} onChange={(contacts) => change({ contacts })} isDisabled={!mayEdit}>
          {say('design.contacts')}
        </Switch>
      </div>
      <section className="stack" data-tight>
        <ExpressionField
          label={say('design.number')}
          value={number.text}
          onChange={(text) => change({ number: { ...number, text } }, 'number')}
          columns={design.columns}
          result={judgement.preview.number}
          isReadOnly={!mayEdit}
        />
        <p className="field-hint">{say('design.number.hint')}</p>
        <Switch isSelected={number.luhn} onChange={(luhn) => change({ number: { ...number, luhn } })} isDisabled={!mayEdit}>
          {say('design.number.luhn')}
        </Switch>
        <Lengths designer={designer} />
      </section>
      <section className="stack" data-tight>
        <Switch
          isSelected={expiry !== undefined}
          onChange={(on) => change({ expiry: on ? { text: "date(expiry, 'YYMM')", rule: 'not-past' } : undefined })}
          isDisabled={!mayEdit}
        >
          {say('design.expiry')}
        </Switch>
        {expiry && (
          <>
            <ExpressionField
              label={say('design.expiry.text')}
              value={expiry.text}
              onChange={(text) => change({ expiry: { ...expiry, text } }, 'expiry')}
              columns={design.columns}
              result={judgement.expiry}
              isReadOnly={!mayEdit}
            />
            <Switch isSelected={expiry.rule === 'not-past'} onChange={(on) => change({ expiry: { ...expiry, rule: on ? 'not-past' : 'any' } })} isDisabled={!mayEdit}>
              {say('design.expiry.past')}
            </Switch>
            <NumberField
              label={say('design.expiry.years')}
              value={expiry.maximumYears ?? NaN}
              minValue={1}
              maxValue={50}
              step={1}
              onChange={(years) => {
                const { maximumYears: _, ...rest } = expiry
                change({ expiry: Number.isFinite(years) ? { ...rest, maximumYears: years } : rest }, 'years')
              }}
              isReadOnly={!mayEdit}
            />
          </>
        )}
      </section>
    </div>
  )
}

/** Lengths as they are typed: `16, 19`. What can't be read yet stays in the field. */
function Lengths({ designer }: { designer: Designer }) {
  const { say } = useWords()
  const { design, mayEdit } = designer
  const [typed, setTyped] = useState<string>()
  const text = typed ?? design.number.lengths?.join(', ') ?? ''
  const read = lengthsOf(text)
  return (
    <TextField
      label={say('design.number.lengths')}
      hint={say('design.number.lengths.hint')}
      error={read === undefined ? say('design.number.lengths.bad') : undefined}
      value={text}
      onChange={(next) => {
        setTyped(next)
        const lengths = lengthsOf(next)
        const { lengths: _, ...rest } = design.number
        if (lengths) designer.edit(withDesign(design, { number: lengths.length === 0 ? rest : { ...rest, lengths } }), 'lengths')
      }}
      onBlur={() => setTyped(undefined)}
      isReadOnly={!mayEdit}
    />
  )
}
