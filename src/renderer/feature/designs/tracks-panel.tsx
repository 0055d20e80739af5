/** The three tracks of the stripe, and the track that a blank may have to carry already. */
import { trackKeys } from '#shared/design/design.ts'
import type { TrackKey } from '#shared/design/design.ts'
import { trackCapacity } from '#shared/card/track.ts'
import { useWords } from '../../i18n/provider.tsx'
import { Select, Switch } from '../../ui/index.ts'
import { withDesign, withTrack } from './document.ts'
import { ExpressionField } from './expression-field.tsx'
import type { Designer } from './use-designer.ts'

type Form = 'iso7813' | 'free'

const beginnings = {
  track1: "'B' & digits(number) & '^' & name & '^'",
  track2: "digits(number) & '='",
  track3: '""',
} as const satisfies Record<TrackKey, string>

export function TracksPanel({ designer }: { designer: Designer }) {
  const { say } = useWords()
  const { design, mayEdit } = designer
  const compare = design.compareTrack2
  return (
    <div className="stack">
      {trackKeys.map((key, index) => (
        <Track key={key} designer={designer} track={key} number={(index + 1) as 1 | 2 | 3} />
      ))}
      <section className="design-track">
        <Switch
          isSelected={compare !== undefined}
          onChange={(on) => designer.edit(withDesign(design, { compareTrack2: on ? (design.tracks.track2?.text ?? beginnings.track2) : undefined }))}
          isDisabled={!mayEdit}
        >
          {say('design.compare')}
          <span className="option-hint">{say('design.compare.hint')}</span>
        </Switch>
        {compare !== undefined && (
          <ExpressionField
            label={say('design.compare.text')}
            value={compare}
            onChange={(text) => designer.edit(withDesign(design, { compareTrack2: text }), 'compare')}
            columns={design.columns}
            result={designer.judgement.compareTrack2}
            isReadOnly={!mayEdit}
          />
        )}
      </section>
    </div>
  )
}

function Track({ designer, track, number }: { designer: Designer; track: TrackKey; number: 1 | 2 | 3 }) {
  const { say } = useWords()
  const { design, mayEdit, judgement } = designer
  const used = design.tracks[track]
  const judged = judgement.tracks.find((candidate) => candidate.key === track)
  const capacity = trackCapacity(number)
  return (
    <section className="design-track" data-wrong={(judged?.mistakes.length ?? 0) > 0 || undefined}>
      <Switch
        isSelected={used !== undefined}
        onChange={(on) => designer.edit(withTrack(design, track, on ? { text: beginnings[track], format: number === 3 ? 'free' : 'iso7813' } : undefined))}
        isDisabled={!mayEdit}
      >
        {say('design.track.use', { track: number })}
      </Switch>
      {used && (
        <>
          <ExpressionField
            label={say('design.track.text')}
            value={used.text}
            onChange={(text) => designer.edit(withTrack(design, track, { ...used, text }), `track ${number}`)}
            columns={design.columns}
            result={judged?.text ?? ''}
            isReadOnly={!mayEdit}
          />
          <div className="design-room" data-wrong={(judged?.length ?? 0) > capacity || undefined}>
            <meter min={0} max={capacity} value={Math.min(judged?.length ?? 0, capacity)} aria-label={say('design.track.length', { length: judged?.length ?? 0, capacity })} />
            <span className="small">{say('design.track.length', { length: judged?.length ?? 0, capacity })}</span>
          </div>
          {number !== 3 && (
            <Select<Form>
              label={say('design.track.format')}
              options={(['iso7813', 'free'] as const).map((id) => ({ id, text: say(`design.track.format.${id}`) }))}
              value={used.format}
              onChange={(format) => designer.edit(withTrack(design, track, { ...used, format }))}
              isDisabled={!mayEdit}
            />
          )}
        </>
      )}
    </section>
  )
}
