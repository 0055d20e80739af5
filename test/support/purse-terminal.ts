/** A terminal for the purse of docs/native-card.md, holding the issuer's keys itself. Hex in and out. */
import { desEncryptEcb, padded, retailMac } from '#drivers/virtual-card/crypto.ts'
import { fromHex, toHex } from '#shared/bytes.ts'

export interface PurseKeys {
  credit: string
  debit: string
  proof: string
}

export const purseTerminal = 'A1A2A3A4A5A6'
export const purseTime = '20261125120000'

const mac4 = (key: string, data: string): string => toHex(retailMac(fromHex(key), padded(fromHex(data), 8)).slice(0, 4))
const withLength = (data: string): string => toHex(Uint8Array.of(data.length / 2)) + data

export interface PurseOrder {
  kind: 'load' | 'purchase'
  /** 1 points, 2 money. */
  value: number
  /** Four bytes. */
  amount: string
  keys: PurseKeys
  /** The key that this terminal believes in, where it is not the right one. */
  key?: string
}

/** One transaction; answers the status word, `9000` only where both sides' codes are right. `again`: what the last command was, to send it once more. */
export function transact(send: (command: string) => string, { kind, value, amount, keys, key }: PurseOrder): { status: string; again: string } {
  const [p1, number, type, ins] = kind === 'load' ? ['00', '01', '02', '52'] : ['01', '02', '06', '54']
  const told = send(`8050${p1}0${value}${withLength(number + amount + purseTerminal)}`)
  if (told.length === 4) return { status: told, again: '' }
  const [balance, counter, random, mac] = [told.slice(0, 8), told.slice(8, 12), told.slice(12, 20), told.slice(20, 28)]
  const block = fromHex(`${random}${counter}8000`)
  const own = key ?? (kind === 'load' ? keys.credit : keys.debit)
  const session = toHex(desEncryptEcb(fromHex(own), fromHex(toHex(block) + toHex(block.map((byte) => byte ^ 0xff)))))
  const right = mac === mac4(session, `${balance}${amount}${type}0${value}${purseTerminal}`)
  const signed = `${amount}${type}0${value}${purseTerminal}${purseTime}`
  const again = `80${ins}0000${withLength(purseTime + mac4(session, signed))}`
  const answered = send(again)
  const after = Number.parseInt(balance, 16) + (kind === 'load' ? 1 : -1) * Number.parseInt(amount, 16)
  const proved = answered === `${mac4(keys.proof, after.toString(16).padStart(8, '0') + counter + signed)}9000`
  return { status: answered.endsWith('9000') && !(right && proved) ? 'wrong code' : answered.slice(-4), again }
}
