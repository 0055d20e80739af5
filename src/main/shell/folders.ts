/** Where things lie on this computer. */
import { homedir } from 'node:os'
import { join } from 'node:path'

type Variables = Readonly<Record<string, string | undefined>>

/** The practice workspace that a first start opens, in the place where this system keeps a person's data. */
export function practiceFolder(platform: NodeJS.Platform = process.platform, variables: Variables = process.env, home = homedir()): string {
  return join(dataFolder(platform, variables, home), 'Cardwright', 'demo')
}

function dataFolder(platform: NodeJS.Platform, variables: Variables, home: string): string {
  if (platform === 'win32') return variables['APPDATA'] ?? join(home, 'AppData', 'Roaming')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support')
  return variables['XDG_DATA_HOME'] ?? join(home, '.local', 'share')
}
