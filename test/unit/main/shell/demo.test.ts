import { expect, test } from 'vitest'
import { wordsIn } from '#main/reports/words.ts'
import { demo } from '#main/shell/demo.ts'

test('the sample batch: every card good, a jam and an empty hopper on the way, the sum comes out, the journal holds', async () => {
  const lines: string[] = []
  await demo(wordsIn('en', 'UTC'), (line) => lines.push(line))
  const text = lines.join('\n')
  expect(text).toContain('25 cards')
  expect(text).toMatch(/Hopper empty\. The operator: /)
  expect(text).toContain('It is spoiled')
  expect(text.match(/J-000001\/\d+\.\d+ .* good /g)).toHaveLength(25)
  expect(text.match(/J-000001\/\d+\.\d+ .* rejected /g)).toHaveLength(1)
  expect(text).toContain('26 picked = 25 good + 1 rejected + 0 in doubt')
  expect(text).toMatch(/The journal holds: \d+ rows/)
  expect(text).toMatch(/Head of the chain: [0-9a-f]{64}$/)
  expect(lines.slice(0, -1).join('\n')).not.toMatch(/\d{12}/)
})
