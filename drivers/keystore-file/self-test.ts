/** Known answers at every start: what guards the keys has to be what it is called, on this machine and in this program. */
import { createHmac, createSecretKey, hkdfSync, scryptSync } from 'node:crypto'
import { CardwrightError } from '#shared/faults.ts'
import { cmac, encrypt, retailMac } from './ciphers.ts'
import { unsealBytes } from './sealing.ts'

interface KnownAnswer {
  name: string
  answer(): ArrayBuffer | Uint8Array
  expected: string
}

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))

export const knownAnswers: readonly KnownAnswer[] = [
  {
    // RFC 7914 section 12, first vector.
    name: 'scrypt',
    answer: () => scryptSync('', '', 64, { N: 16, r: 1, p: 1 }),
    expected: '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
  },
  {
    // RFC 5869 appendix A.1.
    name: 'HKDF-SHA-256',
    answer: () => hkdfSync('sha256', hex('0b'.repeat(22)), hex('000102030405060708090a0b0c'), hex('f0f1f2f3f4f5f6f7f8f9'), 42),
    expected: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  },
  {
    // RFC 4231 section 4.3.
    name: 'HMAC-SHA-256',
    answer: () => createHmac('sha256', createSecretKey(Buffer.from('Jefe'))).update('what do ya want for nothing?').digest(),
    expected: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  {
    // McGrew and Viega, The Galois/Counter Mode of Operation, test case 14: no additional data.
    name: 'AES-256-GCM',
    answer: () => unsealBytes(new Uint8Array(32), hex('000000000000000000000000cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919'), ''),
    expected: '00000000000000000000000000000000',
  },
  {
    // NIST SP 800-67 1.1, appendix B.1: three different keys.
    name: 'triple DES',
    answer: () => encrypt({ algorithm: 'des3', bytes: hex('0123456789abcdef23456789abcdef01456789abcdef0123') }, hex('5468652071756663'), 'ecb'),
    expected: 'a826fd8ce53b855f',
  },
  {
    // ISO/IEC 9797-1:2011, annex B.4, MAC algorithm 3 of "Now is the time for all " with padding method 1; two keys.
    name: 'retail MAC',
    answer: () => retailMac({ algorithm: 'des2', bytes: hex('0123456789abcdeffedcba9876543210') }, hex('4e6f77206973207468652074696d6520666f7220616c6c20')),
    expected: 'a1c72e74ea3fa9b6',
  },
  {
    // RFC 4493 section 4, example 3.
    name: 'AES CMAC',
    answer: () => cmac({ algorithm: 'aes128', bytes: hex('2b7e151628aed2a6abf7158809cf4f3c') }, hex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411')),
    expected: 'dfa66747de9ae63030ca32611497c827',
  },
]

/** Throws `key.self-test-failed`. */
export function selfTest(answers: readonly KnownAnswer[] = knownAnswers): void {
  for (const { name, answer, expected } of answers) {
    const given = Buffer.from(answer() as Uint8Array).toString('hex')
    if (given !== expected) throw new CardwrightError({ code: 'key.self-test-failed', class: 'bug', values: { name } })
  }
}
