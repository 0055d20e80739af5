/** What hands do to a practice machine before a question is answered, where there is no screen to do it on. */
import type { SimulatorAction } from '#shared/device/simulator.ts'
import type { Prompt } from '#shared/job/job.ts'
import type { Client } from './client.ts'

const handWork: Partial<Record<Prompt['reason']['action'], SimulatorAction>> = {
  'refill-hopper': { do: 'refill', blanks: 60, chip: 'gp-scp02-55' },
  'empty-output-tray': { do: 'empty-tray', tray: 'output' },
  'empty-reject-tray': { do: 'empty-tray', tray: 'reject' },
  'close-cover': { do: 'cover', open: false },
  'clear-jam': { do: 'clear-jam' },
  'change-foil': { do: 'change-foil' },
  'change-ribbon': { do: 'change-ribbon' },
  'look-at-machine': { do: 'clear-jam' },
}

/** Puts the practice machine right as the question asks for. */
export async function putRight(client: Client, { device, reason, kind }: Prompt): Promise<void> {
  const action = kind === 'remove-card' ? ({ do: 'clear-jam' } as const) : handWork[reason.action]
  if (action) await client.call('simulator.act', { device, action })
}
