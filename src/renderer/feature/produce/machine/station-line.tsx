/**
 * A device without an embosser's inside: a reader on the desk, or a conveyor. Its chip stations in a row, the card in each, and what
 * is done to it; cards that are on their way elsewhere are only counted.
 */
import { CircleCheck, Cpu, Inbox, OctagonX } from 'lucide-react'
import type { DeviceView } from '#shared/contract/live.ts'
import type { RunView } from '#shared/job/job.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { Progress } from '../../../ui/index.ts'
import { chipText } from './chip-text.ts'
import './station-line.css'

/** Whether the device is drawn so: what is known of its inside is its stations alone. */
export function isStationLine({ link, profile }: Pick<DeviceView, 'link' | 'profile'>): boolean {
  return link.kind === 'reader' || profile.startsWith('conveyor')
}

export function StationLine({ device, run }: { device: DeviceView; run: RunView | undefined }) {
  const words = useWords()
  const { say } = words
  const { stations, picture } = device
  const elsewhere = picture ? picture.inside.filter(({ module }) => module !== 'chip').length : (run?.cards.filter(({ chip, state }) => chip === undefined && state !== 'claimed').length ?? 0)
  return (
    <section className="station-line" aria-label={say('machine.name', { name: device.name })}>
      <div className="station-end">
        <Inbox size={24} aria-hidden />
        <span>{say(device.link.kind === 'reader' ? 'station.hand' : 'module.hopper')}</span>
        {picture && <strong className="station-count">{words.count(picture.hopper.count)}</strong>}
      </div>
      <ol className="station-row">
        {stations.map(({ station, reader, state }) => {
          const card = run?.cards.find(({ chip }) => chip?.station === station)
          return (
            <li key={station} className="station" data-state={state} data-working={card !== undefined || undefined}>
              <span className="station-head">
                <Cpu size={20} aria-hidden />
                <strong>{station}</strong>
              </span>
              <span className="station-state">{card?.chip ? `${say('station.card', { record: card.record })} · ${chipText(words, card.chip)}` : words.sayIfKnown(`reader.${state}`)}</span>
              {card?.chip && <Progress label={say('machine.chip')} hideLabel value={card.chip.share} />}
              {card === undefined && reader !== undefined && reader !== station && <span className="soft small station-reader">{reader}</span>}
            </li>
          )
        })}
      </ol>
      <div className="station-end">
        {elsewhere > 0 && <span className="soft">{say('station.elsewhere', { count: elsewhere })}</span>}
        <span className="mark" data-result="good">
          <CircleCheck size={18} aria-hidden /> {say('results.good')} <strong>{run?.ended.good ?? 0}</strong>
        </span>
        <span className="mark" data-result="rejected">
          <OctagonX size={18} aria-hidden /> {say('results.rejected')} <strong>{run?.ended.rejected ?? 0}</strong>
        </span>
      </div>
    </section>
  )
}
