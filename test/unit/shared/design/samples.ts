import { readFileSync } from 'node:fs'
import type { DeviceLimits, Font } from '#shared/device/limits.ts'
import type { CardDesign } from '#shared/design/design.ts'
import { parseDesignText } from '#shared/design/parse-design.ts'

export const templates = ['debit-card', 'loyalty-card', 'id-card', 'bureau-card', 'chip-debit-card'] as const

/** A design that ships with the program. */
export function template(name: (typeof templates)[number]): CardDesign {
  const reading = parseDesignText(readFileSync(new URL(`../../../../assets/templates/${name}.json`, import.meta.url), 'utf8'))
  if (!reading.ok) throw new Error(JSON.stringify(reading.mistakes))
  return reading.design
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const font = (name: Font['name'], number: number, more: Partial<Font>): Font => ({
  name, number, kind: 'emboss', side: 'front', pitch: 2540, height: 3000, mirrored: false, characters: `${letters}0123456789 -./'`, ...more,
})

/** A machine of the classic form, as strict as any that is known. */
export const machine: DeviceLimits = {
  fonts: [
    font('gothic', 1, {}),
    font('farrington-7b', 2, { pitch: 3630, height: 4100, characters: '0123456789' }),
    font('indent-back', 4, { kind: 'indent', side: 'back', pitch: 1700, height: 2000, mirrored: true }),
  ],
  characterMap: {},
  maximumLines: 11,
  horizontalStarts: 'first-and-others',
  area: { plain: { left: 2540, right: 83_185, bottom: 3429, top: 37_084 }, topping: { left: 7112, right: 76_835, bottom: 3429, top: 21_844 } },
  unit: 25.4,
  tracks: [1, 2],
  maximumFrameBytes: null,
}

export const debitRecord = {
  number: '4000001234567899', expiry: '2029-12', name: 'Ivan Petrov', company: '', service_code: '201', pvv: '1234', cvv: '567', cvv2: '890',
}
