import type { DeviceLink } from '#shared/device/device.ts'
import type { Say } from '../../i18n/text.ts'

/** Where a device is reached, in words. */
export function linkText(say: Say, link: DeviceLink): string {
  switch (link.kind) {
    case 'serial':
      return say('link.serial', { path: link.path })
    case 'tcp':
      return say('link.tcp', { host: link.host, port: String(link.port) })
    case 'reader':
      return say('link.reader')
    case 'simulator':
      return say('link.simulator')
  }
}
