import { describe, expect, test } from 'vitest'
import { capabilitiesOf, framingOf, limitsOf, loadProfile, modeOf, profileSummary, shippedDocuments, shippedProfiles } from '#drivers/cpx/profile.ts'
import type { Profile } from '#drivers/cpx/profile.ts'
import { CardwrightError, type Fault } from '#shared/faults.ts'
import { DeviceLimits } from '#shared/device/limits.ts'
import type { ProfileSummary } from '#shared/contract/calls.ts'
import { device as deviceTexts } from '#shared/texts/device.ts'

const shipped = (name: string) => {
  const profile = shippedProfiles.find((candidate) => candidate.profile === name)
  if (profile === undefined) throw new Error(name)
  return profile
}

function mistakesOf(document: unknown): readonly Fault[] {
  try {
    loadProfile(document, shippedDocuments)
  } catch (error) {
    if (error instanceof CardwrightError) return error.faults
    throw error
  }
  return []
}

const site = (overrides: object) => ({ extends: 'dc450', profile: 'site', ...overrides })

describe('the profiles that ship', () => {
  test('are the three machines, each with its modes', () => {
    expect(shippedProfiles.map(({ profile, modes }) => [profile, [...modes.keys()]])).toEqual([
      ['dc450', ['standard', 'magstripe-fast', 'chip-fast']],
      ['dc280p', ['standard', 'legacy-unsolicited']],
      ['dc150i', ['standard', 'legacy-unsolicited']],
    ])
  })

  test.each(shippedProfiles.map((profile) => [profile.profile, profile] as const))('%s claims nothing that is not known', (_, profile) => {
    expect(profile.evidence.map(({ statement }) => statement)).toContain('evidence.no-capture')
    for (const [letter, status] of profile.statuses) {
      if (status.class !== 'ok' && status.class !== 'retry' && status.class !== 'done') expect([letter, status.card]).toEqual([letter, 'unknown'])
    }
    expect(profile.verbs.reject).toBeNull()
    expect(profile.verbs.message).toBeNull()
  })

  test.each(shippedProfiles.map((profile) => [profile.profile, profile] as const))('%s has a sentence for everything it says', (_, profile) => {
    for (const texts of [deviceTexts.en, deviceTexts.ru] as Record<string, string>[]) {
      for (const { reason } of profile.statuses.values()) expect(texts).toHaveProperty([`reason.${reason}`])
      for (const { statement } of profile.evidence) expect(texts).toHaveProperty([statement])
    }
  })

  test('what they offer satisfies the shapes that the screen and the design checks expect', () => {
    for (const profile of shippedProfiles) {
      const summary: ProfileSummary = profileSummary(profile)
      expect(summary.modes).not.toEqual([])
      for (const mode of profile.modes.values()) DeviceLimits.parse(limitsOf(profile, mode))
    }
  })

  test('the 450 feeds cards to its stripe reader and has no reject verb: it spoils by a void pattern', () => {
    const profile = shipped('dc450')
    expect(capabilitiesOf(profile, modeOf(profile, 'standard'))).toEqual({
      carries: ['stripe', 'emboss', 'indent', 'topping', 'deliver'],
      completionLag: 0,
      rejectWay: 'void-pattern',
      canReadStripe: true,
      chip: { stations: ['chip'], feed: 'by-command', holds: 1 },
      missingVerbs: ['message', 'reject'],
    })
    expect(capabilitiesOf(profile, modeOf(profile, 'chip-fast'))).toMatchObject({ completionLag: 1, chip: { feed: 'by-itself', holds: 2 } })
  })

  test('a chip station is offered where the machine, the mode and its verbs have one, and nowhere else', () => {
    const chipOf = (profile: Profile, mode: string) => capabilitiesOf(profile, modeOf(profile, mode)).chip
    expect(chipOf(shipped('dc450'), 'magstripe-fast')).toBeNull()
    expect(chipOf(shipped('dc150i'), 'standard')).toBeNull()
    expect(chipOf(shipped('dc280p'), 'standard')).toBeNull()
    const site = { extends: 'dc280p', profile: 'site', chip: { stations: ['gem'], evidence: '1' } }
    expect(chipOf(loadProfile(site, shippedDocuments), 'standard')).toBeNull()
    expect(chipOf(loadProfile({ ...site, verbs: { feed: 'FED' } }, shippedDocuments), 'standard')).toEqual({ stations: ['gem'], feed: 'by-command', holds: 1 })
  })

  test('the 150i takes templates with any start, and the classic form in its older mode', () => {
    const profile = shipped('dc150i')
    expect(limitsOf(profile, modeOf(profile, 'standard')).horizontalStarts).toBe('any')
    expect(limitsOf(profile, modeOf(profile, 'legacy-unsolicited')).horizontalStarts).toBe('first-and-others')
    expect(framingOf(profile, modeOf(profile, 'legacy-unsolicited'))).toMatchObject({ form: 'classic', formatConstant: '08' })
  })

  test('the Cyrillic map is one to one and stands ready, but Latin wheels are what a machine has until somebody says otherwise', () => {
    const profile = shipped('dc450')
    expect(limitsOf(profile, modeOf(profile, 'standard')).characterMap).toEqual({})
    expect(Object.entries(profile.characterMaps['cyrillic-wheel']?.letters ?? {}).map((pair) => pair.join('')).join(' ')).toBe(
      'АA Бa ВB Гb Дc ЕE ЁE Жd Зe Иf Йu КK Лg МM НH ОO Пh РP СC ТT Уi Фj ХX Цl Чm Шn Щo Ъp Ыq Ьv Эr Юs Яt',
    )
  })
})

