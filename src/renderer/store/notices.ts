/** Short words about what has just been done or could not be done. Faults stay until they are put away. */
import { create } from 'zustand'
import { faultsOf } from '#shared/faults.ts'
import type { Fault } from '#shared/faults.ts'
import type { TextKey } from '#shared/texts/index.ts'
import type { TextValues } from '../i18n/text.ts'

type Notice =
  | { id: number; kind: 'done'; text: TextKey; values?: TextValues }
  | { id: number; kind: 'faults'; faults: readonly Fault[] }

interface Notices {
  notices: Notice[]
}

export const useNotices = create<Notices>(() => ({ notices: [] }))

const shownFor = 6000
let last = 0

export function dismissNotice(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }))
}

/** Says in passing that something was done. */
export function notify(text: TextKey, values?: TextValues): void {
  const id = ++last
  useNotices.setState(({ notices }) => ({ notices: [...notices, { id, kind: 'done', text, ...(values && { values }) }] }))
  setTimeout(() => dismissNotice(id), shownFor)
}

/** Shows what was thrown, what to do about it included. The same fault shown twice stands once. */
function notifyFaults(thrown: unknown): void {
  const faults = faultsOf(thrown)
  const same = JSON.stringify(faults)
  const notice: Notice = { id: ++last, kind: 'faults', faults }
  useNotices.setState(({ notices }) => ({
    notices: [...notices.filter((other) => other.kind !== 'faults' || JSON.stringify(other.faults) !== same), notice],
  }))
}

/** Runs a command of the screen; what it throws is shown. Answers undefined then. */
export async function attempt<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work()
  } catch (thrown) {
    notifyFaults(thrown)
    return undefined
  }
}
