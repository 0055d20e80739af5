/** The lines of the card: choose one, and change everything about it. */
import { ArrowDown, ArrowUp, CircleAlert, Plus, Trash2 } from 'lucide-react'
import { Button as AriaButton } from 'react-aria-components'
import { nominalFonts } from '#shared/design/fonts.ts'
import type { FontName } from '#shared/design/fonts.ts'
import { useWords } from '../../i18n/provider.tsx'
import { Button, IconButton, Menu, NumberField, Select, Switch, TextField } from '../../ui/index.ts'
import type { Option } from '../../ui/index.ts'
import { placed, withFont, withLine, withLineAt, withNewLine, withoutLine } from './document.ts'
import { ExpressionField } from './expression-field.tsx'
import { MillimetreField } from './millimetre-field.tsx'
import { millimetres } from './millimetres.ts'
import type { Designer } from './use-designer.ts'

export function LinesPanel({ designer }: { designer: Designer }) {
  const words = useWords()
  const { say } = words
  const { design, selected, judgement, mayEdit, profile } = designer
  const add = (font: FontName) => {
    designer.edit(withNewLine(design, font, { en: 'New line', ru: 'Новая строка' }))
    designer.select(design.lines.length)
  }
  const fonts = fontOptions(designer, words)
  return (
    <div className="stack">
      <div className="design-lines" role="group" aria-label={say('design.lines')}>
        {design.lines.map((line, index) => (
          <AriaButton key={index} className="design-chip" aria-pressed={selected === index} onPress={() => designer.select(index)}>
            {line.label[words.language]}
            {(judgement.lines[index]?.mistakes.length ?? 0) > 0 && <CircleAlert size={16} className="design-wrong" aria-label={say('design.line.wrong', { label: '' })} />}
          </AriaButton>
        ))}
        {mayEdit && (
          <Menu
            label={say('design.lines.add')}
            trigger={
              <Button kind="quiet" icon={<Plus size={18} aria-hidden />}>
                {say('design.lines.add')}
              </Button>
            }
            entries={fonts.filter((font) => profile === undefined || profile.limits.fonts.some((fitted) => fitted.name === font.id)).map((font) => ({ id: font.id, text: `${font.text}: ${font.hint}`, run: () => add(font.id) }))}
          />
        )}
      </div>
      {design.lines.length === 0 && <p className="soft">{say('design.lines.none')}</p>}
      {selected !== undefined && <LineForm key={selected} designer={designer} index={selected} fonts={fonts} />}
    </div>
  )
}

function fontOptions({ profile }: Designer, { say, language, sayIfKnown }: ReturnType<typeof useWords>): Option<FontName>[] {
  return nominalFonts.map((nominal) => {
    const fitted = profile?.limits.fonts.find((font) => font.name === nominal.name)
    const { kind, side, pitch } = fitted ?? nominal
    const measure = say('design.line.font.hint', { kind: say(`design.kind.${kind}`), side: say(`design.side.${side}`), pitch: millimetres(language, pitch) })
    const missing = profile !== undefined && fitted === undefined
    return { id: nominal.name, text: sayIfKnown(`font.${nominal.name}`) ?? nominal.name, hint: missing ? say('design.line.font.not-fitted') : measure }
  })
}

interface LineFormProps {
  designer: Designer
  index: number
  fonts: readonly Option<FontName>[]
}

