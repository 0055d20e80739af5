/** Where the person is: `#/log/J-000012?state=rejected`. Plain hash routes work in every host, from a file too. */
import { useSyncExternalStore } from 'react'

export interface Route {
  page: string
  /** The parts after the page, decoded. */
  path: readonly string[]
  query: URLSearchParams
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [page = '', ...rest] = path.split('/').filter((part) => part !== '').map(decode)
  return { page, path: rest, query: new URLSearchParams(query) }
}

/** `routeTo('log', ['J-000012'], { state: 'rejected' })` → `#/log/J-000012?state=rejected`. Undefined values are left out. */
export function routeTo(page: string, path: readonly string[] = [], query: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)).toString()
  return `#/${[page, ...path].map(encodeURIComponent).join('/')}${search && `?${search}`}`
}

/** `replace` leaves no step back: for filters and choices that refine a page. */
export function goTo(hash: string, { replace = false } = {}): void {
  if (hash === location.hash) return
  if (replace) history.replaceState(null, '', hash)
  else history.pushState(null, '', hash)
  for (const listener of listeners) listener()
}

const listeners = new Set<() => void>()

function watch(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  window.addEventListener('hashchange', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
    window.removeEventListener('hashchange', listener)
  }
}

let known: { hash: string; route: Route } | undefined

function current(): Route {
  if (known?.hash !== location.hash) known = { hash: location.hash, route: parseRoute(location.hash) }
  return known.route
}

export function useRoute(): Route {
  return useSyncExternalStore(watch, current)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
