/** Commands about the workspace and its people. */
import { existsSync } from 'node:fs'
import type { PersonView } from '#shared/contract/calls.ts'
import { CardwrightError } from '#shared/faults.ts'
import { Role } from '#shared/journal/events.ts'
import { openWorkspace, workspaceFiles } from '../../compose.ts'
import { type Client, createClient } from '../../client.ts'
import { newSecret, type Setting, type SignInOptions, withSession } from '../setting.ts'
import { textTable } from '../table.ts'

export interface InitOptions {
  demo?: boolean
  name?: string
  administrator?: string
  passwordStdin?: boolean
}

/** Makes a workspace: one to practise on, or a real one with its first administrator. */
export async function initWorkspace(setting: Setting, { demo = false, name, administrator, passwordStdin = false }: InitOptions): Promise<void> {
  const { words, terminal, folder } = setting
  if (existsSync(workspaceFiles(folder).database)) throw new CardwrightError({ code: 'workspace.exists', class: 'operator' })
  if (!demo && (name === undefined || administrator === undefined)) throw new CardwrightError({ code: 'cli.init-names', class: 'operator' })
  const password = demo ? '' : await newSecret(setting, 'cli.ask.new-password', { name: administrator! }, passwordStdin)
  const core = await openWorkspace({ folder, host: 'cli', demo })
  try {
    if (!demo) await createClient(core).call('workspace.setUp', { name: name!, administrators: [{ name: administrator!, password }] })
  } finally {
    await core.close()
  }
  terminal.print(words.say('cli.init.done', { folder }))
}

export function listPeople(setting: Setting, { json = false, ...signIn }: SignInOptions & { json?: boolean }): Promise<void> {
  return withSession(setting, signIn, async (client) => {
    const { words, terminal } = setting
    const people = await client.call('people.list', {})
    if (json) return terminal.print(JSON.stringify(people, undefined, 2))
    const columns = [
      { heading: words.say('cli.column.person'), cell: ({ person }: PersonView) => person },
      { heading: words.say('cli.column.name'), cell: ({ name }: PersonView) => name },
      { heading: words.say('cli.column.roles'), cell: ({ roles }: PersonView) => roles.map((role) => words.say(`role.${role}`)).join(', ') },
      { heading: words.say('cli.column.active'), cell: ({ active }: PersonView) => words.say(active ? 'cli.yes' : 'cli.no') },
    ]
    terminal.print(textTable(columns, people))
  })
}

export function addPerson(setting: Setting, name: string, { role, ...signIn }: SignInOptions & { role: string[] }): Promise<void> {
  return withSession(setting, signIn, async (client) => {
    const roles = rolesOf(role)
    const password = await newSecret(setting, 'cli.ask.new-password', { name }, signIn.passwordStdin ?? false)
    const { person } = await client.call('people.add', { name, roles, password })
    setting.terminal.print(setting.words.say('cli.people.added', { person, name }))
  })
}

export interface ChangePersonOptions extends SignInOptions {
  role?: string[]
  rename?: string
  active?: boolean
}

export function changePerson(setting: Setting, wanted: string, { role, rename, active, ...signIn }: ChangePersonOptions): Promise<void> {
  return withSession(setting, signIn, async (client) => {
    const person = await findPerson(client, wanted)
    const changed = { ...person, name: rename ?? person.name, roles: role === undefined ? person.roles : rolesOf(role), active: active ?? person.active }
    await client.call('people.change', changed)
    setting.terminal.print(setting.words.say('cli.people.changed', { name: changed.name }))
  })
}

export function setPassword(setting: Setting, wanted: string, signIn: SignInOptions): Promise<void> {
  return withSession(setting, signIn, async (client) => {
    const { person, name } = await findPerson(client, wanted)
    const password = await newSecret(setting, 'cli.ask.new-password', { name }, signIn.passwordStdin ?? false)
    await client.call('people.setPassword', { person, password })
    setting.terminal.print(setting.words.say('cli.people.changed', { name }))
  })
}

async function findPerson(client: Client, wanted: string): Promise<PersonView> {
  const people = await client.call('people.list', {})
  const found = people.find(({ person, name }) => person === wanted || name.toLowerCase() === wanted.toLowerCase())
  if (found === undefined) throw new CardwrightError({ code: 'person.unknown', class: 'operator' })
  return found
}

function rolesOf(names: readonly string[]): Role[] {
  return names.map((name) => {
    const role = Role.safeParse(name)
    if (!role.success) throw new CardwrightError({ code: 'cli.no-role', class: 'operator', values: { role: name, roles: Role.options.join(', ') } })
    return role.data
  })
}
