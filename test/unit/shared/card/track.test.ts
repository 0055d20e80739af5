import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkTrack, decodeTrack, encodeTrack, trackCapacity, trackFormats, withSentinels, type TrackNumber } from '#shared/card/track.ts'
import { vectorFile } from '../../../support/vectors.ts'

interface Vector {
  track: TrackNumber
  data: string
  bits_with_parity_and_lrc: string
  leading_zeros: number
}

const vectors = (vectorFile('magstripe-bits.json') as { vectors: Vector[] } | undefined)?.vectors

const tracks: TrackNumber[] = [1, 2, 3]

function dataOf(track: TrackNumber): fc.Arbitrary<string> {
  const { first, dataBits, start, end } = trackFormats[track]
  const alphabet = Array.from({ length: 2 ** dataBits }, (_, value) => String.fromCharCode(first + value)).filter((c) => c !== start && c !== end)
  return fc.array(fc.constantFrom(...alphabet), { maxLength: trackCapacity(track) }).map((list) => list.join(''))
}

describe.skipIf(vectors === undefined)('published bit streams', () => {
  test.each(vectors ?? [])('$data is written as the published bits', ({ track, data, bits_with_parity_and_lrc }) => {
    expect(encodeTrack(track, data)).toBe(bits_with_parity_and_lrc)
  })

  test.each(vectors ?? [])('$data is read from the published bits between clocking zeros', ({ track, data, bits_with_parity_and_lrc, leading_zeros }) => {
    const bits = '0'.repeat(leading_zeros) + bits_with_parity_and_lrc + '0'.repeat(leading_zeros)
    expect(decodeTrack(track, bits)).toEqual({ data: data.slice(1, -1), swipe: 'forward' })
  })

  test.each(vectors ?? [])('$data with any one bit flipped is not read as it was', ({ track, data, bits_with_parity_and_lrc: bits }) => {
    for (let index = 0; index < bits.length; index++) {
      const flipped = bits.slice(0, index) + (bits[index] === '1' ? '0' : '1') + bits.slice(index + 1)
      expect(decodeTrack(track, flipped)).not.toMatchObject({ data: data.slice(1, -1) })
    }
  })
})

describe('characters of track 1', () => {
  // ISO/IEC 7811-2: % is 05h, so 101000 LSB first and parity 1; ? is 1Fh, 111110 and parity 0.
  test('the sentinels have the standard bits', () => {
    expect(encodeTrack(1, '%?')).toBe('1010001' + '1111100' + '0101100')
  })
})

describe.each(tracks)('track %i', (track) => {
  test('reads what it writes, swiped either way', () => {
    fc.assert(
      fc.property(dataOf(track), (data) => {
        const bits = `000${encodeTrack(track, withSentinels(track, data))}0000`
        expect(decodeTrack(track, bits)).toEqual({ data, swipe: 'forward' })
        const backward = decodeTrack(track, Array.from(bits).reverse().join(''))
        expect(backward).toMatchObject({ data })
      }),
    )
  })

  test('a short track that holds by chance when read the wrong way does not hide the written one', () => {
    const bits = `000${encodeTrack(track, withSentinels(track, '284'))}0000`
    expect(decodeTrack(track, Array.from(bits).reverse().join(''))).toMatchObject({ data: '284' })
  })

  test('every character of the alphabet but the sentinels may be data', () => {
    fc.assert(fc.property(dataOf(track), (data) => void expect(checkTrack(track, data)).toEqual([])))
  })

  test('sentinels and foreign characters are named with their position', () => {
    const { start, end } = trackFormats[track]
    expect(checkTrack(track, `1${start}2${end}ы`)).toEqual([
      { kind: 'character', position: 2, character: start },
      { kind: 'character', position: 4, character: end },
      { kind: 'character', position: 5, character: 'ы' },
    ])
  })

  test('data longer than the track is too long', () => {
    const maximum = trackCapacity(track)
    expect(checkTrack(track, '1'.repeat(maximum))).toEqual([])
    expect(checkTrack(track, '1'.repeat(maximum + 1))).toEqual([{ kind: 'too-long', length: maximum + 1, maximum }])
  })

  test('a torn track has no end', () => {
    const bits = encodeTrack(track, withSentinels(track, '1234567890'))
    expect(decodeTrack(track, bits.slice(0, trackFormats[track].dataBits * 5))).toEqual({ mistake: { kind: 'no-end-sentinel' } })
  })

  test('a blank track says so', () => {
    expect(decodeTrack(track, '0'.repeat(200))).toEqual({ mistake: { kind: 'blank' } })
  })
})

test('lengths are those of the standard', () => {
  expect(tracks.map(trackCapacity)).toEqual([76, 37, 104])
})

test('lower case is not in the alphabet of track 1', () => {
  expect(checkTrack(1, 'Bb')).toEqual([{ kind: 'character', position: 2, character: 'b' }])
})
