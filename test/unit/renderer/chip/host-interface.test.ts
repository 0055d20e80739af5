import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readHostInterface } from '../../../../src/renderer/feature/chip/editor/host-interface.ts'
import { argumentAt, memberAt, membersAfter } from '../../../../src/renderer/feature/chip/editor/script-types.ts'

const host = readHostInterface(readFileSync(new URL('../../../../assets/scapps/host.d.ts', import.meta.url), 'utf8'))

describe('the host interface as the editor knows it', () => {
  test('has every interface and helper of the declarations', () => {
    expect([...host.interfaces.keys()]).toEqual(expect.arrayContaining(['Card', 'Channel', 'Command', 'Response', 'Group', 'ChannelRequest', 'PreparedRecord']))
    expect([...host.globals.keys()]).toEqual(['bytes', 'tlv'])
    for (const members of host.interfaces.values()) expect(members.length).toBeGreaterThan(0)
  })

  test('knows what calls take and answer, and what members are for', () => {
    const card = host.interfaces.get('Card')!
    const openChannel = card.find(({ name }) => name === 'openChannel')!
    expect(openChannel).toMatchObject({ kind: 'method', type: 'Channel', parameters: ['ChannelRequest'] })
    expect(card.find(({ name }) => name === 'groups')).toMatchObject({ kind: 'property', type: 'Group', list: true })
    expect(card.find(({ name }) => name === 'log')?.doc).toMatch(/^For the trace of the workbench/)
    expect(card.find(({ name }) => name === 'step')).toMatchObject({ kind: 'method' })
    expect(host.interfaces.get('ChannelRequest')!.find(({ name }) => name === 'protocol')?.values).toEqual(['auto', 'scp02', 'scp03', 'native'])
  })
})

const script = `
export default async function personalize(c) {
  const channel = await c.openChannel({ protocol: 'auto', key: 'k' })
  for (const group of c.groups) await channel.send({ cla: 0 })
  const answer = await channel.send({ cla: 0x80 })
}`

describe('names in a script', () => {
  test('are what their calls answered', () => {
    const names = (path: string[]) => membersAfter(path, script, host)?.map(({ name }) => name)
    expect(names(['c'])).toContain('openChannel')
    expect(names(['channel'])).toContain('sealed')
    expect(names(['group'])).toContain('secret')
    expect(names(['answer'])).toEqual(['data', 'status'])
    expect(names(['bytes'])).toContain('chunks')
    expect(names(['nothing'])).toBeUndefined()
    expect(memberAt(['channel', 'sealed'], script, host)?.signature).toMatch(/^sealed\(secret: Secret/)
  })

  test('an argument being written offers its members, and the values of one', () => {
    const at = (text: string) => argumentAt(text, script, host)
    expect(at('await c.openChannel({ pro')?.members.map(({ name }) => name)).toContain('diversification')
    expect(at("await c.openChannel({ protocol: '")).toMatchObject({ key: 'protocol' })
    expect(at('await channel.send({ cla: 0x80, ins: 0xE2 }, { ex')?.members.map(({ name }) => name)).toEqual(['expect'])
    expect(at('await channel.send(')).toBeUndefined()
    expect(at('const a = { b')).toBeUndefined()
  })
})
