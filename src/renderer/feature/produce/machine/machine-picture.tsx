/**
 * The machine in section: hopper, transport, modules, trays, and the card where it is known to be. Nothing here is a guess:
 * a solid card was seen or told, a dashed one is where the clock puts it, a band means "inside, nobody knows where".
 */
import type { DeviceView } from '#shared/contract/live.ts'
import type { Prompt, RunView } from '#shared/job/job.ts'
import { useWords } from '../../../i18n/provider.tsx'
import type { Words } from '../../../i18n/provider.tsx'
import { cardsInside, drawing, isUsed, middle, placeOfPrompt, placeOfReason, trackLevel, workingModule } from './layout.ts'
import type { DrawnCard, Place } from './layout.ts'
import { chipText } from './chip-text.ts'
import type { ChipUnderWay } from './chip-text.ts'
import { Casing, FaultBadge, Hopper, Module, Tray } from './parts.tsx'
import './machine.css'

export interface MachineProps {
  device: DeviceView
  run: RunView | undefined
  prompt: Prompt | undefined
}

const modules = ['encoder', 'chip', 'embosser', 'indent', 'topper'] as const

export function Machine({ device, run, prompt }: MachineProps) {
  const words = useWords()
  const { picture } = device
  const cards = cardsInside(device, run)
  const working = workingModule(device)
  const chips = run?.cards.flatMap(({ chip }) => chip ?? []) ?? []
  const faults = faultPlaces(device, prompt)
  const online = device.connection === 'online'
  return (
    <svg className="machine" viewBox={`0 ${drawing.top} ${drawing.width} ${drawing.height}`} role="img" aria-label={describe(words, device, run, cards, chips)} data-online={online || undefined}>
      <Casing open={picture?.cover === 'open' || faults.has('cover')} />
      <Hopper label={words.say('module.hopper')} stock={picture?.hopper} working={working === 'hopper'} />
      {modules.map((module) => (
        <Module key={module} module={module} label={words.say(`module.${module}`)} used={isUsed(module, device.capabilities)} working={working === module || (module === 'chip' && chips.length > 0)} />
      ))}
      {picture?.foil && (
        <text className="machine-note" x={middle.topper} y={174} textAnchor="middle">
          {words.say('machine.foil', { share: Math.round((picture.foil.left / picture.foil.length) * 100) })}
        </text>
      )}
      {chips[0] && (
        <text className="machine-note" x={middle.chip} y={174} textAnchor="middle">
          {chipText(words, chips[0])}
        </text>
      )}
      <Tray kind="output" label={words.say('module.output-tray')} made={run?.ended.good} stock={picture?.outputTray} />
      <Tray kind="reject" label={words.say('module.reject-tray')} made={run?.ended.rejected} stock={picture?.rejectTray} />
      {cards.map((card) => (
        <Card key={card.key} card={card} words={words} />
      ))}
      {[...faults].map(([place, tone]) => (
        <FaultBadge key={place} place={place} tone={tone} />
      ))}
    </svg>
  )
}

function Card({ card, words }: { card: DrawnCard; words: Words }) {
  if (card.at === 'somewhere') {
    return (
      <g className="machine-somewhere" data-doubt={card.doubt || undefined}>
        <rect x={214} y={trackLevel - 12} width={598} height={16} rx={8} />
        <text x={513} y={trackLevel + 42} textAnchor="middle">
          {words.say(card.doubt ? 'machine.card-in-doubt' : 'machine.card-inside')}
        </text>
      </g>
    )
  }
  return (
    <g className="machine-card" data-certain={card.certain || undefined} style={{ transform: `translateX(${card.x}px)` }}>
      <rect x={-34} y={trackLevel - 9} width={68} height={9} rx={2.5} />
      {!card.certain && (
        <text x={0} y={trackLevel + 24} textAnchor="middle">
          {words.say('machine.by-the-clock')}
        </text>
      )}
    </g>
  )
}

/** Where something is wrong, and how badly. The place of the question that waits comes first. */
function faultPlaces(device: DeviceView, prompt: Prompt | undefined): Map<Place, 'doubt' | 'bad'> {
  const places = new Map<Place, 'doubt' | 'bad'>()
  for (const reason of device.reasons) {
    if (reason.severity !== 'info') places.set(placeOfReason(reason), reason.severity === 'operator' ? 'doubt' : 'bad')
  }
  if (prompt) places.set(placeOfPrompt(prompt), prompt.reason.severity === 'operator' ? 'doubt' : 'bad')
  return places
}

/** The picture in words, for whoever hears the page. */
function describe(words: Words, device: DeviceView, run: RunView | undefined, cards: readonly DrawnCard[], chips: readonly ChipUnderWay[]): string {
  const { say } = words
  const { picture } = device
  const parts = [say('machine.name', { name: device.name })]
  if (picture) parts.push(say('machine.hopper', { count: picture.hopper.count }))
  for (const card of cards) {
    if (card.at === 'somewhere') parts.push(say(card.doubt ? 'machine.card-in-doubt' : 'machine.card-inside'))
    else parts.push(say(card.certain ? 'machine.card-at' : 'machine.card-at-by-clock', { module: say(`module.${card.module}`) }))
  }
  for (const chip of chips) parts.push(chipText(words, chip))
  if (run) parts.push(say('machine.made', { good: run.ended.good, rejected: run.ended.rejected }))
  for (const reason of device.reasons) if (reason.severity !== 'info') parts.push(words.reason(reason))
  return parts.join('. ')
}
