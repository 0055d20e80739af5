/** Issuer scripts under secure messaging, from an issuer's host written apart from the card. */
import { describe, expect, it } from 'vitest'
import { encipheredPin, scriptCommand } from '../../../../support/emv-issuer.ts'
import type { IssuerScheme } from '../../../../support/emv-issuer.ts'
import { demo, ready, schemes, testPki } from './ready.ts'

async function afterRequest(scheme: IssuerScheme) {
  const begun = await ready(demo(scheme))
  const request = await begun.terminal.generate('ARQC')
  const write = (header: string, data = '', number = 0, length = 8) => scriptCommand(scheme, begun.keys, request.cryptogram, request.counter, header, data, number, length)
  const send = async (command: string) => (await begun.terminal.send(command)).status
  return { ...begun, request, write, send }
}

describe.skipIf(!testPki).each(schemes)('scripts of %s', (scheme) => {
  it('block the application and bring it back', async () => {
    const { terminal, write, send, again, identifier, keys } = await afterRequest(scheme)
    expect(await send(write('841E0000'))).toBe('9000')
    expect((await terminal.generate('TC', 'second')).kind).toBe('AAC')
    await again('6283')
    const declined = await terminal.generate('TC')
    expect(declined.kind).toBe('AAC')
    expect(await send(scriptCommand(scheme, keys, declined.cryptogram, declined.counter, '84180000', ''))).toBe('9000')
    expect(await terminal.select(identifier)).toBe('9000')
  })
  it('block the card', async () => {
    const { terminal, write, send, identifier } = await afterRequest(scheme)
    expect(await send(write('84160000'))).toBe('9000')
    expect(await terminal.select(identifier)).toBe('6A81')
    expect(await send('00B2010C00')).toBe('6985')
  })
  it('give the tries of the PIN back, and change it', async () => {
    const { terminal, write, send, keys, request } = await afterRequest(scheme)
    for (let tries = 3; tries > 0; tries -= 1) await terminal.verifyPin('0000')
    expect(await send(write('84240000'))).toBe('9000')
    expect(await terminal.verifyPin('1234')).toBe('9000')
    expect(await send(write('84240002', encipheredPin(scheme, keys, request.cryptogram, request.counter, '98765'), 1))).toBe('9000')
    expect(await terminal.verifyPin('1234')).toBe('63C2')
    expect(await terminal.verifyPin('98765')).toBe('9000')
  })
  it('change data and records', async () => {
    const { terminal, write, send } = await afterRequest(scheme)
    const tag = scheme === 'mchip' ? '9F14' : '9F58'
    expect(await send(write(`84DA${tag}`, '09'))).toBe('9000')
    expect((await terminal.getData(tag)).data).toBe(`${tag}0109`)
    expect(await send(write('84DC010C', '70035A0199', 1))).toBe('9000')
    expect((await terminal.send('00B2010C00')).data).toBe('70035A0199')
    expect(await send(write('84DA9F36', '0000', 2))).toBe('6A88')
    expect(await send(write('84DC090C', '70035A0199', 3))).toBe('6A83')
  })
  it('take a MAC of four bytes', async () => {
    const { write, send } = await afterRequest(scheme)
    expect(await send(write('841E0000', '', 0, 4))).toBe('9000')
  })
  it('are refused with a wrong MAC, and the next cryptogram tells', async () => {
    const { terminal, write, send, again } = await afterRequest(scheme)
    const right = write('841E0000')
    expect(await send(`${right.slice(0, -2)}${right.endsWith('00') ? '01' : '00'}`)).toBe('6988')
    expect(await send('841E0000021234')).toBe('6987')
    expect(await send(`84180000${right.slice(8)}`)).toBe('6988')
    await again()
    const { issuerApplicationData: data } = await terminal.generate('AAC')
    const byte = Number.parseInt(scheme === 'mchip' ? data.slice(12, 14) : data.slice(12, 14), 16)
    expect(byte & (scheme === 'mchip' ? 0x01 : 0x08)).not.toBe(0)
  })
  it('are counted', async () => {
    const { terminal, write, send, again } = await afterRequest(scheme)
    expect(await send(write('84240000'))).toBe('9000')
    expect(await send(write('84240000', '', 1))).toBe('9000')
    await again()
    const { issuerApplicationData: data } = await terminal.generate('AAC')
    expect(scheme === 'mchip' ? data.slice(8, 9) : data.slice(12, 13)).toBe('2')
  })
})
