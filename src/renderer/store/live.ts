/** What the core says at once to every screen, held for all pages. Pages read it by the selectors below. */
import { create } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { DeviceView, LiveState } from '#shared/contract/live.ts'
import type { JobView, Prompt, RunView } from '#shared/job/job.ts'
import { listen, onConnection } from '../client/client.ts'
import type { Connection } from '../client/carrier.ts'
import { emptyLive, followMessage } from './live-state.ts'
import type { LiveView } from './live-state.ts'

interface LiveStore {
  view: LiveView
  connection: Connection
}

const useLiveStore = create<LiveStore>(() => ({ view: emptyLive, connection: 'connecting' }))

/** Pages are drawn at most this often: a machine at work says more than anybody can see, and each drawing takes its time. */
const millisecondsBetween = 50

let stop: (() => void) | undefined
/** Everything said so far; the store shows it at once, or as soon as it may again. */
let latest: LiveView = emptyLive
let shownAt = -Infinity
let due: ReturnType<typeof setTimeout> | undefined

function show(view: LiveView): void {
  latest = view
  if (due !== undefined) return
  const wait = shownAt + millisecondsBetween - performance.now()
  if (wait > 0) due = setTimeout(draw, wait)
  else draw()
}

function draw(): void {
  clearTimeout(due)
  due = undefined
  shownAt = performance.now()
  useLiveStore.setState({ view: latest })
}

/** Begins the stream of the session that has just signed in. `signedOut` is called when the core ends the session. */
export function startLive(signedOut: () => void): void {
  stopLive()
  const begin = () => {
    stop?.()
    stop = listen((message) => {
      if (message.type === 'signed-out') return signedOut()
      const view = followMessage(latest, message)
      if (view === latest) return
      show(view)
      if (view.status === 'gap') begin()
    })
  }
  begin()
}

export function stopLive(): void {
  stop?.()
  stop = undefined
  latest = emptyLive
  draw()
}

/** Follows the line to the core; called once at start. */
export function watchConnection(): void {
  onConnection((connection) => useLiveStore.setState({ connection }))
}

/** A part of the live state; drawn anew only when that part, compared one level deep, has changed. */
export function useLive<Part>(select: (state: LiveState) => Part): Part {
  return useLiveStore(useShallow((store) => select(store.view.state)))
}

/** False until the first snapshot has come: pages keep their shape and say nothing yet. */
export const useLiveReady = (): boolean => useLiveStore((store) => store.view.status !== 'waiting')
export const useConnection = (): Connection => useLiveStore((store) => store.connection)
export const useDevices = (): DeviceView[] => useLive((state) => state.devices)
/** Jobs that are neither closed nor discarded, in their order. */
export const useOpenJobs = (): JobView[] =>
  useLive((state) => state.jobs.filter((job) => job.state !== 'closed' && job.state !== 'discarded').toSorted((a, b) => a.order - b.order))
export const useJob = (job: string | undefined): JobView | undefined =>
  useLiveStore((store) => store.view.state.jobs.find((candidate) => candidate.job === job))
/** The run under way on a device; one that has ended is not. */
export const useRunOn = (device: string | undefined): RunView | undefined =>
  useLiveStore((store) => store.view.state.runs.find((run) => run.device === device && run.state !== 'ended'))
/** Questions about a device, oldest first. */
export const usePromptsOf = (device: string | undefined): Prompt[] =>
  useLive((state) => state.prompts.filter((prompt) => prompt.device === device).toSorted((a, b) => a.openedAt - b.openedAt))
/** Grows with every ended attempt; a page of the log refetches by it. */
export const useLogRevision = (): number => useLiveStore((store) => store.view.state.logRevision)
