/** One exchange, taken apart: command and response, plain beside wrapped, with the data objects and groupings in them by name. */
import { CornerDownRight } from 'lucide-react'
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { Button } from '../../../ui/index.ts'
import { DecodedTree } from './decoded-tree.tsx'
import { decodeCovered, grouped, readCommand, readResponse } from './reading.ts'
import type { Apdu } from './reading.ts'

export function EntryDetail({ entry, run, onShowLine }: { entry: ChipTraceEntry; run?: number; onShowLine?: (application: string, line: number) => void }) {
  const { say } = useWords()
  return (
    <section className="entry-detail" aria-label={run === undefined ? say('bench.detail') : say('bench.detail.run', { run })} tabIndex={0}>
      {entry.kind === 'apdu' ? <ApduDetail entry={entry} {...(onShowLine && { onShowLine })} /> : <p>{entry.kind === 'end' ? say(entry.good ? 'bench.end.good' : 'bench.end.bad') : entry.text}</p>}
    </section>
  )
}

function ApduDetail({ entry, onShowLine }: { entry: Apdu; onShowLine?: (application: string, line: number) => void }) {
  const { say, language, sayIfKnown } = useWords()
  const { application, step, line, by, command, wrapped, response, wrappedResponse, lost } = entry
  const reading = readCommand(command)
  const answer = response === undefined ? undefined : readResponse(response, reading?.ins)
  const commandParts = reading && decodeCovered(reading.data)
  const answerParts = answer && decodeCovered(answer.data)
  return (
    <>
      <div className="spread">
        <h2>
          {reading?.name ?? say('bench.unknown-command')}{' '}
          <span className="soft small">{[by === 'server' ? say('bench.by-server') : application, step].filter(Boolean).join(' · ')}</span>
        </h2>
        {application !== undefined && line !== undefined && onShowLine && (
          <Button kind="quiet" icon={<CornerDownRight size={16} aria-hidden />} onPress={() => onShowLine(application, line)}>
            {say('bench.to-line', { line })}
          </Button>
        )}
      </div>
      <div className="entry-sides">
        <div>
          <h3>{say('bench.column.command')}</h3>
          <Bytes plain={command} wrapped={wrapped} />
          {commandParts && <DecodedTree parts={commandParts} />}
        </div>
        {(answer !== undefined || lost !== undefined) && (
          <div>
            <h3>{say('bench.column.answer')}</h3>
            {lost !== undefined && <p data-tone="bad">{sayIfKnown(`chip-loss.${lost}`) ?? lost}</p>}
            {answer && (
              <>
                <p>
                  <span className="code">{answer.status}</span> {answer.words[language]}
                </p>
                <Bytes plain={answer.data} wrapped={wrappedResponse} />
                {answerParts && <DecodedTree parts={answerParts} />}
              </>
            )}
          </div>
        )}
      </div>
    </>
  )
}

/** Side by side where a channel stood between. */
function Bytes({ plain, wrapped }: { plain: string; wrapped: string | undefined }) {
  const { say } = useWords()
  const differs = wrapped !== undefined && wrapped !== plain
  return (
    <div className="entry-bytes" data-both={differs || undefined}>
      {plain !== '' && (
        <div>
          {differs && <span className="soft small">{say('bench.plain')}</span>}
          <pre className="code">{grouped(plain)}</pre>
        </div>
      )}
      {differs && (
        <div>
          <span className="soft small">{say('bench.wrapped')}</span>
          <pre className="code">{grouped(wrapped)}</pre>
        </div>
      )}
    </div>
  )
}