describe('a site completes a profile without code', () => {
  test('a reject verb from the manual, and what H leaves behind', () => {
    const profile = loadProfile(site({ verbs: { reject: { token: 'RJT', ends: 'complete' } }, statuses: { H: { card: 'inside' } } }), shippedDocuments)
    expect(profile.profile).toBe('site')
    expect(profile.statuses.get('H')).toMatchObject({ reason: 'stripe-module-error', card: 'inside' })
    expect(capabilitiesOf(profile, modeOf(profile, 'standard'))).toMatchObject({ rejectWay: 'reject-verb', missingVerbs: ['message'] })
  })

  test('a Cyrillic wheel', () => {
    const profile = loadProfile(site({ characterMap: 'cyrillic-wheel' }), shippedDocuments)
    const limits = limitsOf(profile, modeOf(profile, 'standard'))
    const gothic = limits.fonts.find(({ name }) => name === 'gothic')
    for (const position of Object.values(limits.characterMap)) expect(gothic?.characters).toContain(position)
  })

  test('null takes a status, a font or a mode away', () => {
    const profile = loadProfile(site({ statuses: { B: null }, fonts: { 'ocr-b': null }, modes: { 'chip-fast': null } }), shippedDocuments)
    expect(profile.statuses.has('B')).toBe(false)
    expect(profile.fonts.map(({ name }) => name)).not.toContain('ocr-b')
    expect([...profile.modes.keys()]).toEqual(['standard', 'magstripe-fast'])
  })

  test('a site may extend what another site wrote', () => {
    const first = site({ line: { baudRate: 19_200 } })
    const second = { extends: 'site', profile: 'branch', model: 'The one by the window' }
    expect(loadProfile(second, [...shippedDocuments, first])).toMatchObject({ profile: 'branch', line: { baudRate: 19_200, dataBits: 8 } })
  })
})

describe('mistakes', () => {
  test('all of them at once, each with its path', () => {
    const faults = mistakesOf(
      site({
        colour: 'grey',
        line: { baudRate: 'fast' },
        statuses: { H: { crad: 'inside', card: 'hopper' }, '7': null },
        modes: { standard: { lag: 2, accept: [] } },
      }),
    )
    expect(faults.map(({ place, values }) => [place, values?.['problem']])).toEqual(
      expect.arrayContaining([
        ['colour', 'unknown_key'],
        ['line.baudRate', 'wrong_type'],
        ['statuses.H.crad', 'unknown_key'],
        ['statuses.H.card', 'not_allowed'],
        ['statuses.7', 'unknown_key'],
        ['modes.standard.lag', 'not_allowed'],
        ['modes.standard.accept', 'not_allowed'],
      ]),
    )
    for (const fault of faults) expect(fault).toMatchObject({ code: 'profile.invalid', class: 'data' })
  })

  test.each([
    [{}, 'profile', 'missing'],
    ['text', '$', 'wrong_type'],
    [site({ extends: 'dc9000' }), 'extends', 'unknown_base'],
    [{ extends: 'site', profile: 'site' }, 'extends', 'unknown_base'],
    [site({ characterMap: 'greek' }), 'characterMap', 'not_defined'],
    [site({ modes: { standard: { complete: ['Y'] } } }), 'modes.standard.complete[0]', 'not_defined'],
    [site({ statuses: { C: null } }), 'modes.standard.complete[0]', 'not_defined'],
    [site({ fonts: { gothic: null } }), 'voidPattern.font', 'not_defined'],
    [site({ modes: { standard: { readyUnasked: true } } }), 'modes.standard.readyUnasked', 'contradicts'],
    [site({ modes: { standard: null, 'magstripe-fast': null, 'chip-fast': null } }), 'modes', 'missing'],
    [site({ characterMaps: { greek: { letters: { ΑΒ: 'A' }, characters: {} } } }), 'characterMaps.greek.letters.ΑΒ', 'not_one_character'],
  ])('%j', (document, place, problem) => {
    expect(mistakesOf(document).map((fault) => [fault.place, fault.values?.['problem']])).toContainEqual([place, problem])
  })

  test('a mode that the profile lacks', () => {
    expect(() => modeOf(shipped('dc150i'), 'chip-fast')).toThrow(/profile\.no-such-mode/)
  })
})
