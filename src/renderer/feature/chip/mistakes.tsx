/** Every mistake of a document, in words, each a way to its place. */
import { CircleCheck, OctagonX } from 'lucide-react'
import type { Mistake } from '#shared/design/mistake.ts'
import { useWords } from '../../i18n/provider.tsx'
import type { Marker } from './editor/code-editor.tsx'
import type { DocumentTable } from './documents.ts'
import { lineOfMistake } from './mistake-lines.ts'

export function Mistakes({ table, onShow }: { table: DocumentTable; onShow(line: number): void }) {
  const words = useWords()
  const { mistakes, source = '', mayEdit } = table
  if (!mayEdit) return null
  return (
    <section className="chip-mistakes" aria-label={words.say('chip.mistakes')}>
      {mistakes.length === 0 ? (
        <p className="chip-sound">
          <CircleCheck size={18} aria-hidden /> {words.say('chip.no-mistakes')}
        </p>
      ) : (
        <ul>
          {mistakes.slice(0, 50).map((mistake, index) => (
            <li key={index}>
              <button type="button" className="chip-mistake" onClick={() => onShow(lineOfMistake(mistake, source))}>
                <OctagonX size={18} aria-hidden />
                <span>
                  {words.fault(mistake).what} <span className="soft">{words.fault(mistake).do}</span>
                </span>
                <span className="code soft">{placeText(words.say('chip.line', { line: lineOfMistake(mistake, source) }), mistake)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function placeText(line: string, { place }: Mistake): string {
  return place === undefined || /^line \d+/.test(place) ? line : `${place} · ${line}`
}

export function useMarkers({ mistakes, source = '' }: DocumentTable): readonly Marker[] {
  const words = useWords()
  return mistakes.map((mistake) => ({ line: lineOfMistake(mistake, source), text: words.fault(mistake).what }))
}
