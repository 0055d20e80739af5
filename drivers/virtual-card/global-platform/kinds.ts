/** The GlobalPlatform cards to practise on. */
import type { PracticeCardType } from '#shared/chip/practice-card.ts'
import { answerToReset, historicalBytes } from '../answer-to-reset.ts'
import type { ApplicationProgram } from '../application.ts'
import type { CardKind } from '../cards.ts'
import { directoryProgram, paymentProgram } from '../emv/programs.ts'
import { diversificationData, emvCpsKeys, kdf3Keys, masterKeys } from './practice-keys.ts'
import { cardLife } from './registry.ts'
import { GlobalPlatformSystem } from './system.ts'
import type { GlobalPlatformProfile } from './system.ts'

/** The usual AID of an issuer security domain (GlobalPlatform 2.3, H.1.3). */
const issuer = 'A000000151000000'

/** Executable load files in the ROM of the practice cards. */
const programs: readonly ApplicationProgram[] = [paymentProgram, directoryProgram]

const memory = 72 * 1024

/** Blanks come INITIALIZED, with keys of version 01. */
const blank = { issuer, keyVersion: 0x01, life: cardLife.initialized, diversification: diversificationData, programs }

interface BlankProfile extends GlobalPlatformProfile {
  master: Uint8Array
}

/** Test cards as they are sold: every key is the master key, and its version that of a card that has no keys of anybody's yet. */
const plain = ({ master }: BlankProfile) => ({ keyVersion: 0xff, keys: () => ({ encryption: master, mac: master, data: master }) })

const scp02 = (parameter: number): BlankProfile => ({ ...blank, protocol: 2, parameter, master: masterKeys[16], keys: (data) => emvCpsKeys(masterKeys[16], data) })

const scp03 = (length: 16 | 24 | 32, parameter: number): BlankProfile => ({ ...blank, protocol: 3, parameter, master: masterKeys[length], keys: (data) => kdf3Keys(masterKeys[length], data) })

/** One speaks T=0, the others T=1 with extended lengths. `name`: for the historical bytes. */
function kind(description: string, protocol: 'T=0' | 'T=1', name: string, profile: BlankProfile): CardKind {
  const historical = historicalBytes(name, [0x00, 0x01, protocol === 'T=1' ? 0xc0 : 0x80])
  return { description, protocol, answerToReset: answerToReset(protocol, historical), memory, system: ({ keys }) => new GlobalPlatformSystem(keys === 'plain' ? { ...profile, ...plain(profile) } : profile) }
}

type GlobalPlatformType = Extract<PracticeCardType, `gp-${string}`>

export const globalPlatformKinds: Record<GlobalPlatformType, CardKind> = {
  'gp-scp02-15': kind('GlobalPlatform card, SCP02 i=15, T=0', 'T=0', 'CWGP215', scp02(0x15)),
  'gp-scp02-55': kind('GlobalPlatform card, SCP02 i=55, T=1', 'T=1', 'CWGP255', scp02(0x55)),
  'gp-scp03-128': kind('GlobalPlatform card, SCP03 i=70 with AES-128, T=1', 'T=1', 'CWGP316', scp03(16, 0x70)),
  'gp-scp03-192': kind('GlobalPlatform card, SCP03 i=60 with AES-192, T=1', 'T=1', 'CWGP324', scp03(24, 0x60)),
  'gp-scp03-256': kind('GlobalPlatform card, SCP03 i=70 with AES-256, T=1', 'T=1', 'CWGP332', scp03(32, 0x70)),
}
