/** The card's cryptography by published values and by the library's own RSA. */
import { createPublicKey, generateKeyPairSync, publicEncrypt, constants } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { oddParity, padded, retailMac, rsaPrivate, rsaPublic, unpadded } from '#drivers/virtual-card/crypto.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { parseCommand } from '#shared/chip/apdu.ts'
import { parseGroupings } from '#shared/tlv/groupings.ts'
import { vectorFile } from '../../../support/vectors.ts'

const found = vectorFile('store-data.json')
const vector = found === undefined ? undefined : z.object({ kd_perso: z.string(), store_data_apdu: z.string() }).parse(found)

describe.skipIf(vector === undefined)('a STORE DATA command that an applet of others took', () => {
  const sent = fromHex(vector?.store_data_apdu ?? '80E28000')
  const { data } = parseCommand(sent)

  it('has the groupings that were put into it, before its MAC', () => {
    expect(parseGroupings(data.slice(0, -8)).map(({ dgi, value }) => [dgi, value.length])).toEqual([['0101', 127], ['A001', 11], ['A002', 16]])
  })

  it('has the MAC that this card computes', () => {
    expect(toHex(retailMac(fromHex(vector!.kd_perso), padded(sent.slice(0, -8), 8)))).toBe(toHex(data.slice(-8)))
  })
})

describe('RSA', () => {
  it.each([1024, 1152, 2048])('does what the library does, with %i bits', (modulusLength) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent: 3 })
    const key = privateKey.export({ format: 'jwk' })
    const part = (name: 'n' | 'e' | 'p' | 'q' | 'dp' | 'dq' | 'qi') => new Uint8Array(Buffer.from(key[name]!, 'base64url'))
    const block = new Uint8Array(modulusLength / 8).map((_, index) => (index * 7) & 0x7f)
    const encrypted = publicEncrypt({ key: createPublicKey(privateKey), padding: constants.RSA_NO_PADDING }, block)
    expect(rsaPublic(part('n'), part('e'), block)).toEqual(new Uint8Array(encrypted))
    expect(rsaPrivate({ p: part('p'), q: part('q'), dP: part('dp'), dQ: part('dq'), qInverse: part('qi') }, encrypted)).toEqual(block)
  })
})

describe('padding and parity', () => {
  it('fills up to a whole block, and takes it off again', () => {
    expect(toHex(padded(fromHex('0102'), 8))).toBe('0102800000000000')
    expect(padded(new Uint8Array(8), 8)).toHaveLength(16)
    expect(unpadded(fromHex('0102800000000000'))).toEqual(fromHex('0102'))
    expect(unpadded(fromHex('0000000000000000'))).toBeUndefined()
    expect(unpadded(fromHex('0102030405060708'))).toBeUndefined()
  })

  it('makes bytes odd', () => {
    expect(toHex(oddParity(fromHex('00017F80FFFE')))).toBe('01017F80FEFE')
  })
})
