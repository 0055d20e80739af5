/** Known answers at every start: what guards the keys has to be what it is called, on this machine and in this program. */
import { createHmac, createSecretKey, hkdfSync, scryptSync } from 'node:crypto'
import { CardwrightError } from '#shared/faults.ts'
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
]

/** Throws `key.self-test-failed`. */
export function selfTest(answers: readonly KnownAnswer[] = knownAnswers): void {
  for (const { name, answer, expected } of answers) {
    const given = Buffer.from(answer() as Uint8Array).toString('hex')
    if (given !== expected) throw new CardwrightError({ code: 'key.self-test-failed', class: 'bug', values: { name } })
  }
}
