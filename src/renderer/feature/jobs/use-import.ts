/** An import as it goes on the page: the file, how it is read, what comes of it. The latest question alone is answered. */
import { useEffect, useRef, useState } from 'react'
import type { IntakePreview, Mistake } from '#shared/contract/calls.ts'
import type { SourceOptions } from '#shared/design/source.ts'
import { faultsOf } from '#shared/faults.ts'
import type { Fault } from '#shared/faults.ts'
import { call, upload } from '../../client/client.ts'
import { jobNameOf } from './source-options.ts'

export interface ImportState {
  readonly file: { readonly name: string; readonly upload: string; readonly bytes: number } | undefined
  /** What is under way; undefined when the page waits for the person. */
  readonly busy: 'uploading' | 'reading' | 'importing' | undefined
  readonly preview: IntakePreview | undefined
  /** The options as the person set them; undefined as long as the guess holds. */
  readonly options: SourceOptions | undefined
  readonly design: string | undefined
  readonly device: string | undefined
  readonly name: string
  readonly faults: readonly Fault[]
}

export interface Import extends ImportState {
  take(file: File): Promise<void>
  setOptions(options: SourceOptions | undefined): void
  setDesign(design: string): void
  setDevice(device: string | undefined): void
  setName(name: string): void
  /** Answers the job, or undefined where the file was refused after all; its mistakes then stand in the preview. */
  run(): Promise<{ job: string; records: number } | undefined>
}

/** Options that are typed are sent when the typing rests. */
const rest = 350

const start: ImportState = {
  file: undefined,
  busy: undefined,
  preview: undefined,
  options: undefined,
  design: undefined,
  device: undefined,
  name: '',
  faults: [],
}

/** @param design and @param device stand until the person chooses others */
export function useImport(design: string | undefined, device: string | undefined): Import {
  const [state, setState] = useState<ImportState>(start)
  const set = (changes: Partial<ImportState>) => setState((before) => ({ ...before, ...changes }))
  const chosen = { design: state.design ?? design, device: state.device ?? device }
  const question =
    state.file === undefined || chosen.design === undefined
      ? undefined
      : JSON.stringify({
          upload: state.file.upload,
          design: chosen.design,
          ...(state.options && { options: state.options }),
          ...(chosen.device && chosen.device !== anyDevice && { device: chosen.device }),
        })
  usePreview(question, state.options !== undefined, set)
  return {
    ...state,
    ...chosen,
    async take(file) {
      setState((before) => ({ ...before, busy: 'uploading', faults: [], preview: undefined }))
      try {
        const name = await upload(file)
        setState((before) => ({ ...before, busy: undefined, file: { name: file.name, upload: name, bytes: file.size }, name: jobNameOf(file.name) }))
      } catch (thrown) {
        set({ busy: undefined, file: undefined, faults: faultsOf(thrown) })
      }
    },
    setOptions: (options) => set({ options }),
    setDesign: (next) => set({ design: next }),
    setDevice: (next) => set({ device: next ?? anyDevice }),
    setName: (name) => set({ name }),
    async run() {
      if (question === undefined || state.preview === undefined) return undefined
      set({ busy: 'importing', faults: [] })
      try {
        const { upload: from, ...asked } = JSON.parse(question) as { upload: string; design: string; device?: string }
        const answer = await call('intake.import', { ...asked, upload: from, options: state.preview.options, name: state.name.trim() })
        if (answer.accepted) return { job: answer.job, records: answer.records }
        set({ busy: undefined, preview: refused(state.preview, answer) })
      } catch (thrown) {
        set({ busy: undefined, faults: faultsOf(thrown) })
      }
      return undefined
    },
  }
}

/** Chosen by the person: the cards are checked for no machine in particular. */
export const anyDevice = 'any'

function refused(preview: IntakePreview, { mistakes, mistakeCount }: { mistakes: Mistake[]; mistakeCount: number }): IntakePreview {
  return { ...preview, mistakes, mistakeCount, cards: [] }
}

const pulse = 500

/** How far the file has been read, 0–1, while a preview or an import of it goes on; undefined before the first word of it. */
export function useReading({ file, busy }: Pick<ImportState, 'file' | 'busy'>): { share: number; records: number } | undefined {
  const [reading, setReading] = useState<{ share: number; records: number }>()
  const waits = busy === 'reading' || busy === 'importing'
  useEffect(() => {
    if (file === undefined || !waits) return
    let mine = true
    const ask = () =>
      call('intake.progress', { upload: file.upload }).then(
        (progress) => mine && setReading(progress.reading ? { share: Math.min(1, progress.bytes / Math.max(1, file.bytes)), records: progress.records } : undefined),
        () => undefined,
      )
    const timer = setInterval(() => void ask(), pulse)
    return () => {
      mine = false
      clearInterval(timer)
      setReading(undefined)
    }
  }, [file, waits])
  return reading
}

function usePreview(question: string | undefined, typed: boolean, set: (changes: Partial<ImportState>) => void): void {
  const latest = useRef({ set, typed })
  latest.current = { set, typed }
  useEffect(() => {
    if (question === undefined) return
    let mine = true
    latest.current.set({ busy: 'reading', faults: [] })
    const ask = () =>
      call('intake.preview', JSON.parse(question)).then(
        (preview) => mine && latest.current.set({ busy: undefined, preview }),
        (thrown: unknown) => mine && latest.current.set({ busy: undefined, preview: undefined, faults: faultsOf(thrown) }),
      )
    const waiting = setTimeout(() => void ask(), latest.current.typed ? rest : 0)
    return () => {
      mine = false
      clearTimeout(waiting)
    }
  }, [question])
}
