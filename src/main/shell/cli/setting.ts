/** What every command is given: its words, its terminal, the workspace it works on, and who works on it. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { OutputOf } from '#shared/contract/calls.ts'
import type { LiveState } from '#shared/contract/live.ts'
import { CardwrightError } from '#shared/faults.ts'
import type { Words } from '../../reports/words.ts'
import { openStore } from '../../store/store.ts'
import type { Store } from '../../ports/store.ts'
import type { Core } from '../../transport/core.ts'
import { type Client, createClient, whenThere } from '../client.ts'
import { openWorkspace, workspaceFiles } from '../compose.ts'
import { practiceFolder } from '../folders.ts'
import type { Terminal } from './terminal.ts'

export interface Setting {
  readonly words: Words
  readonly terminal: Terminal
  /** As given with `--data`. */
  readonly data: string | undefined
  readonly folder: string
}

export function settingOf(words: Words, terminal: Terminal, data: string | undefined): Setting {
  return { words, terminal, data, folder: data === undefined ? practiceFolder() : resolve(data) }
}

/** Who signs in, and from where the password comes: asked without an echo, or read from standard input; never an argument. */
export interface SignInOptions {
  as?: string | undefined
  passwordStdin?: boolean | undefined
}

/**
 * Opens the workspace to work on it and signs somebody in. In a practice workspace a role is enough, and no password is
 * asked. Throws `cli.no-workspace`, `cli.who`, `store.in-use` and whatever signing in throws.
 */
export async function withSession<Value>(setting: Setting, options: SignInOptions, work: (client: Client, core: Core) => Promise<Value>): Promise<Value> {
  requireWorkspace(setting)
  const core = await openWorkspace({ folder: setting.folder, host: 'cli' })
  try {
    const client = createClient(core)
    const { name, password } = await credentials(setting, options, await client.call('workspace.describe', {}))
    await client.signIn(name, password)
    return await work(client, core)
  } finally {
    await core.close()
  }
}

/** What the journal holds, read beside a program that may be working. Holds nothing but masked data, so nobody signs in. */
export function withJournal<Value>(setting: Setting, read: (store: Store) => Value): Value {
  requireWorkspace(setting)
  const store = openStore({ path: workspaceFiles(setting.folder).database, readOnly: true })
  try {
    return read(store)
  } finally {
    store.close()
  }
}

function requireWorkspace({ folder }: Setting): void {
  if (existsSync(workspaceFiles(folder).database)) return
  throw new CardwrightError({ code: 'cli.no-workspace', class: 'operator', values: { folder } })
}

export async function credentials(
  { terminal, words }: Setting,
  { as, passwordStdin = false }: SignInOptions,
  workspace: Pick<OutputOf<'workspace.describe'>, 'demoPeople'>,
): Promise<{ name: string; password: string }> {
  const wanted = as?.toLowerCase()
  const practice = workspace.demoPeople.find(({ name, role }) => name.toLowerCase() === wanted || role === wanted)
  if (practice !== undefined && !passwordStdin) return practice
  const name = as ?? (terminal.interactive ? await terminal.ask(words.say('cli.ask.name')) : undefined)
  if (name === undefined || name === '') throw new CardwrightError({ code: 'cli.who', class: 'operator' })
  return { name, password: await newSecret({ terminal, words }, 'cli.ask.password', { name }, passwordStdin) }
}

/** Throws `cli.no-password` where nobody can be asked. */
export async function newSecret(
  { terminal, words }: Pick<Setting, 'terminal' | 'words'>,
  question: 'cli.ask.password' | 'cli.ask.new-password',
  values: { name: string },
  fromInput: boolean,
): Promise<string> {
  const secret = fromInput ? await terminal.readLine() : terminal.interactive ? await terminal.askHidden(words.say(question, values)) : undefined
  if (secret === undefined || secret === '') throw new CardwrightError({ code: 'cli.no-password', class: 'operator' })
  return secret
}

/** The live state as it is now. */
export function stateNow(client: Pick<Client, 'follow'>): Promise<LiveState> {
  return whenThere(client, (state) => state)
}

/** A device by its identifier or its name. Throws `cli.no-device`. */
export async function findDevice(client: Pick<Client, 'follow'>, wanted: string): Promise<LiveState['devices'][number]> {
  const { devices } = await stateNow(client)
  const found = devices.find(({ device, name }) => device === wanted || name.toLowerCase() === wanted.toLowerCase())
  if (found !== undefined) return found
  throw new CardwrightError({ code: 'cli.no-device', class: 'operator', values: { device: wanted, devices: devices.map(({ name }) => name).join(', ') || '—' } })
}
