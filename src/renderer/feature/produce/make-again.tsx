import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { DeviceView } from '#shared/contract/live.ts'
import type { JobView } from '#shared/job/job.ts'
import { call } from '../../client/client.ts'
import { useWords } from '../../i18n/provider.tsx'
import { attempt } from '../../store/notices.ts'
import { Button } from '../../ui/index.ts'

/** Rejected cards become new attempts, and the run that makes them starts at once. */
export function MakeAgain({ job, device, primary, isDisabled }: { job: JobView; device: DeviceView; primary?: boolean; isDisabled?: boolean }) {
  const { say } = useWords()
  const [busy, setBusy] = useState(false)
  const again = async () => {
    setBusy(true)
    await attempt(async () => {
      await call('job.requeue', { job: job.job })
      if (device.connection === 'online') await call('run.start', { job: job.job, device: device.device })
    })
    setBusy(false)
  }
  return (
    <Button kind={primary ? 'primary' : 'plain'} size="large" icon={<RotateCcw size={22} aria-hidden />} isPending={busy} isDisabled={isDisabled ?? false} onPress={() => void again()}>
      {say('produce.again', { count: job.counts.rejected })}
    </Button>
  )
}
