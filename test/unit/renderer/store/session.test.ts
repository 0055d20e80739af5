import { expect, test } from 'vitest'
import { mayCall } from '../../../../src/renderer/store/session.ts'

test('the screen offers a call to whom the contract lets make it', () => {
  expect(mayCall('session.signIn', [])).toBe(true)
  expect(mayCall('design.list', [])).toBe(false)
  expect(mayCall('design.list', ['custodian'])).toBe(true)
  expect(mayCall('run.start', ['operator'])).toBe(true)
  expect(mayCall('run.start', ['designer', 'auditor'])).toBe(false)
  expect(mayCall('audit.verify', ['auditor'])).toBe(true)
})
