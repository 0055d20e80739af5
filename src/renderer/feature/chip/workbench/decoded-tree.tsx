/** Data objects and groupings by name, each with what can be read of it. */
import type { Decoded } from '#shared/tlv/decode.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { grouped } from './reading.ts'

export function DecodedTree({ parts }: { parts: readonly Decoded[] }) {
  const { language, say } = useWords()
  return (
    <ul className="decoded">
      {parts.map((part) => (
        <li key={`${part.offset} ${part.tag}`}>
          <span className="code decoded-tag">{part.tag}</span> <span className="decoded-name">{part.name?.[language] ?? say('bench.unknown-tag')}</span>
          {part.kind === 'list-entry' ? (
            <span className="soft small"> {say('bench.bytes', { count: Number(part.value) })}</span>
          ) : (
            part.children === undefined && (
              <>
                {part.reading !== undefined && <span className="decoded-reading"> {part.reading}</span>}
                <span className="code soft decoded-value">{grouped(part.value)}</span>
              </>
            )
          )}
          {part.children && <DecodedTree parts={part.children} />}
        </li>
      ))}
    </ul>
  )
}
