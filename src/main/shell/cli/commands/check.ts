/** Checks of documents that lie in files: card designs and machine profiles. Nothing is opened and nobody signs in. */
import { readFileSync } from 'node:fs'
import { checkDesign } from '#shared/design/check.ts'
import { parseDesignText } from '#shared/design/parse-design.ts'
import { CardwrightError, type Fault } from '#shared/faults.ts'
import { limitsOf, loadProfile, modeOf, profileSummary, shippedDocuments, shippedProfiles } from '#drivers/cpx/profile.ts'
import { Ending, exitCode, faultLines } from '../report.ts'
import type { Setting } from '../setting.ts'

export function checkDesignFile(setting: Setting, path: string, { profile: name }: { profile?: string }): void {
  const reading = parseDesignText(read(path))
  if (!reading.ok) return refuse(setting, path, reading.mistakes)
  const profile = name === undefined ? undefined : shippedProfiles.find((candidate) => candidate.profile === name)
  if (name !== undefined && profile === undefined) throw new CardwrightError({ code: 'device.no-profile', class: 'operator', values: { profile: name } })
  const mode = profile?.modes.keys().next().value
  const limits = profile && mode !== undefined ? limitsOf(profile, modeOf(profile, mode)) : undefined
  const mistakes = checkDesign(reading.design, limits)
  if (mistakes.length > 0) return refuse(setting, path, mistakes)
  const { id, name: title, lines } = reading.design
  setting.terminal.print(setting.words.say('cli.design.holds', { design: id, name: title[setting.words.language] ?? title.en, lines: lines.length }))
}

export function checkProfileFile(setting: Setting, path: string): void {
  const { words, terminal } = setting
  const profile = loadedProfile(setting, path)
  const { model, modes, missingVerbs, evidence } = profileSummary(profile)
  terminal.print(words.say('cli.profile.holds', { profile: profile.profile, model, modes: modes.join(', ') }))
  if (missingVerbs.length > 0) terminal.print(words.say('cli.profile.missing', { verbs: missingVerbs.join(', ') }))
  for (const line of evidence) terminal.print(`  · ${words.sayIfKnown(line) ?? line}`)
}

function loadedProfile(setting: Setting, path: string) {
  let document: unknown
  try {
    document = JSON.parse(read(path))
  } catch (thrown) {
    if (thrown instanceof CardwrightError) throw thrown
    throw new CardwrightError({ code: 'cli.not-json', class: 'data', place: path })
  }
  try {
    return loadProfile(document, shippedDocuments)
  } catch (thrown) {
    if (thrown instanceof CardwrightError) return refuse(setting, path, thrown.faults)
    throw thrown
  }
}

/** Says every mistake, and ends with the code for that. */
function refuse({ words, terminal }: Setting, path: string, mistakes: readonly Fault[]): never {
  for (const line of faultLines(words, mistakes)) terminal.complain(line)
  terminal.complain(words.say('cli.mistakes', { file: path, count: mistakes.length }))
  throw new Ending(exitCode.found)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CardwrightError({ code: 'cli.no-file', class: 'operator', values: { file: path } }, { cause })
  }
}
