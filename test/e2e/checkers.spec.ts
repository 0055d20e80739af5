/** The suite's own eyes: that they see what they are meant to find. */
import { whatDoesNotFit } from './support/fit.ts'
import { numbersIn } from './support/numbers.ts'
import { expect, test } from './support/test.ts'

test('what is cut off is found: clipped words, columns that do not fit, things beyond the edge', async ({ page }) => {
  const sound = '<!doctype html><main style="width:600px"><h1>Jobs</h1><button>Import a file</button></main>'
  await page.setContent(sound)
  expect(await whatDoesNotFit(page)).toEqual([])

  await page.setContent(`${sound}<button style="width:60px;overflow:hidden;white-space:nowrap">Import a file of cardholders</button>`)
  expect(await whatDoesNotFit(page)).toEqual([expect.stringMatching(/^too wide by \d+: button/)])

  await page.setContent(`${sound}<p style="height:12px;overflow:hidden">two<br>lines</p>`)
  expect(await whatDoesNotFit(page)).toEqual([expect.stringMatching(/^too high by \d+: p/)])

  await page.setContent(`${sound}<style>body{overflow:hidden}</style><a href="#" style="position:absolute;left:1270px">Log</a>`)
  expect(await whatDoesNotFit(page)).toContainEqual(expect.stringMatching(/^beyond the edge: a/))

  await page.setContent(`${sound}<div role="grid" aria-label="Log" style="width:300px;overflow:auto"><div style="width:500px">row</div></div>`)
  expect(await whatDoesNotFit(page)).toEqual(['columns do not fit by 200: Log'])

  await page.setContent(`${sound}<div style="height:900px"></div>`)
  expect(await whatDoesNotFit(page)).toEqual([expect.stringMatching(/^the page is \d+ high in 720$/)])
})

test('full card numbers are found however they are written, and nothing else', () => {
  // The last is one digit off.
  const text = '4111111111111111 "4111 1111 1111 1111" 4111-1111-1111-1111 ;5500005555555559=2912 4111111111111112'
  expect(numbersIn(text)).toEqual(['4111111111111111', '4111 1111 1111 1111', '4111-1111-1111-1111', '5500005555555559'])
  expect(numbersIn('4000 00•• •••• 7899, 400000••••••7899, {"at":1795469700000}, 4f16874d972aae62b73dd602143cbb2ef827d22ffeed6f')).toEqual([])
})
