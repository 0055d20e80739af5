import { describe, expect, test } from 'vitest'
import type { ChipTraceEntry } from '#shared/chip/trace.ts'
import { compareRuns } from '../../../../src/renderer/feature/chip/workbench/compare.ts'
import { decodeCovered, grouped, readCommand, readResponse } from '../../../../src/renderer/feature/chip/workbench/reading.ts'

describe('a command in words', () => {
  test('has its name, header and data', () => {
    expect(readCommand('00A4040007A0000000031010')).toEqual({ name: 'SELECT', header: '00 A4 04 00', ins: 0xa4, data: 'A0000000031010', expected: undefined })
    expect(readCommand('80CA9F7F00')).toMatchObject({ name: 'GET DATA', data: '', expected: 256 })
    expect(readCommand('00A40400FF')).toMatchObject({ expected: 255 })
    expect(readCommand('00A404000102030405')).toBeUndefined()
  })
  test('keeps covered bytes covered', () => {
    const reading = readCommand('80E200000A5A0840000012....7899')!
    expect(reading.data).toBe('5A0840000012....7899')
    expect(decodeCovered(reading.data)).toMatchObject([{ tag: '5A', value: '400000......7899' }])
    expect(decodeCovered(reading.data)?.[0]?.reading).toBeUndefined()
    expect(decodeCovered('5F24032912315A0840000012....7899')).toMatchObject([{ tag: '5F24', reading: '291231' }, { tag: '5A', value: '400000......7899' }])
  })
  test('covers the middle of a card number wherever it is read', () => {
    expect(decodeCovered('5A084000001234567899')).toMatchObject([{ tag: '5A', value: '400000......7899' }])
    expect(decodeCovered('5A0A40000012345678993FFF')).toMatchObject([{ value: expect.not.stringContaining('1234567') }])
    const [track] = decodeCovered('570D4000001234567899D29122010F')!
    expect(track!.value).toBe('400000......7899D29122010F')
    expect(track!.reading).toBeUndefined()
  })
  test('names groupings', () => {
    expect(decodeCovered('90000368....')).toMatchObject([{ kind: 'grouping', tag: '9000', value: '68....' }])
    expect(decodeCovered('')).toBeUndefined()
  })
})

test('a response is its data and what its status says', () => {
  expect(readResponse('6F008400'.slice(0, 4) + '9000')).toMatchObject({ data: '6F00', status: '9000', good: true })
  expect(readResponse('6A82', 0xa4)).toMatchObject({ data: '', good: false, words: { en: 'File or application not found' } })
})

test('bytes stand in pairs', () => {
  expect(grouped('00A404')).toBe('00 A4 04')
  expect(grouped('0840....99')).toBe('08 40 .. .. 99')
})

describe('two runs', () => {
  const apdu = (command: string, response = '9000'): ChipTraceEntry => ({ kind: 'apdu', number: 1, by: 'script', command, response })
  test('are aligned by their commands', () => {
    const select = '00A4040000'
    const one = [apdu(select), apdu('80E2000001AA'), apdu('80E2800101BB')]
    const other = [apdu(select), apdu('80CA9F7F00'), apdu('80E2000001AC'), apdu('80E2800101BB')]
    expect(compareRuns(one, other).map(({ kind }) => kind)).toEqual(['same', 'right', 'differs', 'same'])
    expect(compareRuns(one, []).map(({ kind }) => kind)).toEqual(['left', 'left', 'left'])
    expect(compareRuns([], [])).toEqual([])
  })
  test('another answer to the same command differs', () => {
    expect(compareRuns([apdu('00A4040000')], [apdu('00A4040000', '6A82')]).map(({ kind }) => kind)).toEqual(['differs'])
  })
})
