import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '#shared/bytes.ts'
import { buildTlv, findTlv, parseTlv, parseTlvTree } from '#shared/tlv/ber.ts'
import { decode } from '#shared/tlv/decode.ts'
import { buildDol, fillDol, parseDol, splitByDol } from '#shared/tlv/dol.ts'
import { buildGroupings, parseGroupings } from '#shared/tlv/groupings.ts'
import { knownTags } from '#shared/tlv/tags.ts'

const flat = (hex: string) => parseTlv(fromHex(hex)).map(({ tag, value, offset }) => `${offset}:${tag}=${toHex(value)}`)

describe('data objects', () => {
  test('tags of one to four bytes, lengths short and long', () => {
    expect(flat('5A0112')).toEqual(['0:5A=12'])
    expect(flat('9F3602000A 5F340101')).toEqual(['0:9F36=000A', '5:5F34=01'])
    expect(flat('DF810101AA')).toEqual(['0:DF8101=AA'])
    expect(flat('90 8103 AABBCC')).toEqual(['0:90=AABBCC'])
    expect(flat('90 820001 AA')).toEqual(['0:90=AA'])
  })

  test('zeros between data objects mean nothing (annex B)', () => {
    expect(flat('0000 5A0112 00 820000 0000')).toEqual(['2:5A=12', '6:82='])
  })

  test.each([
    ['5A', 'tlv.cut at offset 1'],
    ['5A02AA', 'tlv.cut at offset 3'],
    ['9F', 'tlv.cut at offset 1'],
    ['5A82', 'tlv.cut at offset 2'],
    ['5A80AA0000', 'tlv.length at offset 1'],
    ['5A85AA', 'tlv.length at offset 1'],
    ['9F8001AA', 'tlv.tag at offset 0'],
    ['5F81828384', 'tlv.tag at offset 0'],
    ['6F035A02AA', 'tlv.cut at offset 5'],
  ])('%s is refused: %s', (hex, message) => {
    expect(() => parseTlvTree(fromHex(hex))).toThrow(message)
  })

  test('builds in the fewest bytes what it parses', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const built = buildTlv('9F10', new Uint8Array(length))
      expect(parseTlv(built)[0]?.value.length).toBe(length)
      expect(built.length - length).toBe(2 + (length < 128 ? 1 : length < 256 ? 2 : length < 65_536 ? 3 : 4))
    }
    expect(() => buildTlv('9F', new Uint8Array(0))).toThrow('tlv.cut')
    expect(() => buildTlv('5A5A', new Uint8Array(0))).toThrow('tlv.tag')
  })

  test('finds at any depth, outer ones first', () => {
    const fci = fromHex('6F 12 84 02 AABB A5 0C 50 01 41 BF0C 06 9F4D 02 0B0A 00')
    expect(toHex(findTlv(fci, '9F4D')!)).toBe('0B0A')
    expect(findTlv(fci, '9F4E')).toBeUndefined()
  })
})

describe('data object lists', () => {
  const list = '9F02069F1A025F2A02'

  test('reads, writes and cuts', () => {
    const entries = parseDol(fromHex(list))
    expect(entries).toEqual([{ tag: '9F02', length: 6 }, { tag: '9F1A', length: 2 }, { tag: '5F2A', length: 2 }])
    expect(toHex(buildDol(entries))).toBe(list)
    expect(splitByDol(entries, fromHex('00000000100006430643')).map(({ tag, value }) => tag + toHex(value))).toEqual(['9F02000000001000', '9F1A0643', '5F2A0643'])
    expect(() => splitByDol(entries, fromHex('00'))).toThrow('dol.length')
    expect(() => parseDol(fromHex('9F02'))).toThrow('tlv.cut at offset 2')
  })

  test('fills by format (Book 3, 5.4)', () => {
    const values = new Map([['9F02', fromHex('1000')], ['5A', fromHex('1234')], ['95', fromHex('80000000FF')], ['9A', fromHex('11261125')], ['70', fromHex('AA')]])
    const filled = fillDol([{ tag: '9F02', length: 6 }, { tag: '5A', length: 4 }, { tag: '95', length: 3 }, { tag: '9A', length: 3 }, { tag: '70', length: 1 }, { tag: 'DF01', length: 2 }], values)
    expect(toHex(filled)).toBe('000000001000' + '1234FFFF' + '800000' + '261125' + '00' + '0000')
  })
})

describe('data groupings', () => {
  test('lengths in one byte and in three (table 2)', () => {
    const groupings = [{ dgi: '0101', value: new Uint8Array(254) }, { dgi: '8000', value: new Uint8Array(255) }, { dgi: '9104', value: new Uint8Array(0) }]
    const built = buildGroupings(groupings)
    expect(toHex(built.subarray(0, 3))).toBe('0101FE')
    expect(toHex(built.subarray(257, 262))).toBe('8000FF00FF')
    expect(parseGroupings(built).map(({ dgi, value }) => [dgi, value.length])).toEqual([['0101', 254], ['8000', 255], ['9104', 0]])
  })

  test.each([['01', 1], ['0101', 2], ['010102AA', 4], ['0101FF00', 4], ['0101FF0001', 5]])('%s is cut', (hex, offset) => {
    expect(() => parseGroupings(fromHex(hex))).toThrow(`dgi.cut at offset ${offset}`)
  })
})

describe('for people', () => {
  test('names, nesting, lists, text', () => {
    const [fci] = decode('6F1E840E315041592E5359532E4444463031A50C9F38039F1A02500453414645')!
    expect(fci?.name?.en).toContain('FCI')
    const [name, own] = fci!.children!
    expect(name?.reading).toBe('1PAY.SYS.DDF01')
    expect(own?.children?.[0]?.children).toMatchObject([{ kind: 'list-entry', tag: '9F1A', value: '2' }])
    expect(own?.children?.[1]).toMatchObject({ tag: '50', reading: 'SAFE', offset: 26 })
  })

  test('groupings, with the data objects in them', () => {
    const decoded = decode('0101 0A 7008 9F4401025F340101 9104 02 8200')
    expect(decoded?.map(({ tag, name }) => [tag, name?.en])).toEqual([['0101', 'File 1, record 1'], ['9104', 'Response to GET PROCESSING OPTIONS']])
    expect(decoded?.[0]?.children?.[0]?.children?.map(({ tag, offset }) => [tag, offset])).toEqual([['9F44', 5], ['5F34', 9]])
  })

  test('files and records of an AFL', () => {
    expect(decode('940808010101 10010300'.replace(' ', ''))?.[0]?.reading).toBe('1: 1–1 (1), 2: 1–3')
  })

  test('what is neither', () => {
    expect(decode('3B00FF')).toBeUndefined()
    expect(() => decode('3G')).toThrow('hex.malformed')
  })

  test('the dictionary holds every tag once, in both languages', () => {
    expect(knownTags.length).toBeGreaterThan(200)
    expect(knownTags.filter(({ tag, name }) => !/^([0-9A-F]{2}){1,3}$/.test(tag) || !/[а-яё]/i.test(name.ru) || /[а-яё]/i.test(name.en))).toEqual([])
  })
})
