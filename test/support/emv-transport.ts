/**
 * A terminal's transport as the public terminal emv-utils has it by its source: it gives up where a card breaks ISO/IEC 7816-3 or EMV Book 1,
 * annex A, which other readers pass over.
 */
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { concatenate, fromHex, toHex } from '#shared/bytes.ts'
import type { CardAnswer } from './emv-terminal.ts'

/** Case 1 to 4 (ISO/IEC 7816-3, 12.1.3) of a short command. */
const caseOf = (length: number, lc: number) => (length === 4 ? 1 : length === 5 ? 2 : length === lc + 5 ? 3 : 4)

/** One command over emv-utils' terminal transport layer, in the mode in which a PC/SC reader takes whole commands. Throws where it gives up. */
export function exchange(card: VirtualCard, command: string): CardAnswer {
  const bytes = fromHex(command)
  const form = caseOf(bytes.length, bytes[4] ?? 0)
  let [next, data, status] = [bytes, '', '']
  for (let step = 0; step < 8; step += 1) {
    const response = card.transmit(next)
    if (response.kind === 'none') throw new Error(response.why)
    const answer = toHex(response.bytes)
    const [body, sw1, sw2] = [answer.slice(0, -4), answer.slice(-4, -2), answer.slice(-2)]
    if (body !== '' && (form === 1 || form === 3)) throw new Error(`data for a command of case ${form}`)
    data += body
    if (sw1 === '61' || sw1 === '6C') {
      if (form === 1 || form === 3) throw new Error(`${sw1}${sw2} for a command of case ${form}`)
      next = sw1 === '61' ? fromHex(`00C00000${sw2}`) : concatenate(next.subarray(0, 4), fromHex(sw2))
      continue
    }
    const warned = status === '' && form === 4 && body === '' && (sw1 === '62' || sw1 === '63') && data === ''
    status ||= sw1 + sw2
    if (!warned) return { data, status }
    next = fromHex('00C0000000')
  }
  throw new Error('the card never comes to an end')
}
