import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openChannel } from '#main/chip/channel/open.ts'
import { cardKeySet } from '#main/chip/channel/diversification.ts'
import type { SecurityLevel } from '#main/chip/channel/channel.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { parseCommand, parseResponse } from '#shared/chip/apdu.ts'
import { cardKeys } from '../../../support/card-keys.ts'
import { vectorFile } from '../../../support/vectors.ts'

const Transcripts = z.object({
  transcripts: z.array(
    z.object({
      host: z.string(),
      scp: z.string(),
      security_level: z.string(),
      plain_last_command: z.string().optional(),
      exchange: z.array(z.object({ plain: z.string().optional(), sent: z.string(), response: z.string() })),
    }),
  ),
  diversification_kcv: z.object({ master: z.string(), kdd: z.string(), emv_SCP02: z.record(z.string(), z.string()), visa2_SCP02: z.record(z.string(), z.string()), kdf3_SCP03_AES128: z.record(z.string(), z.string()) }),
})
const file = vectorFile('globalplatform-transcripts.json')
const vectors = file === undefined ? undefined : Transcripts.parse(file)

const value = '404142434445464748494A4B4C4D4E4F'
const keys = await cardKeys({ des: { algorithm: 'des2', purpose: 'master', value }, aes: { algorithm: 'aes128', purpose: 'master', value } })

describe.skipIf(vectors === undefined)('sessions recorded between hosts and cards of other makers', () => {
  it.each(vectors?.transcripts ?? [])('$host, $scp, $security_level', async ({ scp, security_level: level, exchange, plain_last_command: last }) => {
    const [, initialize, authenticate, command] = exchange
    const sent: string[] = []
    const answers = [initialize!, authenticate!]
    const channel = await openChannel(
      {
        keys,
        // The host's challenge of the recording.
        random: { bytes: () => parseCommand(fromHex(initialize!.sent)).data },
        exchange: (bytes) => {
          sent.push(toHex(bytes))
          return Promise.resolve(parseResponse(fromHex(answers[sent.length - 1]!.response)))
        },
      },
      {
        protocol: 'auto',
        key: scp.startsWith('SCP02') ? 'des' : 'aes',
        diversification: 'none',
        level: level.includes('DECRYPTION') ? 'mac+encryption' : ('mac' satisfies SecurityLevel),
      },
    )
    expect(sent[0]).toBe(initialize!.sent)
    // One of the hosts asks for a response to EXTERNAL AUTHENTICATE, which has none.
    expect(sent[1]).toBe(authenticate!.sent.slice(0, 42))
    const plain = last === undefined ? parseCommand(fromHex(command!.plain!)) : { ...parseCommand(fromHex(last)), expected: 256 }
    expect(toHex(await channel.wrap(plain))).toBe(command!.sent)
  })

  it.each([
    ['emv-cps', 'des', 'emv_SCP02'],
    ['visa2', 'des', 'visa2_SCP02'],
    ['kdf3', 'aes', 'kdf3_SCP03_AES128'],
  ] as const)('derives the keys of a card by %s', async (how, key, expected) => {
    const { kdd, [expected]: checkValues } = vectors!.diversification_kcv
    const set = await cardKeySet(keys, key, how, fromHex(kdd))
    const found = { ENC: set.encryption, MAC: set.mac, DEK: set.data }
    for (const [name, handle] of Object.entries(found)) expect(toHex(await keys.checkValue(handle))).toBe(checkValues[name])
  })
})
