/** The talk on the line, masked, as it goes on. */
import { useEffect, useRef, useState } from 'react'
import type { OutputOf } from '#shared/contract/calls.ts'
import type { DeviceView } from '#shared/contract/live.ts'
import { call } from '../../client/client.ts'
import { useWords } from '../../i18n/provider.tsx'

type Entry = OutputOf<'device.trace'>[number]

const kept = 500
const pause = 700

/** Entries after those that are shown, in their order; the oldest go when there are too many. */
export function followTrace(shown: readonly Entry[], next: readonly Entry[], most = kept): readonly Entry[] {
  const last = shown.at(-1)?.number ?? 0
  const fresh = next.filter((entry) => entry.number > last)
  return fresh.length === 0 ? shown : [...shown, ...fresh].slice(-most)
}

export function TracePanel({ device }: { device: DeviceView }) {
  const words = useWords()
  const entries = useTrace(device.device)
  const list = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  useEffect(() => {
    if (entries.length > 0 && atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [entries])
  return (
    <div className="stack" data-tight>
      <p className="soft">{words.say('devices.trace.explain')}</p>
      <div
        ref={list}
        className="trace"
        role="log"
        tabIndex={0}
        aria-label={words.say('devices.tab.trace')}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          atEnd.current = scrollTop + clientHeight >= scrollHeight - 4
        }}
      >
        {entries.length === 0 && <p className="soft">{words.say('devices.trace.empty')}</p>}
        <ol>
          {entries.map((entry) => (
            <li key={entry.number} data-direction={entry.direction}>
              <span className="soft">{words.time(entry.at)}</span>
              <span>{words.say(`devices.trace.${entry.direction}`)}</span>
              <code>{entry.text}</code>
            </li>
          ))}
        </ol>
      </div>
    </div>
  )
}

function useTrace(device: string): readonly Entry[] {
  const [entries, setEntries] = useState<readonly Entry[]>([])
  const after = useRef(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let over = false
    const look = async () => {
      const next = await call('device.trace', { device, after: after.current }).catch(() => [])
      if (over) return
      after.current = next.at(-1)?.number ?? after.current
      setEntries((shown) => followTrace(shown, next))
      timer = setTimeout(look, pause)
    }
    void look()
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [device])
  return entries
}
