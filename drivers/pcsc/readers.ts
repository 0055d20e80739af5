/** The readers of this computer over PC/SC: pcsc-lite on Linux, the system's own on macOS and Windows. */
import type { ChipReaders } from '#main/ports/chip-station.ts'
import type { Clock } from '#main/ports/clock.ts'
import { loadLibrary, type Library } from './library.ts'
import { PcscStation } from './station.ts'
import { ReaderWatch } from './watch.ts'

export interface PcscOptions {
  clock: Clock
  /** How the native library is come by; the package's own where absent. */
  load?: () => Promise<Library>
}

/** Nothing is loaded, and no service is asked, before the first `list` or `station`. */
export function createPcscReaders({ clock, load = loadLibrary }: PcscOptions): ChipReaders {
  const watch = new ReaderWatch(clock, load)
  return {
    list: () => watch.list(),
    station: (reader) => new PcscStation({ reader, clock, watch, load }),
  }
}
