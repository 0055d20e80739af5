/**
 * A payment application as files: the cells that its behaviour knows (emv/state.ts) are records in files with short identifiers, keys in
 * the key file, the PIN in the PIN file, data objects in the parameter file. What the behaviour keeps for itself lies beside them, in `work/PATH/`.
 */
import { fromHex, toHex } from '#shared/bytes.ts'
import type { CardMemory } from '../application.ts'
import type { EmvCells } from '../emv/state.ts'
import type { Files } from './files.ts'
import { findKey, findPin, keyUses, setTries } from './secret-files.ts'
import { changeParameter, fileParameter, parameterTags } from './selection.ts'

/** Tries of the PIN, left and allowed: they stand in the PIN file. */
const triesLeft = 'tag/9F17'
const triesAllowed = 'tag/C6'

export function paymentCells(files: Files, directory: string, memory: CardMemory): EmvCells {
  const work = memory.within(`work/${directory}/`)
  return {
    read: (name) => fromFiles(files, directory, name) ?? work.read(name),
    write: (name, value) => {
      if (!intoFiles(files, directory, name, value)) work.write(name, value)
    },
    erase: (name) => work.erase(name),
    names: () => [...new Set([...recordNames(files, directory), ...parameterTags(files, directory).map((tag) => `tag/${tag}`), ...work.names()])],
    transaction: (work) => memory.transaction(work),
  }
}

function fromFiles(files: Files, directory: string, name: string): Uint8Array | undefined {
  const [kind, rest = ''] = name.split('/')
  const pin = () => findPin(files, directory)
  switch (kind) {
    case 'record': {
      const place = recordPlace(files, directory, rest)
      return place && files.record(place.path, place.number)
    }
    case 'key':
      return findKey(files, directory, { use: keyUses[rest as 'ac' | 'smi' | 'smc' | 'idn'] })?.value
    case 'pin':
      return pin()?.value
    case 'tag': {
      const entry = name === triesLeft || name === triesAllowed ? pin() : undefined
      if (entry) return Uint8Array.of(name === triesLeft ? entry.left : entry.allowed)
      return fileParameter(files, directory, rest)
    }
    default:
      return undefined
  }
}

/** Answers whether the cell is a file's: then it was written there. */
function intoFiles(files: Files, directory: string, name: string, value: Uint8Array): boolean {
  const [kind, rest = ''] = name.split('/')
  const pin = findPin(files, directory)
  if (kind === 'record') {
    const place = recordPlace(files, directory, rest)
    if (place) files.updateRecord(place.path, place.number, value)
    return place !== undefined
  }
  if (name === triesLeft && pin) {
    setTries(files, pin, value[0]!)
    return true
  }
  if (name === 'pin' && pin) {
    const stored = files.record(pin.path, pin.record)!
    stored.set(value, 3)
    files.updateRecord(pin.path, pin.record, stored)
    return true
  }
  return kind === 'tag' && changeParameter(files, directory, rest, value)
}

/** `rest`: short identifier and number of the record in hex. */
function recordPlace(files: Files, directory: string, rest: string): { path: string; number: number } | undefined {
  const [sfi = 0, number = 0] = fromHex(rest)
  const path = files.bySfi(directory, sfi)
  return path !== undefined && files.record(path, number) !== undefined ? { path, number } : undefined
}

function recordNames(files: Files, directory: string): string[] {
  return files.within(directory).flatMap((path) => {
    const { sfi, kind, purpose } = files.get(path)
    if (sfi === undefined || purpose !== undefined || kind === 'transparent') return []
    return files.recordNumbers(path).map((number) => `record/${toHex(Uint8Array.of(sfi, number))}`)
  })
}
