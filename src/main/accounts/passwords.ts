/** The rules of a password, and the growing wait after wrong ones. */
import { CardwrightError } from '#shared/faults.ts'
import type { Clock } from '../ports/clock.ts'

const shortest = 12

/** Length is what counts (NIST SP 800-63B 3.1.1.2); a name is the first thing that is tried. */
export function checkPassword(password: string, name: string): void {
  if ([...password].length < shortest) throw new CardwrightError({ code: 'person.password-short', class: 'operator', values: { shortest } })
  if (name.length >= 3 && plainName(password).includes(plainName(name))) {
    throw new CardwrightError({ code: 'person.password-has-name', class: 'operator' })
  }
}

/** Names that differ only in case, width or outer spaces are one name. */
export function plainName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

const freeTries = 3
const longestWait = 300_000
/** Names whose failures are kept at once: enough for a branch, and no more than a flood of names may take. */
const mostNames = 1_000

export interface Throttle {
  /**
   * Counts a try under `name` before its password is looked at, so that many at once gain nothing. Throws `person.wait`
   * while the name has to wait.
   */
  enter(name: string): void
  succeeded(name: string): void
}

/** After three wrong passwords for a name each further one doubles the wait, from two seconds to five minutes. */
export function createThrottle(clock: Clock): Throttle {
  const tries = new Map<string, { count: number; until: number }>()
  return {
    enter(given) {
      const name = plainName(given)
      const before = tries.get(name)
      const left = (before?.until ?? 0) - clock.elapsed()
      if (left > 0) throw new CardwrightError({ code: 'person.wait', class: 'operator', values: { seconds: Math.ceil(left / 1000) } })
      const count = (before?.count ?? 0) + 1
      const wait = count < freeTries ? 0 : Math.min(longestWait, 1000 * 2 ** (count - freeTries + 1))
      // Set anew, so that the map's first is the name that was tried longest ago.
      tries.delete(name)
      tries.set(name, { count, until: clock.elapsed() + wait })
      if (tries.size > mostNames) tries.delete(tries.keys().next().value!)
    },
    succeeded: (name) => void tries.delete(plainName(name)),
  }
}
