/** Commands about machines: those of the workspace, and the practice machine served to other programs. */
import type { DeviceLink } from '#shared/device/device.ts'
import { SimulatorMode, SimulatorModel } from '#shared/device/simulator.ts'
import { CardwrightError } from '#shared/faults.ts'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { serveSimulator } from '#drivers/cpx/simulator/serve.ts'
import type { StoredDevice } from '../../../ports/store.ts'
import { whenAskedToStop } from '../../web/serve.ts'
import { findDevice, type Setting, type SignInOptions, withJournal, withSession } from '../setting.ts'
import { textTable } from '../table.ts'

export function listDevices(setting: Setting, { json = false }: { json?: boolean }): void {
  const { words, terminal } = setting
  const devices = withJournal(setting, (store) => store.devices())
  if (json) return terminal.print(JSON.stringify(devices, undefined, 2))
  const columns = [
    { heading: words.say('report.column.device'), cell: ({ device }: StoredDevice) => device },
    { heading: words.say('cli.column.name'), cell: ({ name }: StoredDevice) => name },
    { heading: words.say('cli.column.profile'), cell: ({ profile, mode }: StoredDevice) => `${profile} (${mode})` },
    { heading: words.say('cli.column.link'), cell: ({ link }: StoredDevice) => linkText(link) },
  ]
  terminal.print(textTable(columns, devices))
}

export interface AddDeviceOptions extends SignInOptions {
  profile: string
  mode: string
  link: string
}

export function addDevice(setting: Setting, name: string, { profile, mode, link, ...signIn }: AddDeviceOptions): Promise<void> {
  const parsed = parseDeviceLink(link)
  return withSession(setting, signIn, async (client) => {
    const { device } = await client.call('device.save', { name, profile, mode, link: parsed })
    setting.terminal.print(setting.words.say('cli.device.added', { device, name }))
  })
}

export function removeDevice(setting: Setting, wanted: string, signIn: SignInOptions): Promise<void> {
  return withSession(setting, signIn, async (client) => {
    const { device, name } = await findDevice(client, wanted)
    await client.call('device.remove', { device })
    setting.terminal.print(setting.words.say('cli.device.removed', { device, name }))
  })
}

/** Asks the machine who it is, with questions that can't move a card. */
export function probeDevice(setting: Setting, wanted: string, { json = false, ...signIn }: SignInOptions & { json?: boolean }): Promise<void> {
  return withSession(setting, signIn, async (client) => {
    const { words, terminal } = setting
    const { device, name } = await findDevice(client, wanted)
    await client.call('device.connect', { device })
    const { answered, status, version, error } = await client.call('device.probe', { device })
    if (json) terminal.print(JSON.stringify({ answered, status, version, error }, undefined, 2))
    if (!answered) throw new CardwrightError({ code: 'device.no-answer', class: 'device', values: { link: name } })
    if (!json) terminal.print(words.say('cli.device.probe', { status: status ?? '—', version: version ?? '—', error: error ?? '—' }))
  })
}

export interface SimulateOptions {
  link: string
  control?: string
  state?: string
  speed?: string
  blanks?: string
  mode?: string
  json?: boolean
}

/** Serves a machine until asked to stop. */
export async function simulate({ words, terminal }: Setting, model: string, { link, control, state, speed, blanks, mode, json = false }: SimulateOptions): Promise<void> {
  const controlled = control === undefined ? undefined : parseServedLink(control)
  if (controlled?.kind === 'pty') throw new CardwrightError({ code: 'cli.control-link', class: 'operator' })
  const served = await serveSimulator({
    model: oneOf(SimulatorModel.options, model),
    link: parseServedLink(link),
    clock: systemClock,
    ...(mode !== undefined && { mode: oneOf(SimulatorMode.options, mode) }),
    ...(controlled && { control: controlled.port }),
    ...(state !== undefined && { stateFile: state }),
    ...(speed !== undefined && { speed: positive(speed) }),
    ...(blanks !== undefined && { blanks: positive(blanks) }),
  })
  const stopped = whenAskedToStop()
  const address = { address: served.address, ...(served.controlPort !== undefined && { control: `127.0.0.1:${served.controlPort}` }) }
  if (json) terminal.print(JSON.stringify(address))
  else {
    terminal.print(words.say('cli.simulate.serving', { model: served.machine.picture().model.toUpperCase(), address: address.address }))
    if (address.control !== undefined) terminal.print(words.say('cli.simulate.control', { address: address.control }))
    terminal.print(words.say('cli.simulate.stop'))
  }
  await stopped
  await served.stop()
}

/** `pty:/tmp/dc450` or `tcp:4500`. Throws `cli.link`. */
function parseServedLink(text: string): { kind: 'pty'; path: string } | { kind: 'tcp'; port: number } {
  const [, kind, rest] = /^(pty|tcp):(.+)$/.exec(text) ?? []
  if (kind === 'pty' && rest !== undefined) return { kind, path: rest }
  if (kind === 'tcp' && rest !== undefined && isPort(rest)) return { kind, port: Number(rest) }
  throw new CardwrightError({ code: 'cli.link', class: 'operator', values: { link: text, forms: 'pty:/tmp/dc450, tcp:4500' } })
}

/** `serial:COM3`, `serial:/dev/ttyUSB0`, `tcp:192.0.2.7:4001` or `simulator`. Throws `cli.link`. */
function parseDeviceLink(text: string): DeviceLink {
  if (text === 'simulator') return { kind: 'simulator', speed: 1 }
  const [, path] = /^serial:(.+)$/.exec(text) ?? []
  if (path !== undefined) return { kind: 'serial', path }
  const [, host, port] = /^tcp:(.+):(\d+)$/.exec(text) ?? []
  if (host !== undefined && port !== undefined && isPort(port)) return { kind: 'tcp', host: host.replace(/^\[(.+)\]$/, '$1'), port: Number(port) }
  throw new CardwrightError({ code: 'cli.link', class: 'operator', values: { link: text, forms: 'serial:COM3, tcp:HOST:4001, simulator' } })
}

function linkText(link: DeviceLink): string {
  if (link.kind === 'serial') return `serial:${link.path}`
  return link.kind === 'tcp' ? `tcp:${link.host}:${link.port}` : link.kind
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
}

function oneOf<Option extends string>(options: readonly Option[], given: string): Option {
  const found = options.find((option) => option === given.toLowerCase())
  if (found === undefined) throw new CardwrightError({ code: 'cli.one-of', class: 'operator', values: { given, options: options.join(', ') } })
  return found
}

export function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value)) throw new CardwrightError({ code: 'cli.number', class: 'operator', values: { given: text } })
  return value
}
