/** Programs that suites need beyond npm: found, installed where that is possible without asking, or named. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

interface Tool {
  /** Any of these names will do. */
  programs: string[]
  debianPackage: string
  neededFor: string
}

const tools: Tool[] = [
  { programs: ['chromium', 'chromium-browser', 'google-chrome'], debianPackage: 'chromium', neededFor: 'the end-to-end suite' },
  { programs: ['socat'], debianPackage: 'socat', neededFor: 'the driver suite on a pseudo terminal' },
  { programs: ['pcscd'], debianPackage: 'pcscd', neededFor: 'the chip suites before a real PC/SC service' },
  { programs: ['vpcd-config'], debianPackage: 'vsmartcard-vpcd', neededFor: 'practice cards behind a real PC/SC service' },
  { programs: ['opensc-tool'], debianPackage: 'opensc', neededFor: 'practice cards before another host' },
  { programs: ['javac'], debianPackage: 'default-jdk-headless', neededFor: 'practice cards before Java’s smart card library' },
  { programs: ['ip'], debianPackage: 'iproute2', neededFor: 'a PC/SC service with a network of its own' },
]

/** Full path of the first of `programs` on the PATH, or among the programs of the system that not everybody's PATH names. */
export function findProgram(...programs: string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return programs.flatMap((program) => folders.map((folder) => join(folder, program))).find((path) => existsSync(path))
}

export const findChromium = () => findProgram('chromium', 'chromium-browser', 'google-chrome')

/** On Debian as root, installs what is missing and says so; elsewhere says what is missing and what will be skipped. */
export function provideTools(): void {
  const missing = tools.filter((tool) => findProgram(...tool.programs) === undefined)
  if (missing.length === 0) return
  const names = missing.map((tool) => tool.debianPackage)
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    console.log(`installing ${names.join(', ')} with apt-get, for ${missing.map((tool) => tool.neededFor).join(' and ')}`)
    const options = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
    spawnSync('apt-get', ['update', '-qq'], options)
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], options)
  }
  for (const tool of missing.filter((candidate) => findProgram(...candidate.programs) === undefined)) {
    console.log(`${tool.debianPackage} was not found: ${tool.neededFor} will be skipped`)
  }
}
