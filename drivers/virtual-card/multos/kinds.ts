/** The MULTOS-like practice card. */
import { answerToReset, historicalBytes } from '../answer-to-reset.ts'
import type { CardKind } from '../cards.ts'
import { MultosSystem } from './system.ts'

export const multosKinds: Readonly<Record<'multos', CardKind>> = {
  multos: {
    description: 'MULTOS-like card, applications as load units',
    protocol: 'T=0',
    answerToReset: answerToReset('T=0', historicalBytes('CWMULTO')),
    memory: 64 * 1024,
    system: () => new MultosSystem(),
  },
}
