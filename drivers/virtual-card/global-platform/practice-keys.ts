/**
 * Keys of practice cards: publicly known demonstration values, here and nowhere else on the card's side (`docs/virtual-cards.md` lists
 * them). Each card has keys of its own, which follow from the master key of its type and its key diversification data.
 */
import { concatenate, fromHex } from '#shared/bytes.ts'
import { aesCmac, desEncryptEcb } from '../crypto.ts'
import type { StaticKeys } from './channel.ts'

/** KMC by the length of its keys. The first 16 bytes are the ones that every published example uses. */
export const masterKeys = {
  16: fromHex('404142434445464748494A4B4C4D4E4F'),
  24: fromHex('404142434445464748494A4B4C4D4E4F5051525354555657'),
  32: fromHex('404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F'),
} as const

/** Which master key it is (EMV CPS 1.1, 3.1): an issuer identification number of nobody, filled up from the left. */
export const masterKeyIdentifier = fromHex('FFFFFF999999')

/** Key diversification data (EMV CPS 1.1, table 3-1): identifier of the master key, serial number of the chip. */
export function diversificationData(serial: Uint8Array): Uint8Array {
  return concatenate(masterKeyIdentifier, serial)
}

const purposes = { encryption: 1, mac: 2, data: 3 } as const

function forEach(make: (purpose: number) => Uint8Array): StaticKeys {
  return { encryption: make(purposes.encryption), mac: make(purposes.mac), data: make(purposes.data) }
}

/** EMV CPS 1.1, 3.1: six bytes of the diversification data, twice, under the master key. */
export function emvCpsKeys(master: Uint8Array, diversification: Uint8Array): StaticKeys {
  const six = diversification.subarray(-6)
  return forEach((purpose) => desEncryptEcb(master, concatenate(six, [0xf0, purpose], six, [0x0f, purpose])))
}

/** NIST SP 800-108 in counter mode as cards of SCP03 use it ("KDF3"): counter, purpose in four bytes, a separator, the data. */
export function kdf3Keys(master: Uint8Array, diversification: Uint8Array): StaticKeys {
  const length = master.length
  return forEach((purpose) => {
    const block = (round: number) => aesCmac(master, concatenate([round, 0, 0, 0, purpose, 0], diversification))
    return concatenate(block(1), block(2)).slice(0, length)
  })
}
