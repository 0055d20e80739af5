/** What is shown: the first set-up of a new workspace, the sign-in page, or the frame with its pages. */
import { useEffect, useState } from 'react'
import type { Fault } from '#shared/faults.ts'
import { faultsOf } from '#shared/faults.ts'
import { SetUpPage } from './feature/session/set-up-page.tsx'
import { SignInPage } from './feature/session/sign-in-page.tsx'
import { Frame } from './frame/frame.tsx'
import { LanguageProvider, useWords } from './i18n/provider.tsx'
import { useConnection } from './store/live.ts'
import { loadWorkspace, useSession } from './store/session.ts'
import { FaultPanel, Progress } from './ui/feedback.tsx'

export function App() {
  return (
    <LanguageProvider>
      <Inside />
    </LanguageProvider>
  )
}

function Inside() {
  const workspace = useSession((store) => store.workspace)
  const signedIn = useSession((store) => store.session !== undefined)
  const faults = useWorkspace()
  if (signedIn) return <Frame />
  if (workspace === undefined) return <Opening faults={faults} />
  return workspace.state === 'new' ? <SetUpPage /> : <SignInPage workspace={workspace} />
}

/** Asks what workspace this is, and again whenever the line to the core is back. */
function useWorkspace(): readonly Fault[] {
  const connection = useConnection()
  const [faults, setFaults] = useState<readonly Fault[]>([])
  useEffect(() => {
    if (connection !== 'connected') return
    loadWorkspace().then(
      () => setFaults([]),
      (thrown: unknown) => setFaults(faultsOf(thrown)),
    )
  }, [connection])
  return faults
}

function Opening({ faults }: { faults: readonly Fault[] }) {
  const { say } = useWords()
  return (
    <main className="session">
      <div className="session-box stack">
        <h1>{say('product.name')}</h1>
        {faults.length > 0 ? <FaultPanel faults={faults} /> : <Progress label={say('frame.connecting')} />}
      </div>
    </main>
  )
}
