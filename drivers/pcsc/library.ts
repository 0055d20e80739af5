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

/** PC/SC's word for what went wrong, such as `RemovedCard`; `Unexpected` for what is none of its errors. */
export function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error ? (thrown as Partial<Err>).code : undefined
  return typeof code === 'string' ? code : 'Unexpected'
}
