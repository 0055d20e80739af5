/** VERIFY in clear and enciphered, GET CHALLENGE. */
import { describe, expect, it } from 'vitest'
import { raise } from '../../../../support/emv-terminal.ts'
import { demo, ready, testPki } from './ready.ts'

describe.skipIf(!testPki)('a PIN in clear', () => {
  it('has its tries, and gets them back', async () => {
    const { terminal } = await ready(demo('visa-10'))
    expect(await terminal.verifyPin('9999')).toBe('63C2')
    expect(await terminal.verifyPin('12345')).toBe('63C1')
    expect((await terminal.getData('9F17')).data).toBe('9F170101')
    expect(await terminal.verifyPin('1234')).toBe('9000')
    expect((await terminal.getData('9F17')).data).toBe('9F170103')
  })
  it('is blocked after them, over a reset too', async () => {
    const { terminal, lone, again } = await ready(demo('visa-10'))
    for (const status of ['63C2', '63C1', '63C0', '6983']) expect(await terminal.verifyPin('0000')).toBe(status)
    lone.reset()
    await again()
    expect(await terminal.verifyPin('1234')).toBe('6983')
  })
  it.each([
    ['002000800724123 4FFFFFFFF', '6700'],
    ['0020000008241234FFFFFFFFFF', '6A86'],
    ['0020018008241234FFFFFFFFFF', '6A86'],
    ['8020008008241234FFFFFFFFFF', '6E00'],
  ])('%s is answered %s and costs no try', async (command, status) => {
    const { terminal } = await ready(demo('visa-10'))
    expect((await terminal.send(command.replaceAll(' ', ''))).status).toBe(status)
    expect((await terminal.getData('9F17')).data).toBe('9F170103')
  })
})

describe.skipIf(!testPki)('a PIN enciphered', () => {
  it.each(['1234', '123456', '123456789012'])('%s is known under the key of the card', async (pin) => {
    const { terminal } = await ready(demo('visa-10', 'DDA', { pin }))
    expect(await terminal.verifyEncipheredPin(pin)).toBe('9000')
    expect(await terminal.verifyEncipheredPin('4321')).toBe('63C2')
  })
  it('needs a challenge of the command before', async () => {
    const { terminal } = await ready(demo('visa-10', 'DDA'))
    const key = terminal.recoverCardKey()
    const challenge = await terminal.ask('0084000000', 'challenge')
    const block = raise(key, `7F241234FFFFFFFFFF${challenge}${'00'.repeat(111)}`)
    await terminal.getData('9F36')
    expect((await terminal.send(`0020008880${block}`)).status).toBe('6985')
    // An old challenge counts as a wrong PIN.
    await terminal.ask('0084000000', 'challenge')
    expect((await terminal.send(`0020008880${block}`)).status).toBe('63C2')
    await terminal.ask('0084000000', 'challenge')
    expect((await terminal.send(`002000887F${block.slice(2)}`)).status).toBe('6700')
  })
  it('is not there with a card that has no private key', async () => {
    const { terminal } = await ready(demo('visa-10', 'SDA'))
    await terminal.ask('0084000000', 'challenge')
    expect((await terminal.send(`0020008880${'00'.repeat(128)}`)).status).toBe('6A86')
  })
  it('goes under a key of its own where there is one', async () => {
    const { icc, issuer } = testPki!
    const more = { '8301': issuer.coefficient, '8302': issuer.exponent2, '8303': issuer.exponent1, '8304': issuer.prime2, '8305': issuer.prime1 }
    const { terminal } = await ready(demo('visa-10', 'DDA', { more }))
    const challenge = await terminal.ask('0084000000', 'challenge')
    const block = raise({ modulus: issuer.modulus, exponent: issuer.publicExponent }, `7F241234FFFFFFFFFF${challenge}${'00'.repeat(159)}`)
    expect((await terminal.send(`00200088B0${block}`)).status).toBe('9000')
    expect(icc.modulus).not.toBe(issuer.modulus)
    expect((await terminal.authenticateDynamic()).length).toBe(16)
  })
})
