/** Handlers of the import: what a file would become, and the import itself. A file is accepted or refused as a whole. */
import type { IntakePreview, IntakeProgress } from '#shared/contract/calls.ts'
import type { CardDesign } from '#shared/design/design.ts'
import type { Mistake } from '#shared/design/mistake.ts'
import { previewOf } from '#shared/design/preview.ts'
import type { SourceOptions } from '#shared/design/source.ts'
import type { DeviceLimits } from '#shared/device/limits.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { CardPreview } from '#shared/job/job.ts'
import type { ScriptLibrary } from '../chip/personalization.ts'
import type { Devices } from '../devices/devices.ts'
import { guessLength, guessSource, sampleRows } from '../intake/guess.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { SourceFiles } from '../ports/source-files.ts'
import type { Store } from '../ports/store.ts'
import type { Handlers } from '../transport/dispatch.ts'
import { chipTaskMistakes, failOnMistakes, readDesign } from './designs.ts'
import type { Uploads } from './uploads.ts'

export interface ImportsParts {
  jobs: Jobs
  store: Store
  clock: Clock
  devices: Devices
  uploads: Uploads
  sources: SourceFiles
  /** Where chip tasks come from; undefined where no chips are made. */
  library?: ScriptLibrary | undefined
}

/** Rows of the file, and cards as they will look, on the preview. */
const shownRows = 20
const shownCards = 5

export function importHandlers(parts: ImportsParts): Pick<Handlers, `intake.${'preview' | 'import' | 'progress'}`> {
  const { jobs, store, devices, uploads, sources, library } = parts
  const under = new Map<string, IntakeProgress>()

  const limitsOf = (device: string | undefined) => (device === undefined ? undefined : devices.limits(device))

  /** Checks the whole upload, and tells how far it is to whoever asks meanwhile. */
  const checkUpload = async (upload: string, options: SourceOptions, design: CardDesign, device: string | undefined, take?: (cards: Cards) => void) => {
    // A task may have changed since the design was saved.
    failOnMistakes(chipTaskMistakes(design, library))
    try {
      return await check(parts, uploads.get(upload).path, options, design, limitsOf(device), { take, tell: (progress) => under.set(upload, progress) })
    } finally {
      under.delete(upload)
    }
  }

  return {
    'intake.progress': ({ upload }) => under.get(upload) ?? { reading: false, bytes: 0, records: 0 },

    'intake.preview': async ({ upload, options, design: id, device }): Promise<IntakePreview> => {
      const { path } = uploads.get(upload)
      const head = await sources.head(path, guessLength)
      const used = options ?? guessSource(head).options
      const { columns, rows } = await sampleRows(head, used, shownRows)
      const checked = await checkUpload(upload, used, readDesign(store, id).design, device)
      return { options: used, columns, rows, ...checked }
    },

    'intake.import': async ({ upload, options, design: id, device, name }, { session }) => {
      const file = uploads.get(upload)
      const { stored, design } = readDesign(store, id)
      const order = jobs.startImport({ name, design: stored, fileName: file.name })
      try {
        const digest = await sources.digest(file.path)
        const { mistakes, mistakeCount } = await checkUpload(upload, options, design, device, (cards) => order.add(cards))
        if (mistakeCount > 0) {
          order.abandon()
          return { accepted: false, mistakes, mistakeCount }
        }
        // What was checked is what the digest is of: the file may not have changed meanwhile.
        if ((await sources.digest(file.path)) !== digest) throw new CardwrightError({ code: 'intake.file-changed', class: 'operator' })
        return { accepted: true, ...order.commit(digest, session.person) }
      } catch (thrown) {
        order.abandon()
        throw thrown
      }
    },
  }
}

type Cards = Parameters<ReturnType<Jobs['startImport']>['add']>[0]

/** Reads the whole file. Cards are handed on batch by batch while no mistake has been seen. */
async function check(
  { jobs, clock, sources }: ImportsParts,
  path: string,
  options: SourceOptions,
  design: CardDesign,
  limits: DeviceLimits | undefined,
  { take, tell }: { take?: ((cards: Cards) => void) | undefined; tell(progress: IntakeProgress): void },
): Promise<Pick<IntakePreview, 'records' | 'cards' | 'mistakes' | 'mistakeCount'>> {
  const mistakes: Mistake[] = []
  const cards: CardPreview[] = []
  let records = 0
  let mistakeCount = 0
  const issued = (numbers: readonly string[]) => Promise.resolve(jobs.known(numbers).map(({ index }) => index))
  for await (const batch of sources.check(path, options, design, { limits, today: isoDate(clock.now()), issued })) {
    mistakes.push(...batch.mistakes)
    ;({ records, mistakeCount } = batch)
    tell({ reading: true, bytes: batch.bytes, records })
    for (const { card } of batch.cards.slice(0, shownCards - cards.length)) cards.push(previewOf(card, limits?.fonts))
    if (take && mistakeCount === 0) take(batch.cards.map(({ card }) => card))
  }
  if (records === 0 && mistakeCount === 0) {
    mistakes.push({ code: 'intake.no-records', class: 'data' })
    mistakeCount = 1
  }
  return { records, cards, mistakes, mistakeCount }
}

/** The date where the program runs. */
export function isoDate(milliseconds: number): string {
  const date = new Date(milliseconds)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
