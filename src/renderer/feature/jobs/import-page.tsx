/** From a file to a job: every step in sight at once, and nothing imported before all of the file is right. */
import { ArrowLeft, FileUp } from 'lucide-react'
import { useRef } from 'react'
import { DropZone, FileTrigger } from 'react-aria-components'
import type { FileDropItem } from 'react-aria-components'
import { useAnswer } from '../../client/use-answer.ts'
import { goTo, routeTo } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useDevices, useLive, useOpenJobs } from '../../store/live.ts'
import { notify } from '../../store/notices.ts'
import { Button, EmptyPage, FaultPanel, Page, Progress, Select, TextField, useShortcuts } from '../../ui/index.ts'
import { ImportResult } from './import-result.tsx'
import { ReadAs } from './read-as.tsx'
import { anyDevice, useImport, useReading } from './use-import.ts'
import type { Import } from './use-import.ts'

export function ImportPage() {
  const { say } = useWords()
  const { value: designs, faults } = useAnswer('design.list', {})
  const devices = useDevices()
  const form = useImport(useLastDesign(designs), devices[0]?.device)
  const chooser = useRef<HTMLDivElement>(null)
  const { value: design } = useAnswer('design.get', form.design === undefined ? undefined : { design: form.design })
  useShortcuts([{ key: 'o', label: say('import.shortcut.choose'), run: () => form.busy !== 'importing' && chooser.current?.querySelector<HTMLElement>('input[type=file]')?.click() }])
  const lead = (
    <>
      <a href={routeTo('jobs')} className="job-back">
        <ArrowLeft size={16} aria-hidden /> {say('job.back')}
      </a>{' '}
      {say('import.lead')}
    </>
  )
  if (designs?.length === 0) {
    return (
      <Page title={say('import.title')} lead={lead}>
        <EmptyPage title={say('import.no-design')}>{say('import.no-design.do')}</EmptyPage>
      </Page>
    )
  }
  return (
    <Page title={say('import.title')} lead={lead} fill>
      <div className="import">
        <div className="import-steps" ref={chooser} inert={form.busy === 'importing'}>
          <TheFile form={form} />
          <section className="panel stack" data-tight aria-label={say('import.for')}>
            <Select
              label={say('import.design')}
              options={(designs ?? []).map((one) => ({ id: one.design, text: one.name }))}
              value={form.design}
              onChange={form.setDesign}
            />
            <Select
              label={say('import.device')}
              hint={say('import.device.hint')}
              options={[...devices.map((device) => ({ id: device.device, text: device.name, hint: device.model })), { id: anyDevice, text: say('import.device.any') }]}
              value={form.device ?? anyDevice}
              onChange={form.setDevice}
            />
          </section>
          <ReadAs form={form} design={design} />
        </div>
        <div className="import-result">
          <FaultPanel faults={[...faults, ...form.faults]} />
          <ImportResult form={form} contacts={design?.contacts ?? false} />
          <ImportBar form={form} />
        </div>
      </div>
    </Page>
  )
}

/** The design of the job at hand, or of the latest: most branches make one kind of card. */
function useLastDesign(designs: readonly { design: string }[] | undefined): string | undefined {
  const latest = useLive((state) => state.jobs.toSorted((a, b) => b.createdAt - a.createdAt)[0]?.design)
  const atHand = useOpenJobs()[0]?.design
  return (designs?.find(({ design }) => design === (atHand ?? latest)) ?? designs?.[0])?.design
}

function TheFile({ form }: { form: Import }) {
  const { say } = useWords()
  const choose = (
    <FileTrigger onSelect={(files) => files?.[0] && void form.take(files[0])}>
      <Button icon={<FileUp size={18} aria-hidden />} kind={form.file ? 'plain' : 'primary'} isDisabled={form.busy === 'importing'}>
        {say(form.file ? 'import.choose-other' : 'import.choose')}
      </Button>
    </FileTrigger>
  )
  return (
    <DropZone
      className="import-drop"
      aria-label={say('import.drop')}
      getDropOperation={() => 'copy'}
      onDrop={(event) => {
        const dropped = event.items.find((item): item is FileDropItem => item.kind === 'file')
        if (dropped) void dropped.getFile().then(form.take)
      }}
    >
      {form.file ? <strong className="import-file-name">{form.file.name}</strong> : <span>{say('import.drop')}</span>}
      {form.busy === 'uploading' ? <Progress label={say('import.uploading')} /> : choose}
      {form.file === undefined && <span className="small soft">{say('import.formats')}</span>}
    </DropZone>
  )
}

function ImportBar({ form }: { form: Import }) {
  const { say } = useWords()
  const { preview } = form
  const reading = useReading(form)
  const ready = preview !== undefined && preview.mistakeCount === 0 && preview.records > 0 && form.busy === undefined && form.name.trim() !== ''
  const run = async () => {
    const done = await form.run()
    if (done === undefined) return
    notify('import.done', { job: form.name.trim(), count: done.records })
    goTo(routeTo('jobs', [done.job]), { replace: true })
  }
  if (form.file === undefined) return null
  return (
    <div className="import-bar">
      {form.busy === 'importing' ? (
        <Progress
          label={reading ? say('import.importing.records', { name: form.name, records: reading.records }) : say('import.importing', { name: form.name })}
          value={reading?.share}
        />
      ) : (
        <TextField label={say('import.name')} value={form.name} onChange={form.setName} maxLength={120} />
      )}
      <Button kind="primary" size="large" isDisabled={!ready} isPending={form.busy === 'importing'} onPress={() => void run()}>
        {preview && preview.mistakeCount === 0 ? say('import.do', { count: preview.records }) : say('import.do.none')}
      </Button>
    </div>
  )
}
