/** The rules of a password, and the growing wait after wrong ones. */
import { CardwrightError } from '#shared/faults.ts'
import type { Clock } from '../ports/clock.ts'

const shortest = 12

/** Length is what counts (NIST SP 800-63B 3.1.1.2); a name is the first thing that is tried. */
export function checkPassword(password: string, name: string): void {
  if (Array.from(password).length < shortest) throw new CardwrightError({ code: 'person.password-short', class: 'operator', values: { shortest } })
  if (name.length >= 3 && password.toLowerCase().includes(name.toLowerCase())) {
    throw new CardwrightError({ code: 'person.password-has-name', class: 'operator' })
  }
}

const freeTries = 3
const longestWait = 60_000

export interface Throttle {
  /** Throws `person.wait` while `name` has to wait. */
  check(name: string): void
  failed(name: string): void
  succeeded(name: string): void
}

/** After three wrong passwords for a name each further one doubles the wait, from two seconds to a minute. */
export function createThrottle(clock: Clock): Throttle {
  const failures = new Map<string, { count: number; until: number }>()
  return {
    check(name) {
      const wait = (failures.get(name)?.until ?? 0) - clock.elapsed()
      if (wait > 0) throw new CardwrightError({ code: 'person.wait', class: 'operator', values: { seconds: Math.ceil(wait / 1000) } })
    },
    failed(name) {
      const count = (failures.get(name)?.count ?? 0) + 1
      const wait = count < freeTries ? 0 : Math.min(longestWait, 1000 * 2 ** (count - freeTries + 1))
      failures.set(name, { count, until: clock.elapsed() + wait })
    },
    succeeded: (name) => void failures.delete(name),
  }
}
