/** What drives this machine: its profile and mode, what one command carries, and the evidence that all this stands on. */
import { BookOpen, Scale } from 'lucide-react'
import type { ProfileSummary } from '#shared/contract/calls.ts'
import type { DeviceView } from '#shared/contract/live.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { useWords } from '../../i18n/provider.tsx'

const none: readonly ProfileSummary[] = []

/** All profiles; empty until they have come. */
export function useProfiles(): readonly ProfileSummary[] {
  return useAnswer('device.profiles', {}).value ?? none
}

export function ProfilePanel({ device }: { device: DeviceView }) {
  const { say, sayIfKnown } = useWords()
  const profile = useProfiles().find((candidate) => candidate.profile === device.profile)
  const { carries, completionLag, rejectWay } = device.capabilities
  return (
    <div className="device-profile">
      <dl className="facts">
        <dt>{say('devices.profile')}</dt>
        <dd>
          {device.model} <span className="soft">({device.profile})</span>
        </dd>
        <dt>{say('devices.mode')}</dt>
        <dd>{modeText(sayIfKnown, device.mode)}</dd>
        <dt>{say('devices.carries')}</dt>
        <dd>{carries.map((operation) => say(`operation.${operation}`)).join(', ')}</dd>
        <dt>{say('devices.lag')}</dt>
        <dd>{say(completionLag === 0 ? 'devices.lag.none' : 'devices.lag.one')}</dd>
        <dt>{say('devices.reject')}</dt>
        <dd>{say(`devices.reject.${rejectWay}`)}</dd>
        {profile && (
          <>
            <dt>{say('devices.fonts')}</dt>
            <dd>{profile.limits.fonts.map((font) => sayIfKnown(`font.${font.name}`) ?? font.name).join(', ')}</dd>
            <dt>{say('devices.lines')}</dt>
            <dd>{profile.limits.maximumLines}</dd>
            <dt>{say('devices.tracks')}</dt>
            <dd>{profile.limits.tracks.join(', ') || '—'}</dd>
          </>
        )}
      </dl>
      <Evidence statements={device.evidence} missingVerbs={device.capabilities.missingVerbs} />
    </div>
  )
}

export function Evidence({ statements, missingVerbs }: { statements: readonly string[]; missingVerbs: readonly string[] }) {
  const { say, sayIfKnown } = useWords()
  return (
    <div className="stack">
      <section className="stack" data-tight>
        <h3 className="row">
          <Scale size={18} aria-hidden /> {say('devices.evidence')}
        </h3>
        <ul className="evidence">
          {statements.map((statement) => (
            <li key={statement}>{sayIfKnown(statement) ?? statement}</li>
          ))}
        </ul>
      </section>
      {missingVerbs.length > 0 && (
        <section className="stack" data-tight>
          <h3 className="row">
            <BookOpen size={18} aria-hidden /> {say('verb.needs-manual')}
          </h3>
          <ul className="evidence">
            {missingVerbs.map((verb) => (
              <li key={verb}>{sayIfKnown(`verb.${verb}`) ?? verb}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

export function modeText(sayIfKnown: (key: string) => string | undefined, mode: string): string {
  return sayIfKnown(`simulator.mode.${mode}`) ?? mode
}
