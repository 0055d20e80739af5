/** A practice card in a reader of a real PC/SC service, until asked to stop. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { PracticeCardType } from '#shared/chip/practice-card.ts'
import { CardwrightError } from '#shared/faults.ts'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { createCard, restoreCard } from '#drivers/virtual-card/cards.ts'
import type { VirtualCard } from '#drivers/virtual-card/virtual-card.ts'
import { insertIntoVpcd, type InsertedCard, type VpcdOptions, type VpcdPlace } from '#drivers/virtual-card/vpcd.ts'
import { whenAskedToStop } from '../../web/serve.ts'
import type { Setting } from '../setting.ts'

export interface VirtualCardOptions {
  vpcd: string
  state?: string
  seed: string
  baud?: string
  keys?: string
  json?: boolean
}

/** Milliseconds between two looks for a reader that is not there. */
const lookAgain = 1_000

/** Puts the card in, and in again when the service comes back. It is powered off at the end, and its file holds all that it is. */
export async function virtualCard({ words, terminal }: Setting, type: string, { vpcd, state, seed, baud, keys = 'diversified', json = false }: VirtualCardOptions): Promise<void> {
  const place = parsePlace(vpcd)
  const card = cardOf(oneOfTypes(type), { state, seed: wholeNumber(seed), baudRate: baud === undefined ? 9600 : wholeNumber(baud), keys: kindOfKeys(keys) })
  const keep = state === undefined ? undefined : keepIn(state, card)
  const say = (what: 'inserted' | 'waiting') => {
    if (json) terminal.print(JSON.stringify({ card: card.type, vpcd, state: what }))
    else terminal.print(words.say(`cli.virtual-card.${what}`, { card: card.type, vpcd }))
  }
  const stop = new AbortController()
  const stopped = whenAskedToStop().then(() => stop.abort(new Error('asked to stop')))
  if (!json) terminal.print(words.say('cli.simulate.stop'))
  const options: VpcdOptions = { place, card, ...(baud !== undefined && { clock: systemClock }), ...(keep && { afterCommand: keep }) }
  while (!stop.signal.aborted) {
    const inserted = await whenReaderIsThere(options, stop.signal, () => say('waiting'))
    if (inserted === undefined) break
    say('inserted')
    await Promise.race([inserted.ended, stopped])
    if (stop.signal.aborted) await inserted.remove()
    else await systemClock.sleep(lookAgain, stop.signal).catch(() => undefined)
  }
  keep?.()
}

/** Undefined when asked to stop before the reader came. */
async function whenReaderIsThere(options: VpcdOptions, signal: AbortSignal, tell: () => void): Promise<InsertedCard | undefined> {
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      return await insertIntoVpcd(options)
    } catch (error) {
      if (!(error instanceof CardwrightError)) throw error
      if (tries === 0) tell()
      await systemClock.sleep(lookAgain, signal).catch(() => undefined)
    }
  }
  return undefined
}

interface Wanted {
  state: string | undefined
  seed: number
  baudRate: number
  keys: 'diversified' | 'plain'
}

/** The card in the file, or a fresh one. Throws `virtual-card.unreadable`, `virtual-card.other-type` (class data). */
function cardOf(type: PracticeCardType, { state, ...options }: Wanted): VirtualCard {
  if (state === undefined || !existsSync(state)) return createCard(type, options)
  const card = restoreCard(readJson(state))
  if (card.type !== type) throw new CardwrightError({ code: 'virtual-card.other-type', class: 'data', place: state, values: { path: state, type: card.type } })
  return card
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new CardwrightError({ code: 'virtual-card.unreadable', class: 'data', place: path }, { cause })
  }
}

/** Writes the card now and whenever called after a change, whole or not at all. */
function keepIn(path: string, card: VirtualCard): () => void {
  let kept = ''
  const keep = () => {
    const now = JSON.stringify(card.save())
    if (now === kept) return
    writeFileSync(`${path}.new`, now, { mode: 0o600 })
    renameSync(`${path}.new`, path)
    kept = now
  }
  keep()
  return keep
}

/** `35963`, `192.0.2.7:35963`, or the path of a Unix socket. Throws `cli.link`. */
function parsePlace(text: string): VpcdPlace {
  if (text.includes('/')) return { path: text }
  const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? []
  if (port === undefined || Number(port) > 65_535) {
    throw new CardwrightError({ code: 'cli.link', class: 'operator', values: { link: text, forms: '35963, 192.0.2.7:35963, /run/vpcd.sock' } })
  }
  return { port: Number(port), ...(host !== undefined && { host }) }
}

function oneOfTypes(text: string): PracticeCardType {
  const type = PracticeCardType.options.find((candidate) => candidate === text)
  if (type === undefined) throw new CardwrightError({ code: 'cli.one-of', class: 'operator', values: { given: text, options: PracticeCardType.options.join(', ') } })
  return type
}

function kindOfKeys(text: string): 'diversified' | 'plain' {
  if (text === 'diversified' || text === 'plain') return text
  throw new CardwrightError({ code: 'cli.one-of', class: 'operator', values: { given: text, options: 'diversified, plain' } })
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new CardwrightError({ code: 'cli.number', class: 'operator', values: { given: text } })
  return Number(text)
}
