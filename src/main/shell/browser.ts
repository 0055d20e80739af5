/** Opens an address in whatever browser this computer has. */
import { spawn } from 'node:child_process'

type Variables = Readonly<Record<string, string | undefined>>

/** The program that opens addresses; undefined in CI and where there is no screen. */
export function browserCommand(address: string, platform: NodeJS.Platform, variables: Variables): [program: string, ...args: string[]] | undefined {
  if (variables['CI']) return undefined
  if (platform === 'darwin') return ['open', address]
  // `start` of cmd.exe would take the address apart.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address]
  return hasScreen(platform, variables) ? ['xdg-open', address] : undefined
}

export function hasScreen(platform: NodeJS.Platform, variables: Variables): boolean {
  return platform === 'darwin' || platform === 'win32' || Boolean(variables['DISPLAY'] ?? variables['WAYLAND_DISPLAY'])
}

/** Whether there is one is not known: the address is printed in any case. */
export function openBrowser(address: string): void {
  const command = browserCommand(address, process.platform, process.env)
  if (command === undefined) return
  const [program, ...args] = command
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
