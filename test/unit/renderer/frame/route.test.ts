import { expect, test } from 'vitest'
import { parseRoute, routeTo } from '../../../../src/renderer/frame/route.ts'

test('a route is read back as it was written', () => {
  const hash = routeTo('log', ['J-000012/7.2'], { state: 'rejected', find: 'a b', none: undefined })
  expect(hash).toBe('#/log/J-000012%2F7.2?state=rejected&find=a+b')
  const route = parseRoute(hash)
  expect(route.page).toBe('log')
  expect(route.path).toEqual(['J-000012/7.2'])
  expect([...route.query]).toEqual([
    ['state', 'rejected'],
    ['find', 'a b'],
  ])
})

test('an empty or mistyped address is a page that does not exist, never an error', () => {
  expect(parseRoute('')).toMatchObject({ page: '', path: [] })
  expect(parseRoute('#/%E0%A4%A')).toMatchObject({ page: '%E0%A4%A' })
})
