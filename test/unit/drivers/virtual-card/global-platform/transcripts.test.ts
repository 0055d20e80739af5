/** Sessions that hosts and cards of others had with each other: this card answers and accepts the same. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { CardServices, CardSystem } from '#drivers/virtual-card/application.ts'
import { answerToReset } from '#drivers/virtual-card/answer-to-reset.ts'
import { aesEncryptCbc, desEncryptEcb } from '#drivers/virtual-card/crypto.ts'
import { createFrame } from '#drivers/virtual-card/frame.ts'
import { emvCpsKeys, kdf3Keys } from '#drivers/virtual-card/global-platform/practice-keys.ts'
import { GlobalPlatformSystem } from '#drivers/virtual-card/global-platform/system.ts'
import type { StaticKeys } from '#drivers/virtual-card/global-platform/channel.ts'
import { fromHex, toHex } from '#shared/bytes.ts'
import { vectorFile } from '../../../../support/vectors.ts'

const Vectors = z.object({
  keys: z.string(),
  transcripts: z.array(
    z.object({
      host: z.string(),
      scp: z.string(),
      security_level: z.string(),
      plain_last_command: z.string().optional(),
      exchange: z.array(z.object({ plain: z.string().optional(), sent: z.string(), response: z.string() })),
    }),
  ),
  diversification_kcv: z.object({
    master: z.string(),
    kdd: z.string(),
    emv_SCP02: z.record(z.string(), z.string()),
    kdf3_SCP03_AES128: z.record(z.string(), z.string()),
  }),
})
const found = vectorFile('globalplatform-transcripts.json')
const vectors = found === undefined ? undefined : Vectors.parse(found)

/** A card as it was in the transcript: its keys, its sequence counter, and the challenge that it drew. */
function recordedCard(key: Uint8Array, initializeUpdate: Uint8Array) {
  const scp = initializeUpdate[11] as 2 | 3
  const system = new GlobalPlatformSystem({
    issuer: 'A000000151000000',
    keyVersion: initializeUpdate[10]!,
    diversification: () => initializeUpdate.slice(0, 10),
    keys: () => ({ encryption: key, mac: key, data: key }),
    life: 0x01,
    protocol: scp,
    parameter: scp === 2 ? 0x15 : initializeUpdate[12]!,
    sequence: scp === 2 ? initializeUpdate[13]! : initializeUpdate[31]!,
    programs: [],
  })
  const drawing = (card: CardServices): CardServices => ({ ...card, random: () => initializeUpdate.slice(14, 20) })
  const recorded: CardSystem = {
    format: (card) => system.format(drawing(card)),
    reset: (card) => system.reset(drawing(card)),
    process: (command, card) => system.process(command, drawing(card)),
    spendRetryCounters: () => undefined,
  }
  return createFrame({
    type: scp === 2 ? 'gp-scp02-15' : 'gp-scp03-128',
    protocol: 'T=1',
    answerToReset: answerToReset('T=1', []),
    options: { seed: 1, baudRate: 9600 },
    memory: 10_000,
    system: recorded,
  })
}

describe.skipIf(vectors === undefined)('sessions of other hosts and cards', () => {
  const { keys, transcripts } = vectors ?? { keys: '', transcripts: [] }
  for (const { host, scp, security_level, exchange, plain_last_command } of transcripts) {
    it(`${host}, ${scp}, ${security_level}`, () => {
      const card = recordedCard(fromHex(keys), fromHex(exchange[1]!.response))
      card.powerOn()
      const answers = exchange.map(({ sent }) => {
        const response = card.transmit(fromHex(sent))
        return response.kind === 'response' ? toHex(response.bytes) : response.why
      })
      expect(answers.slice(0, 3)).toEqual(exchange.slice(0, 3).map(({ response }) => response))
      // The last command was taken out of its wrapping: what it asks for is not on this card either.
      expect(answers[3]).toBe(plain_last_command === undefined ? '6A88' : '6A80')
    })

    it(`${host}, ${scp}, ${security_level}: refuses a command that was changed`, () => {
      const card = recordedCard(fromHex(keys), fromHex(exchange[1]!.response))
      card.powerOn()
      for (const { sent } of exchange.slice(0, 3)) card.transmit(fromHex(sent))
      const changed = fromHex(exchange[3]!.sent)
      changed[6]! ^= 0x01
      const again = fromHex(exchange[3]!.sent)
      expect(card.transmit(changed)).toMatchObject({ bytes: fromHex('6982') })
      expect(card.transmit(again)).toMatchObject({ bytes: fromHex('6982') })
    })
  }

  it('derives the keys of a card as other hosts do', () => {
    const { master, kdd, emv_SCP02, kdf3_SCP03_AES128 } = vectors!.diversification_kcv
    const checkValues = ({ encryption, mac, data }: StaticKeys, check: (key: Uint8Array) => Uint8Array) =>
      Object.fromEntries(Object.entries({ ENC: encryption, MAC: mac, DEK: data }).map(([name, key]) => [name, toHex(check(key)).slice(0, 6)]))
    expect(checkValues(emvCpsKeys(fromHex(master), fromHex(kdd)), (key) => desEncryptEcb(key, new Uint8Array(8)))).toEqual(emv_SCP02)
    expect(checkValues(kdf3Keys(fromHex(master), fromHex(kdd)), (key) => aesEncryptCbc(key, new Uint8Array(16).fill(1)))).toEqual(kdf3_SCP03_AES128)
  })
})
