/** Gives the packed program a stand-in for the `electron` module, which has no binary here. */
import { registerHooks } from 'node:module'

const standIn = new URL('./electron.mjs', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context)),
})
