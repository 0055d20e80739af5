import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '#shared/bytes.ts'
import { buildCommand, parseCommand, parseResponse, statusHex } from '#shared/chip/apdu.ts'
import { buildAtr, capabilitiesOfAtr, historicalBytes, parseAtr } from '#shared/chip/atr.ts'
import { instructionName } from '#shared/chip/instructions.ts'
import { statusWords } from '#shared/chip/status-words.ts'

describe('commands (ISO/IEC 7816-3, 12.1)', () => {
  test.each([
    ['1', '00440000', '', undefined],
    ['2 short', '00B0000010', '', 16],
    ['2 short, all', '00B0000000', '', 256],
    ['3 short', '00D6000002AABB', 'AABB', undefined],
    ['4 short', '00A4040002AABB00', 'AABB', 256],
    ['2 extended', '00B00000000100', '', 256],
    ['2 extended, all', '00B00000000000', '', 65_536],
    ['3 extended', '00D60000000002AABB', 'AABB', undefined],
    ['4 extended', '00A40400000002AABB0000', 'AABB', 65_536],
  ])('case %s', (_, hex, data, expected) => {
    const command = parseCommand(fromHex(hex))
    expect([toHex(command.data), command.expected]).toEqual([data, expected])
    expect(toHex(buildCommand(command))).toBe(hex)
  })

  test.each(['', '00', '00A404', '00A4040000AA', '00A4040002AA', '00A4040002AABBCCDD', '00A404000000', '00A40400000000AA', '00A40400000002AA', '00A40400000001AA00'])(
    '%s is none',
    (hex) => {
      expect(() => parseCommand(fromHex(hex))).toThrow('apdu.malformed')
    },
  )

  test('takes the extended form by itself where the short one is too small', () => {
    const header = { cla: 0, ins: 0xd6, p1: 0, p2: 0 }
    expect(toHex(buildCommand({ ...header, data: new Uint8Array(256) })).slice(0, 14)).toBe('00D60000000100')
    expect(toHex(buildCommand({ ...header, data: fromHex('AA'), expected: 257 }))).toBe('00D60000000001AA0101')
    expect(() => buildCommand({ ...header, data: new Uint8Array(256), extended: false })).toThrow('apdu.field')
    expect(() => buildCommand({ ...header, p1: 256, data: new Uint8Array(0) })).toThrow('apdu.field at offset 2')
  })

  test('responses', () => {
    const response = parseResponse(fromHex('01026A82'))
    expect([toHex(response.data), statusHex(response.status)]).toEqual(['0102', '6A82'])
    expect(() => parseResponse(fromHex('90'))).toThrow('apdu.response')
  })
})

describe('answers to reset (ISO/IEC 7816-3, 8.2)', () => {
  test('the plainest', () => {
    const atr = parseAtr(fromHex('3B00'))
    expect(atr).toMatchObject({ convention: 'direct', protocols: [0], specificMode: false, fi: 372, di: 1, check: undefined })
  })

  test('T=0 with a speed of its own and historical bytes', () => {
    const atr = parseAtr(fromHex('3B6500002C09699000'))
    expect(atr.interfaceBytes).toEqual([{ name: 'TB1', value: 0 }, { name: 'TC1', value: 0 }])
    expect(toHex(atr.historical)).toBe('2C09699000')
    expect(atr.protocols).toEqual([0])
  })

  test('T=0 and T=1, with the check byte', () => {
    const atr = parseAtr(fromHex('3BF81300008131FE15597562696B657934D4'))
    expect(atr.protocols).toEqual([1])
    expect(atr).toMatchObject({ fi: 372, di: 4, check: 0xd4 })
    expect(String.fromCharCode(...atr.historical)).toBe('Yubikey4')
  })

  test('capabilities in compact form (7816-4, 8.1.1.2.7)', () => {
    const yubikey = fromHex('3BFD1300008131FE158073C021C057597562694B657940')
    expect(parseAtr(yubikey).capabilities).toEqual({ commandChaining: true, extendedLength: true, lengthsInFile: false, logicalChannels: 1 })
    expect(capabilitiesOfAtr(fromHex('FF'))).toEqual({ commandChaining: false, extendedLength: false, lengthsInFile: false, logicalChannels: 1 })
  })

  test('builds what it parses', () => {
    for (const protocol of ['T=0', 'T=1'] as const) {
      const historical = historicalBytes({ extendedLength: true, commandChaining: true, logicalChannels: 4 }, fromHex('434152445752'))
      const atr = parseAtr(buildAtr({ protocol, historical, ta1: 0x96 }))
      expect(atr.protocols).toEqual([protocol === 'T=0' ? 0 : 1])
      expect(atr).toMatchObject({ fi: 512, di: 32, capabilities: { extendedLength: true, commandChaining: true, logicalChannels: 4 } })
      expect(toHex(atr.compact.find(({ tag }) => tag === 5)!.value)).toBe('434152445752')
    }
  })

  test.each([
    ['', 'atr.malformed at offset 0'],
    ['03', 'atr.malformed at offset 0'],
    ['3B', 'atr.malformed at offset 1'],
    ['3B01', 'atr.malformed at offset 2'],
    ['3B0001', 'atr.malformed at offset 2'],
    ['3B10', 'atr.malformed at offset 2'],
    ['3B800101', 'atr.check at offset 3'],
    ['3B8001', 'atr.malformed at offset 3'],
  ])('%s is refused: %s', (hex, message) => {
    expect(() => parseAtr(fromHex(hex))).toThrow(message)
  })
})

describe('in words', () => {
  test('status words, also those with a number in them', () => {
    expect(statusWords(0x9000).en).toBe('Done')
    expect(statusWords(0x6a82).en).toBe('File or application not found')
    expect(statusWords(0x6110).en).toContain('16')
    expect(statusWords(0x6c00).en).toContain('256')
    expect(statusWords(0x63c2).en).toContain('2')
    expect(statusWords(0x6300, 0x82).en).toContain('Authentication')
    expect(statusWords(0x6299).en).toBe('Warning, nothing changed')
    expect(statusWords(0x1234).en).toContain('Not a status word')
  })

  test('every status word has words, in both languages', () => {
    for (let status = 0; status <= 0xffff; status += 1) {
      const { en, ru } = statusWords(status)
      if (en === '' || !/[а-яё]/i.test(ru)) throw new Error(statusHex(status))
    }
  })

  test('instructions by class', () => {
    expect(instructionName(0x00, 0xe2)).toBe('APPEND RECORD')
    expect(instructionName(0x84, 0xe2)).toBe('STORE DATA')
    expect(instructionName(0x80, 0xca)).toBe('GET DATA')
    expect(instructionName(0x00, 0x01)).toBeUndefined()
  })
})