function LineForm({ designer, index, fonts }: LineFormProps) {
  const { say } = useWords()
  const { design, judgement, mayEdit, profile } = designer
  const line = design.lines[index]
  const judged = judgement.lines[index]
  if (line === undefined || judged === undefined) return null
  const change = (changes: Parameters<typeof withLine>[2], gesture: string) => designer.edit(withLine(design, index, changes), `${gesture} ${index}`)
  return (
    <div className="design-form">
      <div className="design-wide">
        <ExpressionField
          label={say('design.line.text')}
          value={line.text}
          onChange={(text) => change({ text }, 'text')}
          columns={design.columns}
          result={judged.text}
          isReadOnly={!mayEdit}
        />
        <Room designer={designer} index={index} />
      </div>
      <MillimetreField label={say('design.line.x')} value={line.x} onChange={(x) => designer.edit(placed(design, index, x, line.y), `x ${index}`)} isReadOnly={!mayEdit} />
      <MillimetreField label={say('design.line.y')} value={line.y} onChange={(y) => designer.edit(placed(design, index, line.x, y), `y ${index}`)} isReadOnly={!mayEdit} />
      <div className="design-wide">
        <Select<FontName>
          label={say('design.line.font')}
          options={fonts}
          value={line.font}
          hint={fonts.find((font) => font.id === line.font)?.hint}
          onChange={(font) => designer.edit(withFont(design, index, font, profile?.limits.fonts))}
          isDisabled={!mayEdit}
        />
      </div>
      <details className="design-wide">
        <summary>{say('design.more')}</summary>
        <MoreOfLine designer={designer} index={index} change={change} />
      </details>
      {mayEdit && (
        <div className="design-wide spread">
          <span className="row">
            <IconButton label={say('design.line.earlier')} isDisabled={index === 0} onPress={() => move(designer, index, index - 1)}>
              <ArrowUp size={18} />
            </IconButton>
            <IconButton label={say('design.line.later')} isDisabled={index === design.lines.length - 1} onPress={() => move(designer, index, index + 1)}>
              <ArrowDown size={18} />
            </IconButton>
          </span>
          <Button
            kind="quiet"
            icon={<Trash2 size={18} aria-hidden />}
            onPress={() => {
              designer.edit(withoutLine(design, index))
              designer.select(undefined)
            }}
          >
            {say('design.line.remove')}
          </Button>
        </div>
      )}
    </div>
  )
}

function move(designer: Designer, from: number, to: number): void {
  designer.edit(withLineAt(designer.design, from, to))
  designer.select(to)
}

/** How much of its room the text takes, and what ends it. */
function Room({ designer, index }: { designer: Designer; index: number }) {
  const { say } = useWords()
  const judged = designer.judgement.lines[index]
  if (judged === undefined) return null
  const length = Array.from(judged.text).length
  const { characters, by } = judged.room
  return (
    <div className="design-room" data-wrong={length > characters || undefined}>
      <meter min={0} max={Math.max(1, characters)} value={Math.min(length, characters)} aria-label={say('design.line.room', { length, characters })} />
      <span className="small">
        {say('design.line.room', { length, characters })} · {say(`design.line.room.by.${by}`)}
      </span>
    </div>
  )
}

type Shown = 'none' | 'number' | 'expiry'

interface MoreProps {
  designer: Designer
  index: number
  change(changes: Parameters<typeof withLine>[2], gesture: string): void
}

function MoreOfLine({ designer, index, change }: MoreProps) {
  const { say } = useWords()
  const { design, mayEdit } = designer
  const line = design.lines[index]
  if (line === undefined) return null
  return (
    <div className="design-form">
      <TextField label={say('design.line.label')} value={line.label.en} onChange={(en) => change({ label: { ...line.label, en } }, 'label')} isReadOnly={!mayEdit} maxLength={80} />
      <TextField label={say('design.line.label-ru')} value={line.label.ru} onChange={(ru) => change({ label: { ...line.label, ru } }, 'label-ru')} isReadOnly={!mayEdit} maxLength={80} />
      <TextField label={say('design.line.field')} value={line.field} onChange={(field) => change({ field }, 'field')} isReadOnly={!mayEdit} maxLength={60} />
      <NumberField
        label={say('design.line.maximum')}
        value={line.maximumLength ?? NaN}
        minValue={1}
        maxValue={60}
        step={1}
        onChange={(most) => change({ maximumLength: Number.isFinite(most) ? most : undefined }, 'maximum')}
        isReadOnly={!mayEdit}
      />
      <div className="design-wide">
        <Select<Shown>
          label={say('design.line.shows')}
          options={(['none', 'number', 'expiry'] as const).map((id) => ({ id, text: say(`design.line.shows.${id}`) }))}
          value={line.shows ?? 'none'}
          onChange={(shows) => change({ shows: shows === 'none' ? undefined : shows }, 'shows')}
          isDisabled={!mayEdit}
        />
        <Switch isSelected={line.optional ?? false} onChange={(optional) => change({ optional: optional || undefined }, 'optional')} isDisabled={!mayEdit}>
          {say('design.line.optional')}
        </Switch>
      </div>
    </div>
  )
}
