/** What the card refuses, and in what order commands may come (EMV 4.3 Book 3, 6). */
import { describe, expect, it } from 'vitest'
import { tlv } from '../../../../support/emv-card-data.ts'
import { begin, demo, ready, schemes, testPki } from './ready.ts'

const cdol = '00'.repeat(29)

describe.skipIf(!testPki)('the order of a transaction', () => {
  it('begins with SELECT and GET PROCESSING OPTIONS', async () => {
    const { terminal, identifier } = begin(demo('visa-10'))
    await terminal.select(identifier)
    expect((await terminal.send(`80AE80001D${cdol}00`)).status).toBe('6985')
    expect((await terminal.send('0088000004010203 0400'.replaceAll(' ', ''))).status).toBe('6985')
    await terminal.initiate()
    expect((await terminal.send('80A8000002830000')).status).toBe('6985')
  })
  it('counts each one', async () => {
    const { terminal, again } = await ready(demo('visa-10'))
    expect((await terminal.getData('9F36')).data).toBe('9F36020001')
    await again()
    expect((await terminal.generate('AAC')).counter).toBe('0002')
  })
  it('ends where the counter ends', async () => {
    const { lone, terminal, identifier } = begin(demo('visa-10'))
    lone.eeprom.memory.write('tag/9F36', Uint8Array.of(0xff, 0xfe))
    await terminal.select(identifier)
    await terminal.initiate()
    await terminal.select(identifier)
    expect((await terminal.send('80A8000002830000')).status).toBe('6985')
  })
  it('has no second cryptogram after a TC or AAC, and none that asks for going online', async () => {
    const { terminal, again } = await ready(demo('visa-10'))
    await terminal.generate('AAC')
    expect((await terminal.send(`80AE40001F3030${cdol}00`)).status).toBe('6985')
    await again()
    await terminal.generate('ARQC')
    expect((await terminal.send(`80AE80001F3030${cdol}00`)).status).toBe('6985')
    expect((await terminal.send(`80AE40001E30${cdol}00`)).status).toBe('6700')
    expect((await terminal.generate('AAC', 'second')).kind).toBe('AAC')
    expect((await terminal.send(`80AE40001F3030${cdol}00`)).status).toBe('6985')
  })
  it('authenticates its issuer once, after an ARQC', async () => {
    const { terminal } = await ready(demo('visa-10'))
    expect(await terminal.externalAuthenticate('00'.repeat(10))).toBe('6985')
    await terminal.generate('ARQC')
    expect(await terminal.externalAuthenticate('00'.repeat(7))).toBe('6700')
    expect(await terminal.externalAuthenticate('00'.repeat(10))).toBe('6300')
    expect(await terminal.externalAuthenticate('00'.repeat(10))).toBe('6985')
  })
  it('does not know EXTERNAL AUTHENTICATE where AIP says so', async () => {
    const { terminal } = await ready(demo('mchip'))
    await terminal.generate('ARQC')
    expect(await terminal.externalAuthenticate('00'.repeat(10))).toBe('6985')
  })
})

describe.skipIf(!testPki)('single commands', () => {
  it.each([
    ['80A800000483020000', '6700', 'processing data longer than the PDOL'],
    ['80A80000028500', '6A80', 'another template'],
    ['80A80100028300', '6A86', 'P1 of GET PROCESSING OPTIONS'],
    ['00B2070C00', '6A83', 'a record that is not there'],
    ['00B2013C00', '6A82', 'a file that is not there'],
    ['00B2010800', '6A86', 'P2 that is no record number'],
    ['80CA9F2600', '6A88', 'data that GET DATA does not tell'],
    ['80CA005A00', '6A88', 'data of records'],
    ['00CA9F3600', '6E00', 'the wrong class'],
    ['8034000000', '6D00', 'an unknown instruction'],
    ['0084000100', '6A86', 'P2 of GET CHALLENGE'],
    ['841E000000', '6985', 'a script before any cryptogram'],
    ['8C1E000000', '6882', 'secure messaging of format 1'],
  ])('%s is answered %s: %s', async (command, status) => {
    const { terminal, identifier } = begin(demo('visa-10'))
    await terminal.select(identifier)
    expect((await terminal.send(command)).status).toBe(status)
  })
  it.each([['80AEC0001D', '6A86'], ['80AE81001D', '6A86'], ['80AE80011D', '6A86']])('%s is answered %s', async (header, status) => {
    const { terminal } = await ready(demo('visa-10'))
    expect((await terminal.send(`${header}${cdol}00`)).status).toBe(status)
  })
  it('INTERNAL AUTHENTICATE takes what its DDOL says', async () => {
    const { terminal } = await ready(demo('visa-10', 'DDA'))
    expect((await terminal.send('0088000005010203040500')).status).toBe('6700')
    expect((await terminal.send('00880001040102030400')).status).toBe('6A86')
  })
  it('answers without a signature where it has no key for one', async () => {
    const { lone, identifier } = begin(demo('visa-10', 'SDA'))
    lone.exchange(`00A4040007${identifier}00`)
    lone.exchange('80A8000002830000')
    expect(lone.exchange(`80AE50001D${cdol}00`).data.startsWith('8012')).toBe(true)
  })
})

describe.skipIf(!testPki)('processing options', () => {
  it.each(schemes)('of %s, with a PDOL', async (scheme) => {
    const { terminal, identifier } = begin(demo(scheme, 'CDA', { processingList: '9F1A029F35019F0206' }))
    await terminal.select(identifier)
    expect((await terminal.send('80A8000002830000')).status).toBe('6700')
    await terminal.initiate()
    await terminal.read()
    // The hash of the combined signature covers the processing data (Book 2, 6.6.2).
    expect((await terminal.generate('ARQC', 'first', true)).combined).toBe(true)
  })
  it('in format 1 with Visa, 2 with M/Chip', async () => {
    for (const [scheme, tag] of [['visa-10', '80'], ['mchip', '77']] as const) {
      const { terminal, identifier } = begin(demo(scheme))
      await terminal.select(identifier)
      expect((await terminal.send('80A8000002830000')).data.slice(0, 2)).toBe(tag)
    }
  })
})

describe.skipIf(!testPki)('the transaction log', () => {
  it('has the latest approved first, and no more than it may', async () => {
    const { terminal, again } = await ready(demo('visa-10', 'SDA', { more: { '0D01': tlv('9F4F', '9F02069F27019F3602'), '9102': tlv('A5', tlv('50', '41') + tlv('BF0C', tlv('9F4D', '0B03'))) } }))
    for (let count = 1; count <= 5; count += 1) {
      if (count > 1) await again()
      terminal.values['9F02'] = `00000000${count}000`.padStart(12, '0')
      await terminal.generate(count === 4 ? 'AAC' : 'TC')
      // New cards go online first.
      if (count === 1) await terminal.generate('TC', 'second')
    }
    expect((await terminal.getData('9F4F')).data).toBe('9F4F099F02069F27019F3602')
    const record = async (number: string) => (await terminal.send(`00B2${number}5C00`)).data
    expect([await record('01'), await record('02'), await record('03')]).toEqual(['000000005000400005', '000000003000400003', '000000002000400002'])
    expect((await terminal.send('00B2045C00')).status).toBe('6A83')
  })
})
