/** What is being done to a chip, in a few words for the picture. */
import type { RunView } from '#shared/job/job.ts'
import type { Words } from '../../../i18n/provider.tsx'

export type ChipUnderWay = NonNullable<RunView['cards'][number]['chip']>

/** The script's own word for its step, and how far it is. */
export function chipText({ say }: Pick<Words, 'say'>, { application, step, share }: ChipUnderWay): string {
  const what = step ?? application ?? say('machine.chip')
  const short = what.length > 22 ? `${what.slice(0, 21)}…` : what
  return share === undefined ? short : say('machine.chip.share', { step: short, share: Math.round(share * 100) })
}
