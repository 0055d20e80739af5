import { expect, test } from 'vitest'
import type { Reason } from '#shared/device/device.ts'
import { deviceTone } from '../../../../src/renderer/frame/device-mark.tsx'

const reason = (severity: Reason['severity']): Reason => ({ code: 'x', severity, action: 'none' })

test('a glance at a machine tells the worst that is known', () => {
  expect(deviceTone({ connection: 'offline', state: 'stopped', reasons: [reason('fatal')] })).toBe('off')
  expect(deviceTone({ connection: 'online', state: 'processing', reasons: [reason('operator'), reason('error')] })).toBe('bad')
  expect(deviceTone({ connection: 'online', state: 'processing', reasons: [reason('operator')] })).toBe('doubt')
  expect(deviceTone({ connection: 'online', state: 'stopped', reasons: [] })).toBe('doubt')
  expect(deviceTone({ connection: 'online', state: 'processing', reasons: [reason('info')] })).toBe('work')
  expect(deviceTone({ connection: 'online', state: 'idle', reasons: [] })).toBe('good')
})
