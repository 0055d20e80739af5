/** Which card reader stands behind each chip station of a device: one that was found, or a name typed for one that is not plugged in. */
import type { DeviceView } from '#shared/contract/live.ts'
import type { StationReader } from '#shared/device/device.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { useWords } from '../../i18n/provider.tsx'
import { Button, FaultPanel, TextField } from '../../ui/index.ts'

/** As the reader on the desk calls itself and its one station. */
export const deskProfile = 'desk-reader'
const deskStation = 'desk'

/** Stations that want a reader. Those of a machine are known once it is set up. */
export function stationNames(profile: string | undefined, device: DeviceView | undefined): string[] {
  if (profile === deskProfile) return [deskStation]
  return device !== undefined && device.profile === profile ? (device.capabilities.chip?.stations ?? []) : []
}

export interface ReaderFieldsProps {
  stations: readonly string[]
  value: readonly StationReader[]
  onChange(value: readonly StationReader[]): void
}

export function ReaderFields({ stations, value, onChange }: ReaderFieldsProps) {
  const { say } = useWords()
  const { value: readers, faults } = useAnswer('chip.readers', {})
  const set = (station: string, reader: string) => onChange([...value.filter((entry) => entry.station !== station), { station, reader }])
  return (
    <div className="stack" data-tight role="group" aria-label={say('devices.stations')}>
      {stations.map((station) => (
        <div key={station} className="stack" data-tight>
          <TextField
            label={say('devices.station.reader', { station })}
            hint={say('devices.station.reader.hint')}
            value={value.find((entry) => entry.station === station)?.reader ?? ''}
            onChange={(reader) => set(station, reader)}
            maxLength={200}
            spellCheck="false"
          />
          {readers && readers.length > 0 && (
            <ul className="row" aria-label={say('devices.readers.found')}>
              {readers.map(({ name }) => (
                <li key={name}>
                  <Button onPress={() => set(station, name)}>{name}</Button>
                </li>
              ))}
            </ul>
          )}
        </div>
      ))}
      <FaultPanel faults={faults} tone="doubt" />
    </div>
  )
}

/** The stations of a device with what lies in them now. */
export function StationList({ device: { stations } }: { device: DeviceView }) {
  const { say, sayIfKnown } = useWords()
  if (stations.length === 0) return null
  return (
    <section className="stack" data-tight aria-label={say('devices.stations')}>
      <h3>{say('devices.stations')}</h3>
      <dl className="facts">
        {stations.map(({ station, reader, state }) => (
          <div key={station} style={{ display: 'contents' }}>
            <dt>{station}</dt>
            <dd>
              {sayIfKnown(`reader.${state}`)}
              {reader !== undefined && reader !== station && <span className="soft small"> · {reader}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
