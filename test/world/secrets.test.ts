import { describe, expect, test } from 'vitest'
import { findSecrets } from './secrets.ts'

const number = '4000001234567899'
const secrets = [
  { name: 'number', value: number },
  { name: 'track 2', value: `${number}=2912101000012345` },
  { name: 'password', value: 'Correct-Horse' },
]

const bytes = (text: string, encoding: BufferEncoding = 'latin1') => Buffer.from(`before ${text} after`, encoding)

describe('8: card data is found however it is written', () => {
  test.each([
    ['plain', bytes(number)],
    ['grouped by four', bytes('4000 0012 3456 7899')],
    ['with hyphens', bytes('4000-0012-3456-7899')],
    ['across JSON', bytes('["4000","0012","3456","7899"]')],
    ['UTF-16, little end first', bytes(number, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(number, 'utf16le').swap16()],
    ['hex', bytes(Buffer.from(number).toString('hex'))],
    ['hex with spaces', bytes(Buffer.from(number).toString('hex').replace(/../g, '$& ').toUpperCase())],
    ['packed', Buffer.from(number, 'hex')],
    ['base64', bytes(Buffer.from(number).toString('base64'))],
    ['base64 of a longer text, one byte off', bytes(Buffer.from(`x${number}y`).toString('base64'))],
    ['base64 of a longer text, two bytes off', bytes(Buffer.from(`{"${number}"}`).toString('base64url'))],
    ['base64 of UTF-16', bytes(Buffer.from(number, 'utf16le').toString('base64'))],
  ])('%s', (_, found) => {
    expect(findSecrets(found, secrets)).toContain('number')
  })

  test('a track, and a word', () => {
    expect(findSecrets(bytes(`;${number}=2912101000012345?`), secrets)).toEqual(['number', 'track 2'])
    expect(findSecrets(bytes(Buffer.from('Correct-Horse').toString('hex')), secrets)).toEqual(['password'])
  })

  test('first six and last four are no secret', () => {
    expect(findSecrets(bytes('400000••••••7899, 400000******7899, 4000 00•• •••• 7899', 'utf8'), secrets)).toEqual([])
  })
})
