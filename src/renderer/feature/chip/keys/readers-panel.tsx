/** Card readers of this computer, what lies in them, and the way to make cards in one: a reader stands as a device like any machine. */
import { PackageCheck, RefreshCw } from 'lucide-react'
import { useEffect } from 'react'
import { deskReaderDraft, findDeskReader } from '#shared/device/desk-reader.ts'
import { grouped } from '../workbench/reading.ts'
import { call } from '../../../client/client.ts'
import { useAnswer } from '../../../client/use-answer.ts'
import { goTo, routeTo } from '../../../frame/route.ts'
import { useWords } from '../../../i18n/provider.tsx'
import { useDevices } from '../../../store/live.ts'
import { attempt } from '../../../store/notices.ts'
import { useMay } from '../../../store/session.ts'
import { Button, FaultPanel, IconButton } from '../../../ui/index.ts'

/** Readers come and go; a person who puts one in looks here. */
const lookEvery = 3000

export function ReadersPanel() {
  const { say } = useWords()
  const { value: readers, faults, ask } = useAnswer('chip.readers', {})
  const devices = useDevices()
  const mayMake = useMay('device.save')
  useEffect(() => {
    const timer = setInterval(ask, lookEvery)
    return () => clearInterval(timer)
  }, [ask])
  const make = (reader: string) =>
    void attempt(async () => {
      const device = findDeskReader(devices, reader)?.device ?? (await call('device.save', deskReaderDraft(reader))).device
      goTo(routeTo('produce', [device]))
    })
  return (
    <section className="panel stack chip-readers" aria-label={say('chip.readers')}>
      <div className="spread">
        <div>
          <h2>{say('chip.readers')}</h2>
          <p className="soft small">{say('chip.readers.lead')}</p>
        </div>
        <IconButton label={say('chip.readers.again')} kind="plain" onPress={ask}>
          <RefreshCw size={18} />
        </IconButton>
      </div>
      <FaultPanel faults={faults} tone="doubt" />
      {readers?.length === 0 && <p className="soft">{say('chip.readers.none')}</p>}
      <ul className="stack" data-tight>
        {readers?.map(({ name, state, atr }) => (
          <li key={name} className="chip-reader">
            <div>
              <strong>{name}</strong>
              <p>
                <span className="chip-tag" data-tone={state === 'card' ? 'good' : state === 'mute' ? 'doubt' : undefined}>
                  {say(`reader.${state}`)}
                </span>{' '}
                {atr !== undefined && <span className="code small">{grouped(atr)}</span>}
              </p>
            </div>
            {mayMake && (
              <Button icon={<PackageCheck size={18} aria-hidden />} onPress={() => make(name)}>
                {say('chip.readers.make')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
