/** Why a conveyor stands, and why its driver ends a command. */
import type { Reason } from '#shared/device/device.ts'

const reasons = {
  'hopper-empty': { severity: 'operator', action: 'refill-hopper' },
  'stations-lost': { severity: 'error', action: 'look-at-machine' },
  // With a status, because the line itself has said what is the matter: asking it again tells nothing more.
  'module-jam': { severity: 'error', action: 'clear-jam', status: 'jam' },
  'output-tray-full': { severity: 'operator', action: 'empty-output-tray' },
  'reject-tray-full': { severity: 'operator', action: 'empty-reject-tray' },
  'line-purged': { severity: 'error', action: 'none' },
  'link-lost': { severity: 'error', action: 'check-line' },
  'not-connected': { severity: 'operator', action: 'check-line' },
  'command-under-way': { severity: 'error', action: 'wait' },
  'card-not-presented': { severity: 'error', action: 'look-at-machine' },
  'verb-missing': { severity: 'error', action: 'none' },
  cancelled: { severity: 'info', action: 'none' },
} as const satisfies Record<string, Omit<Reason, 'code'>>

export function reason(code: keyof typeof reasons): Reason {
  return { code, ...reasons[code] }
}
