/** Type-checks every layer by its own tsconfig; see the architecture's rule 5. */
import { spawnSync } from 'node:child_process'

const layers = ['src/shared', 'drivers', 'src/main', 'src/renderer', 'test']
const failed = layers.filter((layer) => spawnSync('tsc', ['-p', layer], { stdio: 'inherit', shell: process.platform === 'win32' }).status !== 0)
if (failed.length > 0) {
  console.error(`types do not hold in ${failed.join(', ')}`)
  process.exit(1)
}
