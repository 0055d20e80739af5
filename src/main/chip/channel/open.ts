import { openGlobalPlatform } from './global-platform.ts'
import type { ChannelOrder, ChannelParts, SecureChannel } from './channel.ts'
import { openNative } from './native.ts'

/** Throws `ScriptError` where the card does not take part, `ChipLost`, and the key store's faults. */
export function openChannel(parts: ChannelParts, order: ChannelOrder): Promise<SecureChannel> {
  return order.protocol === 'native' ? openNative(parts, order) : openGlobalPlatform(parts, order)
}
