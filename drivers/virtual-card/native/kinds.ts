/** The native practice cards, one for each mask. */
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import { fromHex } from '#shared/bytes.ts'
import { answerToReset } from '../answer-to-reset.ts'
import type { CardKind } from '../cards.ts'
import { PaymentProgram } from './payment.ts'
import { NativeSystem } from './system.ts'
import type { Mask, NativeProgram } from './system.ts'
import { WalletProgram } from './wallet.ts'

/** A publicly known value, for practice alone: KMC of every native practice card. */
export const practiceMaster = fromHex('404142434445464748494A4B4C4D4E4F')

export type NativeType = Extract<PracticeCardType, `native-${string}`>

const fileSystemAlone = (): NativeProgram => ({ process: () => undefined })

const masks: Readonly<Record<NativeType, Mask & { description: string }>> = {
  'native-vsdc': { number: 1, master: practiceMaster, programs: { vsdc: () => new PaymentProgram() }, description: 'native card, VSDC-like payment application as files' },
  'native-mchip': { number: 2, master: practiceMaster, programs: { mchip: () => new PaymentProgram() }, description: 'native card, M/Chip-Lite-like payment application as files' },
  'native-wallet': { number: 3, master: practiceMaster, programs: { wallet: () => new WalletProgram() }, description: 'native card with loyalty points and a purse' },
  'native-id': { number: 4, master: practiceMaster, programs: { identification: fileSystemAlone }, description: 'native card for identification' },
}

/** 43 57 4E, mask, version, then as if normally done. */
const historical = (mask: number) => Uint8Array.of(0x43, 0x57, 0x4e, mask, 0x01, 0x90, 0x00)

function kind(type: NativeType): CardKind {
  const mask = masks[type]
  return {
    description: mask.description,
    protocol: 'T=0',
    answerToReset: answerToReset('T=0', historical(mask.number)),
    memory: 32 * 1024,
    system: () => new NativeSystem(mask),
  }
}

export const nativeKinds: Readonly<Record<NativeType, CardKind>> = {
  'native-vsdc': kind('native-vsdc'),
  'native-mchip': kind('native-mchip'),
  'native-wallet': kind('native-wallet'),
  'native-id': kind('native-id'),
}
