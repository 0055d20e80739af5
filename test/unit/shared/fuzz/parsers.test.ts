/**
 * Everything that reads bytes of a card or for a card, before a million inputs that are nearly right: valid ones with bytes changed, cut,
 * doubled, or put together of two. Nothing but a typed error may come out; and what is read is written back as it was.
 */
import { describe, expect, test } from 'vitest'
import { exchange } from '#drivers/iso7816/exchange.ts'
import { fromHex, sameBytes, toHex } from '#shared/bytes.ts'
import { CardwrightError } from '#shared/cardwright-error.ts'
import { buildCommand, buildResponse, parseCommand, parseResponse } from '#shared/chip/apdu.ts'
import { capabilitiesOfAtr, parseAtr } from '#shared/chip/atr.ts'
import { statusWords } from '#shared/chip/status-words.ts'
import { buildTlvs, findTlv, parseTlv, parseTlvTree } from '#shared/tlv/ber.ts'
import { decode } from '#shared/tlv/decode.ts'
import { buildDol, fillDol, parseDol, splitByDol } from '#shared/tlv/dol.ts'
import { buildGroupings, parseGroupings } from '#shared/tlv/groupings.ts'

const objects = [
  '6F1E840E315041592E5359532E4444463031A50C9F38039F1A02500453414645',
  '70299F4401025F3401015A0812345678901234569F0702FF005F24033112318E0A00000000000000001F00',
  '7781809F2608112233445566778882023C00940808010100100103019F3602000A9F100706010A03A00000',
  '9081037F49DF8101AA0000DF810101BF0C0A9F4D020B0A9F6E020102',
  'E314 4F07A0000000031010 9F700107 C5039EFE80',
]
const lists = ['9F02069F1A025F2A029A039C0195059F3704', '9F37049F47018F019F3201', '8A029F02069F03069F1A0295055F2A029A039C019F3704', 'DF8101045A0A']
const groupings = ['01010A70089F4401025F3401018000107856B1C2D3E4F5061728394A5B6C7D8E', '9102FF000582033C00009104028200', '8201FF008000112233']
const answers = ['3B00', '3B6500002C09699000', '3BF81300008131FE15597562696B657934D4', '3BFD1300008131FE158073C021C057597562694B657940', '3F2F008069AF0307015900001E0E83069F16'.slice(0, 34)]
const commands = ['00440000', '00B0000010', '00A4040007A000000003101000', '84E2800010000102030405060708090A0B0C0D0E0F', '00D60000000004AABBCCDD', '00CB3FFF0000035C015F0000', '80CA9F7F00']
const responses = ['9000', '6A82', '01026110', '6F108408A000000151000000A5049F6501FF9000']

