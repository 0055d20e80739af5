import { expect, test } from 'vitest'
import { lineOfMistake, lineOfPath } from '../../../../src/renderer/feature/chip/mistake-lines.ts'

const source = `{
  "id": "a, \\"b\\" }",
  "card": { "serial": { "from": "cplc" } },
  "applications": [
    { "application": "x", "verify": [] },
    {
      "application": "y",
      "verify": [
        { "read": "data" }
      ]
    }
  ]
}`

test('a mistake is found by its path, as deep as the document goes', () => {
  expect(lineOfPath('id', source)).toBe(2)
  expect(lineOfPath('card.serial.from', source)).toBe(3)
  expect(lineOfPath('applications[1].application', source)).toBe(7)
  expect(lineOfPath('applications[1].verify[0].group', source)).toBe(9)
  expect(lineOfPath('applications[0].scapp', source)).toBe(5)
  expect(lineOfPath('nothing', source)).toBe(1)
  expect(lineOfPath('card', '')).toBe(1)
})

test('a line that is told goes before', () => {
  expect(lineOfMistake({ line: 7, place: 'id' }, source)).toBe(7)
  expect(lineOfMistake({ place: 'line 4' }, source)).toBe(4)
  expect(lineOfMistake({ place: 'emv-cps:12' }, source)).toBe(12)
  expect(lineOfMistake({}, source)).toBe(1)
})
