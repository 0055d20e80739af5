/** The desktop window: everything goes over the bridge that the preload script laid. The token stays in the main process. */
import type { LiveMessage } from '#shared/contract/live.ts'
import type { DesktopBridge } from '#shared/contract/wire.ts'
import type { Carrier } from './carrier.ts'

export function desktopCarrier(bridge: DesktopBridge): Carrier {
  return {
    call: (name, input) => bridge.call(name, input),
    listen: (_token, listener) => bridge.listen((message) => listener(message as LiveMessage)),
    upload: (file) => bridge.upload(file),
    onConnection: (listener) => {
      listener('connected')
      return () => {}
    },
  }
}
