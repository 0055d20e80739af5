/**
 * The pace of the pretended line, milliseconds. What is published: 500 to 700 embossed cards an hour, three to four chip stations
 * for a card with one EMV application, DC500 held at 500 cards an hour. The embosser is the slowest module, as it is there.
 */
export const conveyorTiming = {
  /** From the hopper to the carousel. */
  pick: 1_200,
  /** The carousel turns a place to its gate and the card slides in or out. */
  turn: 1_200,
  /** From one module to the next. */
  move: 800,
  stripe: 2_800,
  embosser: 4_800,
  topper: 3_600,
  marking: 2_500,
  /** Through a module that has nothing to do for this card. */
  pass: 400,
} as const

export const conveyorCapacity = { hopper: 500, outputTray: 500, rejectTray: 100 } as const

/** Modules behind the carousel, in the order of the track. */
export const lineModules = ['stripe', 'embosser', 'topper', 'marking'] as const

/** Milliseconds from card to card at the slowest module, whatever the chip stations do. */
export const slowestModule = Math.max(2 * conveyorTiming.turn, ...(['stripe', 'embosser', 'topper'] as const).map((module) => conveyorTiming[module] + conveyorTiming.move))

/** A SAM station beside each chip station, and four that all of them share. */
export const sharedSamStations = 4
