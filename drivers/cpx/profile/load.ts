/** From a JSON document to a profile: the inheritance, the schema, what the schema can't see, every mistake with its path. */
import type { z } from 'zod'
import { CardwrightError, type Fault } from '#shared/faults.ts'
import { ProfileDocument, type Mode, type Status } from './schema.ts'

/** A profile that has been checked. What the document took away with `null` is gone. */
export interface Profile extends Omit<ProfileDocument, 'statuses' | 'fonts' | 'modes'> {
  statuses: ReadonlyMap<string, Status>
  fonts: readonly ProfileFont[]
  modes: ReadonlyMap<string, Mode>
}

type FontName = keyof ProfileDocument['fonts']
export type ProfileFont = NonNullable<ProfileDocument['fonts'][FontName]> & { name: FontName }

type Json = Record<string, unknown>

/**
 * Reads a profile. With `extends`, the document overrides the named one of `known`: objects key by key, everything else
 * whole; `null` for a status, font or mode says that this machine has none.
 * Throws `profile.invalid` (class data), one fault for each mistake; `place` is its path, such as `modes.standard.lag`.
 */
export function loadProfile(document: unknown, known: readonly unknown[]): Profile {
  const whole = inherit(document, known)
  const parsed = ProfileDocument.safeParse(whole)
  const mistakes = parsed.success ? contradictions(parsed.data) : parsed.error.issues.flatMap((issue) => faultsOfIssue(issue, whole))
  const [first, ...others] = mistakes
  if (first !== undefined) throw new CardwrightError([first, ...others])
  return profileOf(parsed.data as ProfileDocument)
}

function profileOf(document: ProfileDocument): Profile {
  return {
    ...document,
    statuses: present(document.statuses),
    fonts: Array.from(present(document.fonts), ([name, font]) => ({ ...font, name: name as FontName })),
    modes: present(document.modes),
  }
}

function present<Value>(record: Partial<Record<string, Value | null>>): Map<string, Value> {
  return new Map(Object.entries(record).filter((entry): entry is [string, Value] => entry[1] !== null && entry[1] !== undefined))
}

function inherit(document: unknown, known: readonly unknown[]): unknown {
  if (!isObject(document) || !Object.hasOwn(document, 'extends')) return document
  const { extends: name, ...own } = document
  const base = known.find((candidate): candidate is Json => isObject(candidate) && candidate['profile'] === name)
  if (base === undefined) {
    const names = known.flatMap((candidate) => (isObject(candidate) ? [String(candidate['profile'])] : []))
    throw new CardwrightError(invalid('extends', 'unknown_base', { expected: names.join(', ') }))
  }
  return merge(inherit(base, known.filter((candidate) => candidate !== base)), own)
}

function merge(base: unknown, own: unknown): unknown {
  if (!isObject(base) || !isObject(own)) return own
  const merged: Json = { ...base }
  for (const [key, value] of Object.entries(own)) merged[key] = merge(base[key], value)
  return merged
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function faultsOfIssue(issue: z.core.$ZodIssue, document: unknown): Fault[] {
  const path = pathOf(issue.path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => invalid(pathOf([...issue.path, key]), 'unknown_key'))
    case 'invalid_type':
      if (valueAt(document, issue.path) === undefined) return [invalid(path, 'missing')]
      return [invalid(path, 'wrong_type', { expected: issue.expected })]
    case 'invalid_value':
      return [invalid(path, 'not_allowed', { expected: issue.values.map(String).join(', ') })]
    case 'invalid_key':
      return [invalid(path, 'unknown_key')]
    default:
      return [invalid(path, 'not_allowed', { expected: issue.message })]
  }
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined), document)
}

/** `modes.standard.accept[0]` */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`), '')
}

function invalid(place: string, problem: string, values: { expected?: string } = {}): Fault {
  const path = place === '' ? '$' : place
  return { code: 'profile.invalid', class: 'data', place: path, values: { place: path, problem, expected: '', ...values } }
}

/** What each field allows, and the profile as a whole does not. */
function contradictions(document: ProfileDocument): Fault[] {
  const faults: Fault[] = []
  const refer = (place: string, name: string, among: object) => {
    const value = (among as Json)[name]
    if (value === undefined || value === null) faults.push(invalid(place, 'not_defined', { expected: Object.keys(among).join(', ') }))
  }
  for (const [name, mode] of Object.entries(document.modes)) {
    for (const key of ['accept', 'complete', 'formatAnswer'] as const) {
      mode?.[key].forEach((status, index) => refer(`modes.${name}.${key}[${index}]`, status, document.statuses))
    }
    if (mode?.readyUnasked === true && (mode.enquireBefore || mode.enquireBetween || mode.enquireAfter)) {
      faults.push(invalid(`modes.${name}.readyUnasked`, 'contradicts', { expected: `modes.${name}.enquireBefore, enquireBetween, enquireAfter` }))
    }
  }
  if (Object.values(document.modes).every((mode) => mode === null)) faults.push(invalid('modes', 'missing'))
  if (Object.values(document.fonts).every((font) => font === null)) faults.push(invalid('fonts', 'missing'))
  if (document.characterMap !== null) refer('characterMap', document.characterMap, document.characterMaps)
  if (document.voidPattern !== null) refer('voidPattern.font', document.voidPattern.font, document.fonts)
  for (const [name, map] of Object.entries(document.characterMaps)) {
    for (const letter of Object.keys(map.letters)) {
      if (Array.from(letter).length !== 1) faults.push(invalid(`characterMaps.${name}.letters.${letter}`, 'not_one_character'))
    }
  }
  return faults
}
