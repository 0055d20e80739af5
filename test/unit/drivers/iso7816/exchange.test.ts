/** The terminal's side of the transport, against a card of a few lines that follows ISO/IEC 7816-3, 12.2 by itself. */
import { describe, expect, test } from 'vitest'
import { exchange, type RawAnswer, type Transport } from '#drivers/iso7816/exchange.ts'
import { fromHex, toHex } from '#shared/bytes.ts'

/** Answers by a list of `command > response` in hex, in order; what it got beyond that is an error of the test. */
function scripted(lines: readonly string[], options: Partial<Omit<Transport, 'send'>> = {}) {
  const rest = lines.map((line) => line.replace(/ /g, '').split('>') as [string, string])
  const got: string[] = []
  const transport: Transport = {
    protocol: 'T=0',
    extendedLength: false,
    ...options,
    send: async (command): Promise<RawAnswer> => {
      got.push(toHex(command))
      const [expected, response] = rest.shift() ?? ['nothing', '']
      expect(toHex(command)).toBe(expected)
      if (response === 'mute') return { kind: 'lost', loss: 'mute', sent: true }
      if (response === 'gone') return { kind: 'lost', loss: 'reader-lost', sent: false }
      return { kind: 'response', bytes: fromHex(response) }
    },
  }
  return { transport, got, left: rest }
}

async function play(command: string, lines: readonly string[], options?: Partial<Omit<Transport, 'send'>>) {
  const card = scripted(lines, options)
  const answer = await exchange(card.transport, fromHex(command))
  expect(card.left).toEqual([])
  return answer.kind === 'lost' ? answer : `${toHex(answer.data)}|${answer.status.toString(16)}`
}

const long = (length: number) => Array.from({ length }, (_, index) => (index % 251).toString(16).toUpperCase().padStart(2, '0')).join('')

describe('T=0', () => {
  test('case 1 and case 3 go as they are', async () => {
    expect(await play('00440000', ['00440000 > 9000'])).toBe('|9000')
    expect(await play('00D6000002AABB', ['00D6000002AABB > 9000'])).toBe('|9000')
  })

  test('case 3 with a response waiting: nobody has asked for it (12.2.4)', async () => {
    expect(await play('00A4040002AABB', ['00A4040002AABB > 6112'])).toBe('|6112')
  })

  test('case 2: the length is right, or the card tells it', async () => {
    expect(await play('00B0000002', ['00B0000002 > 0102 9000'])).toBe('0102|9000')
    expect(await play('00B0000000', ['00B0000000 > 6C02', '00B0000002 > 0102 9000'])).toBe('0102|9000')
  })

  test('case 2: more is there than was asked for, the rest is cut off (12.2.3)', async () => {
    expect(await play('00B0000001', ['00B0000001 > 6C02', '00B0000002 > 0102 9000'])).toBe('01|9000')
  })

  test('a card that insists on 6Cxx is asked twice and no more', async () => {
    expect(await play('00B0000000', ['00B0000000 > 6C02', '00B0000002 > 6C02'])).toBe('|6c02')
  })

  test('case 4: without Le, then GET RESPONSE (12.2.5)', async () => {
    expect(await play('00A4040002AABB00', ['00A4040002AABB > 6103', '00C0000003 > 010203 9000'])).toBe('010203|9000')
    expect(await play('00A4040002AABB00', ['00A4040002AABB > 9000'])).toBe('|9000')
    expect(await play('00A4040002AABB02', ['00A4040002AABB > 6103', '00C0000002 > 0102 6101'])).toBe('0102|6101')
  })

  test('GET RESPONSE with the wrong length', async () => {
    expect(await play('00A4040001AA00', ['00A4040001AA > 6100', '00C0000000 > 6C02', '00C0000002 > 0102 9000'])).toBe('0102|9000')
  })

  test('a warning comes with its data', async () => {
    expect(await play('00A4040001AA00', ['00A4040001AA > 6102', '00C0000002 > 0102 6283'])).toBe('0102|6283')
  })

  test('GET RESPONSE stays on the logical channel, outside of secure messaging', async () => {
    expect(await play('84F24002010100', ['84F240020101 > 6101', '00C0000001 > 05 9000'])).toBe('05|9000')
    expect(await play('02A4040001AA00', ['02A4040001AA > 6101', '02C0000001 > 05 9000'])).toBe('05|9000')
    expect(await play('41A4040001AA00', ['41A4040001AA > 6101', '41C0000001 > 05 9000'])).toBe('05|9000')
  })

  test('a long response comes in pieces', async () => {
    const answer = await play('80CA00FE00', [`80CA00FE00 > ${long(256)} 6110`, `00C0000010 > ${long(16)} 9000`])
    expect(answer).toBe(`${long(256)}${long(16)}|9000`)
  })

  test('extended lengths become short ones and a chain', async () => {
    const data = long(300)
    const lines = [`10DB3FFFFF${data.slice(0, 510)} > 9000`, `00DB3FFF2D${data.slice(510)} > 6102`, '00C0000002 > 0102 9000']
    expect(await play(`00DB3FFF00012C${data}0000`, lines)).toBe('0102|9000')
  })
})

