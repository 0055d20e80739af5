/** Produce: a machine, the card being made, the run's numbers and buttons, the last cards. */
import { PackageCheck, Plug } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { JobView } from '#shared/job/job.ts'
import { useAnswer } from '../../client/use-answer.ts'
import { goTo, routeTo, useRoute } from '../../frame/route.ts'
import { useWords } from '../../i18n/provider.tsx'
import { useDevices, useLive, usePromptsOf } from '../../store/live.ts'
import { useSession } from '../../store/session.ts'
import { Button, EmptyPage } from '../../ui/index.ts'
import { useTitle } from '../../ui/page.tsx'
import { CardBeingMade } from './card-being-made.tsx'
import { DeviceStrip } from './device-strip.tsx'
import { LastCards } from './last-cards.tsx'
import { Machine } from './machine/machine-picture.tsx'
import { anchorOf, placeOfPrompt } from './machine/layout.ts'
import { isStationLine, StationLine } from './machine/station-line.tsx'
import { PracticeHands } from './practice/practice-hands.tsx'
import { PracticeSheet } from './practice/practice-sheet.tsx'
import { recordOf } from './prompt/preview-of.ts'
import { PromptSheet, WaitingPrompt } from './prompt/prompt-sheet.tsx'
import { RunQuestions } from './questions.tsx'
import { RunPanel } from './run-panel.tsx'
import { nextStep, pickDevice, pickJob, suits } from './step.ts'
import './produce.css'

export default function ProducePage() {
  const { say } = useWords()
  const { path, query } = useRoute()
  const devices = useDevices()
  const runs = useLive((state) => state.runs)
  const jobs = useLive((state) => state.jobs)
  const device = pickDevice(path[0], devices, runs)
  const run = runs.find((candidate) => candidate.device === device?.device && candidate.state !== 'ended')
  const prompts = usePromptsOf(device?.device)
  const [prompt] = prompts
  const inHand = run?.job ?? (prompt?.attempt === undefined ? undefined : recordOf(prompt.attempt).job)
  const chosen = useStickyJob(device?.device, inHand)
  const { value: designs, faults } = useAnswer('design.list', {})
  const fits = ({ design }: JobView) => suits(device, designs?.some((saved) => saved.design === design && saved.chip !== undefined) ?? false)
  const job = pickJob(query.get('job') ?? chosen, jobs, run, designs === undefined && faults.length === 0 ? undefined : fits)
  const [putAway, setPutAway] = useState<string>()
  const [practicing, setPracticing] = useState(false)
  const demo = useSession((store) => store.workspace?.demo ?? false)
  useTitle(say('page.produce'))
  const sheetOpen = prompt !== undefined && prompt.id !== putAway
  const step = nextStep(device, job, runs)

  if (device === undefined) {
    return (
      <>
        <h1 className="only-heard">{say('page.produce')}</h1>
        <EmptyPage icon={<PackageCheck size={40} aria-hidden />} title={say('produce.no-device')} action={<ToDevices />}>
          {say('produce.no-device.do')}
        </EmptyPage>
      </>
    )
  }
  const practice = demo && device.link.kind === 'simulator' && device.picture !== undefined
  return (
    <div className="produce">
      <RunQuestions />
      <h1 className="only-heard">{say('page.produce')}</h1>
      {devices.length > 1 && <DeviceStrip devices={devices} current={device.device} />}
      {isStationLine(device) ? <StationLine device={device} run={run} /> : <Machine device={device} run={run} prompt={prompt} />}
      <div className="produce-lower">
        {prompt && !sheetOpen && <WaitingPrompt prompt={prompt} onOpen={() => setPutAway(undefined)} />}
        <div className="produce-work">
          <CardBeingMade run={run} job={job} />
          <RunPanel
            device={device}
            job={job}
            step={step}
            asked={prompt !== undefined}
            onChooseJob={(next) => goTo(routeTo('produce', [device.device], { job: next }), { replace: true })}
          />
        </div>
        <LastCards job={job} />
        {sheetOpen && <PromptSheet key={prompt.id} prompt={prompt} run={run} more={prompts.length - 1} anchor={anchorOf(placeOfPrompt(prompt))} onClose={() => setPutAway(prompt.id)} />}
        {practice && practicing && device.picture && <PracticeSheet device={device} picture={device.picture} onClose={() => setPracticing(false)} />}
      </div>
      {practice && <PracticeHands device={device} faultsOpen={practicing} onFaults={() => setPracticing(!practicing)} />}
    </div>
  )
}

/** The job that this machine ran or asked about stays chosen afterwards, so that its summary is seen. */
function useStickyJob(device: string | undefined, inHand: string | undefined): string | undefined {
  const last = useRef<{ device: string | undefined; job: string }>(undefined)
  useEffect(() => {
    if (inHand !== undefined) last.current = { device, job: inHand }
  }, [device, inHand])
  return inHand ?? (last.current?.device === device ? last.current?.job : undefined)
}

function ToDevices() {
  const { say } = useWords()
  return (
    <Button kind="primary" icon={<Plug size={18} aria-hidden />} onPress={() => goTo(routeTo('devices'))}>
      {say('produce.to-devices')}
    </Button>
  )
}
