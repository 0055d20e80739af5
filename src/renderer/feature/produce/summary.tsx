/** After the last card: what was used and what came of it, the protocol, and closing the job. */
import { FileText, Lock } from 'lucide-react'
import { useState } from 'react'
import type { ReportFormat } from '#shared/contract/calls.ts'
import type { DeviceView } from '#shared/contract/live.ts'
import type { JobView } from '#shared/job/job.ts'
import { call } from '../../client/client.ts'
import { saveFile } from '../../client/save-file.ts'
import { useWords } from '../../i18n/provider.tsx'
import { attempt } from '../../store/notices.ts'
import { Button, Menu } from '../../ui/index.ts'
import { MakeAgain } from './make-again.tsx'

const formats = ['pdf', 'csv', 'json'] as const

export function Summary({ job, device, asked }: { job: JobView; device: DeviceView; asked: boolean }) {
  const words = useWords()
  const [closing, setClosing] = useState(false)
  const { blanks, rejected } = job.counts
  const closed = job.state === 'closed'
  if (closing && !closed) return <CloseQuestion job={job} onBack={() => setClosing(false)} />
  const save = (format: ReportFormat) => attempt(async () => saveFile(await call('job.protocol', { job: job.job, format, language: words.language })))
  return (
    <div className="stack" data-tight>
      <p className="run-state" role="status">
        {words.say(closed ? 'produce.closed' : rejected > 0 ? 'produce.over-rejected' : 'produce.over', { rejected })}
      </p>
      <p>
        {words.say('produce.blanks', { picked: blanks.picked, good: blanks.good, rejected: blanks.rejected })}
        {blanks.resolved > 0 && ` ${words.say('produce.blanks.resolved', { resolved: blanks.resolved })}`}
      </p>
      <div className="row">
        {!closed && rejected > 0 && <MakeAgain job={job} device={device} primary isDisabled={asked} />}
        {!closed && (
          <Button kind={rejected > 0 ? 'plain' : 'primary'} size="large" icon={<Lock size={20} aria-hidden />} onPress={() => setClosing(true)}>
            {words.say('produce.close')}
          </Button>
        )}
        <Menu
          label={words.say('produce.protocol')}
          trigger={
            <Button kind={closed ? 'primary' : 'plain'} size="large" icon={<FileText size={20} aria-hidden />}>
              {words.say('produce.protocol')}
            </Button>
          }
          entries={formats.map((format) => ({ id: format, text: words.say(`produce.protocol.${format}`), run: () => void save(format) }))}
        />
      </div>
    </div>
  )
}

function CloseQuestion({ job, onBack }: { job: JobView; onBack(): void }) {
  const { say } = useWords()
  return (
    <div className="stack" data-tight role="group" aria-label={say('produce.close')}>
      <p>{say('produce.close.again', { rejected: job.counts.rejected })}</p>
      <div className="row">
        <Button
          kind="primary"
          size="large"
          onPress={async () => {
            await attempt(() => call('job.close', { job: job.job }))
            onBack()
          }}
        >
          {say('produce.close.yes')}
        </Button>
        <Button size="large" autoFocus onPress={onBack}>
          {say('produce.close.no')}
        </Button>
      </div>
    </div>
  )
}