/** Mulberry32: the same seed is the same million. */
function chance(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const telling = [0x00, 0x01, 0x1f, 0x5f, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x85, 0x9f, 0xbf, 0xfe, 0xff]

function mutated(valid: readonly Uint8Array[], draw: (below: number) => number): Uint8Array {
  const pick = () => valid[draw(valid.length)]!
  let bytes = Array.from(pick())
  for (let changes = draw(4); changes >= 0; changes -= 1) {
    const place = draw(bytes.length + 1)
    switch (draw(7)) {
      case 0:
        bytes[Math.min(place, bytes.length - 1)] = draw(256)
        break
      case 1:
        bytes[Math.min(place, bytes.length - 1)] = telling[draw(telling.length)]!
        break
      case 2:
        bytes = bytes.slice(0, place)
        break
      case 3:
        bytes.splice(place, 0, telling[draw(telling.length)]!)
        break
      case 4:
        bytes.splice(place, 1 + draw(4))
        break
      case 5:
        bytes = [...bytes.slice(0, place), ...pick().subarray(draw(8))]
        break
      default:
        bytes = [...bytes, ...bytes.slice(place)].slice(0, 400)
    }
    if (bytes.length === 0) bytes = [draw(256)]
  }
  return Uint8Array.from(bytes)
}

/** What was read, or undefined where a typed error came; anything else that is thrown fails the test, with its input. */
function reads<Result>(input: Uint8Array, read: (input: Uint8Array) => Result): Result | undefined {
  try {
    return read(input)
  } catch (error) {
    if (error instanceof CardwrightError && error.faults[0].class !== 'bug' && error.faults[0].place !== undefined) return undefined
    throw new Error(`input ${toHex(input)}`, { cause: error })
  }
}

const same = (input: Uint8Array, written: Uint8Array) => {
  if (!sameBytes(input, written)) throw new Error(`${toHex(input)} was written as ${toHex(written)}`)
}

interface Subject {
  name: string
  valid: readonly string[]
  inputs: number
  check(input: Uint8Array): void
}

const subjects: Subject[] = [
  {
    name: 'data objects',
    valid: objects,
    inputs: 300_000,
    check: (input) => {
      const level = reads(input, parseTlv)
      if (level !== undefined) {
        // Written in the fewest bytes, they are read as the same.
        const again = parseTlv(buildTlvs(level))
        if (again.length !== level.length || again.some(({ tag, value }, index) => tag !== level[index]?.tag || !sameBytes(value, level[index].value))) throw new Error(toHex(input))
      }
      reads(input, parseTlvTree)
      reads(input, (bytes) => findTlv(bytes, '9F36'))
    },
  },
  {
    name: 'lists of data objects',
    valid: lists,
    inputs: 150_000,
    check: (input) => {
      const entries = reads(input, parseDol)
      if (entries === undefined) return
      same(input, buildDol(entries))
      splitByDol(entries, fillDol(entries, new Map([['9F02', input], ['5A', input]])))
    },
  },
  {
    name: 'data groupings',
    valid: groupings,
    inputs: 150_000,
    check: (input) => {
      const found = reads(input, parseGroupings)
      if (found === undefined) return
      const again = parseGroupings(buildGroupings(found))
      if (again.length !== found.length || again.some(({ dgi, value }, index) => dgi !== found[index]?.dgi || !sameBytes(value, found[index].value))) throw new Error(toHex(input))
    },
  },
  {
    name: 'answers to reset',
    valid: answers,
    inputs: 150_000,
    check: (input) => {
      reads(input, parseAtr)
      capabilitiesOfAtr(input)
    },
  },
  {
    name: 'commands',
    valid: commands,
    inputs: 150_000,
    check: (input) => {
      const command = reads(input, parseCommand)
      if (command !== undefined) same(input, buildCommand(command))
    },
  },
  {
    name: 'responses',
    valid: responses,
    inputs: 50_000,
    check: (input) => {
      const response = reads(input, parseResponse)
      if (response === undefined) return
      same(input, buildResponse(response))
      statusWords(response.status)
    },
  },
  {
    name: 'what is taken apart for people',
    valid: [...objects, ...lists, ...groupings],
    inputs: 50_000,
    check: (input) => {
      decode(toHex(input))
    },
  },
]

describe('a million inputs', () => {
  test('are a million', () => {
    expect(subjects.reduce((sum, { inputs }) => sum + inputs, 0)).toBeGreaterThanOrEqual(1_000_000)
  })

  test.each(subjects.map((subject, index) => [subject.name, subject, index] as const))('%s', (_, { valid, inputs, check }, index) => {
    const draw = chance(2026 + index)
    const seeds = valid.map(fromHex)
    for (let count = 0; count < inputs; count += 1) check(mutated(seeds, draw))
  })

  test('a card that answers anything: every command comes to an end', async () => {
    const draw = chance(7)
    const seeds = [...responses, '6100', '6C00', '61FF', 'AA6101', '90', ''].map(fromHex)
    const requests = commands.map(fromHex)
    for (let count = 0; count < 20_000; count += 1) {
      const protocol = draw(2) === 0 ? ('T=0' as const) : ('T=1' as const)
      let sent = 0
      const send = async () => {
        sent += 1
        return { kind: 'response' as const, bytes: draw(3) === 0 ? seeds[draw(seeds.length)]! : mutated(responses.map(fromHex), draw) }
      }
      const answer = await exchange({ protocol, extendedLength: draw(2) === 0, send }, requests[draw(requests.length)]!)
      if (answer.kind === 'lost' && !answer.sent) throw new Error(`seed 7, ${count}: lost without having been sent`)
      if (sent > 4_200) throw new Error(`seed 7, ${count}: ${sent} commands for one`)
    }
  })
})
