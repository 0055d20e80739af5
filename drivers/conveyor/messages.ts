/**
 * What a conveyor and its controller say to each other. How a real line of the DC500, DC7000 or DC9000 kind converses is not
 * published: these messages are the least that such a line needs, and the pretended one alone understands them.
 *
 * The controller never sees a blank. It knows places in the carousel and the numbers that it gave its own orders, and every report
 * about a card names the number of the order that the card is carried for.
 */
import type { PreparedLine, PreparedTracks } from '#shared/card/prepared.ts'

/** What every module behind the carousel gets of a card. */
export interface LineData {
  lines: readonly PreparedLine[]
  tracks: PreparedTracks
  topping: boolean
}

export type LineModule = 'stripe' | 'embosser' | 'topper' | 'marking'

export type ConveyorOrder =
  /** Whatever lies in the carousel goes to the reject stacker, marked: nobody knows any more whose it is. */
  | { do: 'purge' }
  /** The next blank into a free place of the carousel. */
  | { do: 'feed'; number: number }
  /** The card from this place through all modules to the output stacker. */
  | { do: 'make'; number: number; place: number; data: LineData }
  /** The card from this place, untouched by any module but the marking station, to the reject stacker. */
  | { do: 'discard'; number: number; place: number }

export type WaitsFor = 'module-jam' | 'output-tray-full' | 'reject-tray-full'

export type ConveyorReport =
  | { says: 'purged' }
  | { says: 'fed'; number: number; place: number }
  | { says: 'not-fed'; number: number; why: 'hopper-empty' | 'stations-lost' | 'module-jam' }
  | { says: 'at'; number: number; module: LineModule }
  | { says: 'waits'; number: number; why: WaitsFor }
  | { says: 'delivered' | 'rejected'; number: number }
  /** A hand took the card out of a module. */
  | { says: 'taken'; number: number }
  /** No card lies where the order takes it from: nothing was done. */
  | { says: 'missing'; number: number }
  /** A hand took the card out of the carousel. */
  | { says: 'gone'; place: number }
  /** Why modules stand, each time it changes. */
  | { says: 'stands'; why: readonly (WaitsFor | 'hopper-empty' | 'stations-lost')[] }

/** Both ends are in order and lose nothing, until the link is closed. */
export interface ConveyorLink {
  send(order: ConveyorOrder): void
  onReport(listener: (report: ConveyorReport) => void): void
  onClose(listener: () => void): void
  close(): void
}
