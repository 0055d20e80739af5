/** The library of readers, loaded only when somebody asks for readers: a computer without it is told so, and works on. */
import type { Card, Client, Err, Reader } from 'pcsc-mini'
import { CardwrightError } from '#shared/cardwright-error.ts'

export type { Card, Client, Reader }
export type Library = typeof import('pcsc-mini')

/** Throws `chip.unavailable` (class device), where the package has nothing for this computer or the system lacks its own library. */
export async function loadLibrary(): Promise<Library> {
  try {
    const module = (await import('pcsc-mini')) as Library & { default?: Library }
    return module.default ?? module
  } catch (cause) {
    throw new CardwrightError({ code: 'chip.unavailable', class: 'device' }, { cause })
  }
}

const kept = new Set<Client | Card>()

/**
 * Holds a native object for as long as its handle may be open. `pcsc-mini` 0.1.3 closes a forgotten one when memory is tidied up, and where
 * the service has gone meanwhile, that fails as an error which nobody can catch. What never could be closed is held to the end.
 */
export function hold(object: Client | Card): void {
  kept.add(object)
}

/** Its handle is closed. */
export function letGo(object: Client | Card): void {
  kept.delete(object)
}

/** PC/SC's word for what went wrong, such as `RemovedCard`; `Unexpected` for what is none of its errors. */
export function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error ? (thrown as Partial<Err>).code : undefined
  return typeof code === 'string' ? code : 'Unexpected'
}