describe('T=1', () => {
  const extended = { protocol: 'T=1', extendedLength: true } as const
  const short = { protocol: 'T=1', extendedLength: false } as const

  test('case 4 goes whole', async () => {
    expect(await play('00A4040002AABB00', ['00A4040002AABB00 > 010203 9000'], short)).toBe('010203|9000')
  })

  test('61xx and 6Cxx are understood here too (7816-4, 5.3.4)', async () => {
    expect(await play('00A4040001AA00', ['00A4040001AA00 > 01 6102', '00C0000002 > 0203 9000'], short)).toBe('010203|9000')
    expect(await play('00A4040001AA00', ['00A4040001AA00 > 6C01', '00A4040001AA01 > 07 9000'], short)).toBe('07|9000')
  })

  test('extended length where the card takes it', async () => {
    const command = `00DB3FFF00012C${long(300)}`
    expect(await play(command, [`${command} > 9000`], extended)).toBe('|9000')
    expect(await play('80CA00FE000000', ['80CA00FE000000 > AA9000'], extended)).toBe('AA|9000')
  })

  test('a chain where it does not', async () => {
    const data = long(511)
    const lines = [`10DB3FFFFF${data.slice(0, 510)} > 9000`, `10DB3FFFFF${data.slice(510, 1020)} > 9000`, `00DB3FFF01${data.slice(1020)} > 9000`]
    expect(await play(`00DB3FFF0001FF${data}`, lines, short)).toBe('|9000')
  })

  test('a chain that the card breaks off ends there', async () => {
    expect(await play(`00DB3FFF0001FF${long(511)}`, [`10DB3FFFFF${long(511).slice(0, 510)} > 6884`], short)).toBe('|6884')
  })

  test('a proprietary class has no chain: nothing is sent', async () => {
    await expect(play(`80E2000000012C${long(300)}`, [], short)).rejects.toThrow('apdu.too-long')
  })
})

describe('losses', () => {
  test('what was not sent stays not sent, until something was', async () => {
    expect(await play('00B0000000', ['00B0000000 > gone'])).toEqual({ kind: 'lost', loss: 'reader-lost', sent: false })
    expect(await play('00A4040001AA00', ['00A4040001AA > 6102', '00C0000002 > gone'])).toEqual({ kind: 'lost', loss: 'reader-lost', sent: true })
    expect(await play('00B0000000', ['00B0000000 > mute'])).toEqual({ kind: 'lost', loss: 'mute', sent: true })
  })

  test('half a status word breaks the protocol', async () => {
    expect(await play('00B0000000', ['00B0000000 > 90'])).toEqual({ kind: 'lost', loss: 'protocol-error', sent: true })
  })

  test.each([
    ['without a byte', '6101', 5],
    ['byte by byte', 'AA6101', 2049],
  ])('a card that always has more, %s, is given up', async (_, response, commands) => {
    let count = 0
    const send = async (): Promise<RawAnswer> => {
      count += 1
      return { kind: 'response', bytes: fromHex(count === 1 ? '6101' : response) }
    }
    const answer = await exchange({ protocol: 'T=0', extendedLength: false, send }, fromHex('00A4040001AA00'))
    expect(answer).toEqual({ kind: 'lost', loss: 'protocol-error', sent: true })
    expect(count).toBe(commands)
  })

  test('what is no command is not sent', async () => {
    await expect(play('00', [])).rejects.toThrow('apdu.malformed')
    await expect(play('00A4040005AA', [])).rejects.toThrow('apdu.malformed')
  })
})
