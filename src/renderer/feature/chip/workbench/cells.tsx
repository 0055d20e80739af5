/** One exchange in a row of a table: the command by its name, the answer in words. */
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import type { Language } from '#shared/texts/index.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { readCommand, readResponse } from './reading.ts'

export function CommandCell({ entry }: { entry: ChipTraceEntry }) {
  const { say } = useWords()
  if (entry.kind === 'log' || entry.kind === 'channel') return <span className="bench-note">{entry.text}</span>
  if (entry.kind === 'end') return <span className="bench-note">{say(entry.good ? 'bench.end.good' : 'bench.end.bad')}</span>
  const reading = readCommand(entry.command)
  return (
    <span className="bench-command" data-by={entry.by}>
      <span className="code">{reading?.header ?? entry.command}</span> {reading?.name} {entry.wrapped !== undefined && <span className="chip-tag">{say('bench.wrapped')}</span>}
    </span>
  )
}

export function AnswerCell({ entry, language }: { entry: ChipTraceEntry; language: Language }) {
  const { say, sayIfKnown } = useWords()
  if (entry.kind !== 'apdu') return null
  if (entry.lost !== undefined) return <span data-tone="bad">{sayIfKnown(`chip-loss.${entry.lost}`) ?? entry.lost}</span>
  if (entry.response === undefined) return <span className="soft">{say('bench.under-way')}</span>
  const { status, words, good } = readResponse(entry.response, readCommand(entry.command)?.ins)
  return (
    <span data-tone={good ? undefined : 'doubt'} className="bench-answer">
      <span className="code">{status}</span> {words[language]}
    </span>
  )
}
