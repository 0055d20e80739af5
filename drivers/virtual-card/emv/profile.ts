/**
 * What differs between payment systems, as tables: which data groupings mean what (EMV CPS leaves those above 9200 and A000 to them), how
 * cryptograms are computed, what GET DATA tells and PUT DATA changes. `docs/virtual-cards.md` describes them for people.
 */
import type { CryptogramVersion } from './cryptogram.ts'
import { mchipProfile, mchipVersions } from './profiles/mchip.ts'
import { visaProfile, visaVersions } from './profiles/visa.ts'
import type { DesKeyUse, RsaKeyUse } from './state.ts'

/** What a grouping holds. A grouping below 1F00 that a table does not name is the record its identifier says. */
export type GroupingMeaning =
  /** Data objects of BER-TLV, one after the other: each becomes the data element of its tag. What is none is wrong, or kept as it came. */
  | { kind: 'tags'; otherwise?: 'kept' }
  /** Values without tags, one after the other. */
  | { kind: 'fields'; fields: readonly { tag: string; length: number }[] }
  /** Double length DES keys; fewer may come. */
  | { kind: 'keys'; keys: readonly DesKeyUse[]; secret: true }
  /** Check values, three bytes each, of keys that come before or after. */
  | { kind: 'check-values'; keys: readonly DesKeyUse[] }
  | { kind: 'pin'; secret: true }
  | { kind: 'rsa'; key: RsaKeyUse; part: 'p' | 'q' | 'dp' | 'dq' | 'qinv' | 'n' | 'd'; secret: boolean }
  /** Content of the FCI proprietary template, with or without its tag A5. */
  | { kind: 'fci' }
  /** AIP and AFL: as data objects, or as the answer of GET PROCESSING OPTIONS in format 1 or 2. */
  | { kind: 'processing-options' }
  /** Kept, of no use here: another interface's data, and what this card does without. */
  | { kind: 'kept'; secret: boolean }

export type Scheme = 'visa' | 'mchip'

export interface EmvProfile {
  scheme: Scheme
  groupings: Readonly<Record<string, GroupingMeaning>>
  /** Format of answers where personalization does not say (Book 3, 6.5.8.4). */
  responseFormat: '80' | '77'
  /** Beyond those of Book 3, 6.5.7.2. */
  getData: readonly string[]
  /** What issuers' scripts may change: data elements, by PUT DATA. */
  putData: readonly string[]
  /** Length of 9F4C, which is also what INTERNAL AUTHENTICATE signs (Book 2, 6.5.1: 2 to 8). */
  dynamicNumber: number
}

/** What all groupings mean that EMV CPS itself defines (1.1, annex A; 2.0, annex A). */
export const commonGroupings: Readonly<Record<string, GroupingMeaning>> = {
  '8000': { kind: 'keys', keys: ['ac', 'smi', 'smc'], secret: true },
  '9000': { kind: 'check-values', keys: ['ac', 'smi', 'smc'] },
  '8010': { kind: 'pin', secret: true },
  '9010': { kind: 'fields', fields: [{ tag: '9F17', length: 1 }, { tag: 'C6', length: 1 }] },
  '8101': { kind: 'rsa', key: 'icc', part: 'd', secret: true },
  '8102': { kind: 'rsa', key: 'pin', part: 'd', secret: true },
  '8103': { kind: 'rsa', key: 'icc', part: 'n', secret: true },
  '8104': { kind: 'rsa', key: 'pin', part: 'n', secret: true },
  '8201': { kind: 'rsa', key: 'icc', part: 'qinv', secret: true },
  '8202': { kind: 'rsa', key: 'icc', part: 'dq', secret: true },
  '8203': { kind: 'rsa', key: 'icc', part: 'dp', secret: true },
  '8204': { kind: 'rsa', key: 'icc', part: 'q', secret: true },
  '8205': { kind: 'rsa', key: 'icc', part: 'p', secret: true },
  '8301': { kind: 'rsa', key: 'pin', part: 'qinv', secret: true },
  '8302': { kind: 'rsa', key: 'pin', part: 'dq', secret: true },
  '8303': { kind: 'rsa', key: 'pin', part: 'dp', secret: true },
  '8304': { kind: 'rsa', key: 'pin', part: 'q', secret: true },
  '8305': { kind: 'rsa', key: 'pin', part: 'p', secret: true },
  '9102': { kind: 'fci' },
  '9103': { kind: 'kept', secret: false },
  '9104': { kind: 'processing-options' },
  '9200': { kind: 'tags' },
}

export const cryptogramVersions: Readonly<Record<Scheme, Readonly<Record<number, CryptogramVersion>>>> = { visa: visaVersions, mchip: mchipVersions }

/** By the registered application provider of an AID (Book 1, 12.2.1). Schemes that are not known here are near to Visa's. */
export function profileOf(identifier: Uint8Array): EmvProfile {
  const provider = Buffer.from(identifier.subarray(0, 5)).toString('hex').toUpperCase()
  return mchipProviders.has(provider) ? mchipProfile : visaProfile
}

const mchipProviders: ReadonlySet<string> = new Set(['A000000004', 'A000000005'])
