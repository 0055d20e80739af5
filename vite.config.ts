/** Builds the screens for every host. The desktop build (electron.vite.config.ts) takes the same settings. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'
import { noncePlaceholder } from './src/main/shell/pages.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

export const screens = {
  root: path('src/renderer'),
  plugins: [react()],
  // The host puts a nonce of its own in its place at every answer.
  html: { cspNonce: noncePlaceholder },
  build: {
    outDir: path('out/renderer'),
    emptyOutDir: true,
    target: 'es2024',
    minify: 'oxc',
    // Small images become files too, so that the policy needs no exception for them.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2_000,
  },
} satisfies UserConfig

export default defineConfig(screens)
