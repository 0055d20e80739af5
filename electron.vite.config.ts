/** Builds the desktop program: main process with its threads, preload script, screens. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'electron-vite'
import { screens } from './vite.config.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  main: {
    build: {
      outDir: path('out/main'),
      rollupOptions: {
        input: {
          index: path('src/main/shell/electron/main.ts'),
          // Found by its name beside the main bundle (src/main/intake/worker-host.ts).
          'intake-worker': path('src/main/intake/worker.ts'),
          // As above, by src/main/chip/sandbox/thread-engine.ts.
          'scapp-thread': path('src/main/chip/sandbox/thread.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: path('out/preload'),
      // A sandboxed preload script loads no modules: everything in one file, as CommonJS.
      externalizeDeps: false,
      rollupOptions: { input: { index: path('src/main/shell/electron/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: { ...screens, build: { ...screens.build, rollupOptions: { input: path('src/renderer/index.html') } } },
})
