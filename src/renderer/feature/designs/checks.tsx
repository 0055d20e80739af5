/** What is wrong with the design on the chosen machine, with the values that are looked at; each leads to its place. */
import { CircleCheck } from 'lucide-react'
import { Button as AriaButton } from 'react-aria-components'
import { trackKeys } from '#shared/design/design.ts'
import type { CardDesign } from '#shared/design/design.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { useWords } from '../../i18n/provider.tsx'
import type { Words } from '../../i18n/provider.tsx'
import type { Designer } from './use-designer.ts'

type Part = 'lines' | 'tracks' | 'chip' | 'data' | 'card'

interface Where {
  readonly part: Part
  readonly line?: number
  readonly text: string
}

export function Checks({ designer, onShow }: { designer: Designer; onShow(part: Part, line: number | undefined): void }) {
  const words = useWords()
  const { say } = words
  const { design, mistakes, profile } = designer
  if (mistakes.length === 0) {
    return (
      <section className="design-checks" data-good aria-label={say('design.checks')} role="status">
        <CircleCheck size={20} aria-hidden />
        {say('design.checks.good', { machine: profile?.model ?? '' })}
      </section>
    )
  }
  return (
    <section className="design-checks" aria-label={say('design.checks')} tabIndex={0}>
      <h2 role="status">{say('design.checks.count', { count: mistakes.length })}</h2>
      <ul>
        {mistakes.map((mistake, index) => {
          const where = placeOf(mistake, design, words)
          const text = words.fault(mistake)
          return (
            <li key={index}>
              <AriaButton className="design-check" onPress={() => onShow(where.part, where.line)}>
                <strong>{where.text}</strong>
                <span>
                  {text.what} <span className="soft">{text.do}</span>
                </span>
              </AriaButton>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** Where a mistake can be put right: by its path in the document, by the line or track that it names, by its column. */
function placeOf(mistake: Mistake, design: CardDesign, { say, language }: Words): Where {
  const { place = '', values, column } = mistake
  const path = /^lines\[(\d+)\]/.exec(place)
  const line = path ? Number(path[1]) : design.lines.findIndex((candidate) => candidate.field === values?.['field'])
  if (/^chip\b/.test(place) || /chip-/.test(mistake.code)) return { part: 'chip', text: say('design.tab.chip') }
  const named = design.lines[line]
  if (named) return { part: 'lines', line, text: named.label[language] }
  const track = trackKeys.findIndex((key) => place.startsWith(`tracks.${key}`)) + 1 || values?.['track']
  if (typeof track === 'number') return { part: 'tracks', text: say('design.track', { track }) }
  if (place.startsWith('compareTrack2')) return { part: 'tracks', text: say('design.track', { track: 2 }) }
  if (place.startsWith('expiry')) return { part: 'card', text: say('design.checks.where.expiry') }
  if (place.startsWith('number')) return { part: 'card', text: say('design.checks.where.number') }
  if (place.startsWith('name')) return { part: 'card', text: say('design.tab.card') }
  return { part: column === undefined && place !== '' && !place.startsWith('columns') ? 'lines' : 'data', text: column ?? say('design.checks.where.columns') }
}
