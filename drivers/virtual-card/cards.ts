/** Every type of practice card: what it is, and how one comes to be. */
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import { createFrame } from './frame.ts'
import type { FrameParts } from './frame.ts'
import { globalPlatformKinds } from './global-platform/kinds.ts'
import { multosKinds } from './multos/kinds.ts'
import { nativeKinds } from './native/kinds.ts'
import { parseSaved } from './saved.ts'
import type { CardOptions, VirtualCard } from './virtual-card.ts'

/** A type of card; `system` makes the operating system of one of them. */
export interface CardKind extends Pick<FrameParts, 'protocol' | 'answerToReset' | 'memory'> {
  description: string
  system(options: CardOptions): FrameParts['system']
}

const kinds: Readonly<Record<PracticeCardType, CardKind>> = {
  ...globalPlatformKinds,
  ...nativeKinds,
  ...multosKinds,
}

/** For the command line's help, in the order of the schema. */
export const practiceCardTypes: readonly { type: PracticeCardType; description: string }[] = Object.entries(kinds).map(([type, kind]) => ({
  type: type as PracticeCardType,
  description: kind.description,
}))

/** A card fresh from the factory. */
export function createCard(type: PracticeCardType, options: CardOptions): VirtualCard {
  return createFrame({ ...partsOf(type, options), type, options })
}

/** A card as it was saved. Throws `virtual-card.unreadable` (class data). */
export function restoreCard(saved: unknown): VirtualCard {
  const card = parseSaved(saved)
  return createFrame({ ...partsOf(card.type, card.options), type: card.type, options: card.options, saved: card })
}

function partsOf(type: PracticeCardType, options: CardOptions): Omit<FrameParts, 'type' | 'options' | 'saved'> {
  const { protocol, answerToReset, memory, system } = kinds[type]
  return { protocol, answerToReset, memory, system: system(options) }
}
