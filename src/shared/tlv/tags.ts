/** What the tags of payment cards mean, for people and for filling data object lists. */
import type { Words } from '../chip/status-words.ts'
import { emvTags } from './tags-emv.ts'
import { furtherTags } from './tags-further.ts'

/** EMV 4.3 Book 3, 4.3: `t` is a template, whose value is data objects. */
export type TagFormat = 'a' | 'an' | 'ans' | 'b' | 'cn' | 'n' | 'dol' | 't'
export type TagSource = 'card' | 'terminal' | 'issuer'

export interface TagMeaning {
  tag: string
  name: Words
  format: TagFormat
  /** Bytes; undefined where the standard sets no bound. */
  minimum: number | undefined
  maximum: number | undefined
  /** Where the value comes from in a transaction. */
  source: TagSource
  /** Who says so: EMV 4.3 Book 1 or 3, EMV Contactless, EMV CPS, GlobalPlatform, ISO/IEC 7816-4, or a payment system. */
  standard: 'EMV' | 'contactless' | 'CPS' | 'GlobalPlatform' | 'ISO 7816' | 'Visa' | 'Mastercard'
}

/** Tag, format, shortest and longest value in bytes, source, name in English and in Russian. */
export type TagRow = readonly [tag: string, format: TagFormat, minimum: number | undefined, maximum: number | undefined, source: TagSource, en: string, ru: string]

function meaning([tag, format, minimum, maximum, source, en, ru]: TagRow, standard: TagMeaning['standard']): [string, TagMeaning] {
  return [tag, { tag, name: { en, ru }, format, minimum, maximum, source, standard }]
}

const meanings = new Map<string, TagMeaning>([
  ...furtherTags.flatMap(({ standard, rows }) => rows.map((row) => meaning(row, standard))),
  // Where two give one tag a meaning, EMV's own stands.
  ...emvTags.map((row) => meaning(row, 'EMV')),
])

/** `tag`: upper-case hex. Undefined for a tag that is in no standard here. */
export function tagMeaning(tag: string): TagMeaning | undefined {
  return meanings.get(tag)
}

/** All of them, for a list to choose from. */
export const knownTags: readonly TagMeaning[] = [...meanings.values()].toSorted((a, b) => (a.tag < b.tag ? -1 : 1))
