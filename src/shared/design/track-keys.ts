/** The tracks as a design and a prepared card name them, in their order. */
export const trackKeys = ['track1', 'track2', 'track3'] as const
export type TrackKey = (typeof trackKeys)[number]
