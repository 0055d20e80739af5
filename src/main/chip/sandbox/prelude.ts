/**
 * What stands in a script's context before the script itself: the helpers and the card of `assets/scapps/host.d.ts`. It is text of
 * the sandbox, not of this program: all that it can do is to ask the host, which believes nothing that it is told.
 */
export const preludeName = 'host'

export const prelude = String.raw`(function (call, tell) {
  'use strict'
  const fail = (message) => { throw new Error(message) }

  // ---- bytes and BER-TLV

  const clean = (value) => {
    if (typeof value !== 'string') fail('bytes have to be hex digits, not ' + typeof value)
    const digits = /[^0-9A-F]/.test(value) ? value.replace(/\s+/g, '').toUpperCase() : value
    if (digits.length % 2 !== 0 || /[^0-9A-F]/.test(digits)) fail('not whole bytes of hex digits: ' + value.slice(0, 20))
    return digits
  }
  const number = (value, length) => {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** length) fail(value + ' does not fit into ' + length + ' bytes')
    return value.toString(16).toUpperCase().padStart(length * 2, '0')
  }
  const slice = (value, from, to) => clean(value).slice(from * 2, to === undefined ? undefined : to * 2)
  const bytes = {
    length: (value) => clean(value).length / 2,
    slice,
    number,
    toNumber(value) {
      if (clean(value).length > 12) fail('more than six bytes are no number')
      return value === '' ? 0 : parseInt(clean(value), 16)
    },
    text(value) {
      let hex = ''
      for (const byte of utf8(String(value))) hex += number(byte, 1)
      return hex
    },
    xor(a, b) {
      const [left, right] = [clean(a), clean(b)]
      if (left.length !== right.length) fail('xor of different lengths')
      let hex = ''
      for (let at = 0; at < left.length; at += 1) hex += (parseInt(left[at], 16) ^ parseInt(right[at], 16)).toString(16)
      return hex.toUpperCase()
    },
    pad(value, block) {
      const padded = clean(value) + '80'
      return padded + '00'.repeat((block - ((padded.length / 2) % block)) % block)
    },
    chunks(value, size) {
      if (!Number.isInteger(size) || size < 1) fail('pieces of ' + size + ' bytes')
      const digits = clean(value)
      const pieces = []
      for (let at = 0; at < digits.length; at += size * 2) pieces.push(digits.slice(at, at + size * 2))
      return pieces
    },
  }
  function* utf8(text) {
    for (const character of text) {
      const point = character.codePointAt(0)
      if (point < 0x80) yield point
      else if (point < 0x800) yield* [0xc0 | (point >> 6), 0x80 | (point & 63)]
      else if (point < 0x10000) yield* [0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)]
      else yield* [0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)]
    }
  }

  const berLength = (length) => (length < 0x80 ? number(length, 1) : length < 0x100 ? '81' + number(length, 1) : '82' + number(length, 2))
  const parse = (value) => {
    const digits = clean(value)
    const elements = []
    let at = 0
    const take = (count) => {
      if (at + count * 2 > digits.length) fail('a data element ends too early')
      return digits.slice(at, (at += count * 2))
    }
    while (at < digits.length) {
      let tag = take(1)
      if (tag === '00') continue
      if ((parseInt(tag, 16) & 0x1f) === 0x1f) do tag += take(1)
        while ((parseInt(tag.slice(-2), 16) & 0x80) !== 0)
      let length = parseInt(take(1), 16)
      if (length > 0x80 && length < 0x85) length = parseInt(take(length - 0x80), 16)
      else if (length >= 0x80) fail('a length of ' + number(length, 1))
      elements.push({ tag, value: take(length) })
    }
    return elements
  }
  const find = (value, wanted) => {
    const tag = clean(wanted)
    for (const element of parse(value)) {
      if (element.tag === tag) return element.value
      if ((parseInt(element.tag.slice(0, 2), 16) & 0x20) === 0) continue
      const inside = find(element.value, tag)
      if (inside !== undefined) return inside
    }
    return undefined
  }
  const tlv = {
    build: (tag, value) => clean(tag) + berLength(clean(value).length / 2) + clean(value),
    parse,
    find,
    grouping: (name, length) => clean(name) + (length < 0xff ? number(length, 1) : 'FF' + number(length, 2)),
  }

  // ---- asking the host

  /** The error is made where the script asks, so that it knows the line; it is thrown when the answer says so. */
  const ask = async (name, argument) => {
    const site = new Error()
    const answer = JSON.parse(await call(name, JSON.stringify(argument), site.stack))
    if (answer.ok) return answer.value
    for (const detail of Object.keys(answer.error)) Object.defineProperty(site, detail, { value: answer.error[detail], enumerable: true })
    throw site
  }
  const say = (name, argument) => tell(name, JSON.stringify(argument), new Error().stack)

  const parts = (data) => (data === undefined ? [] : Array.isArray(data) ? data : [data]).map((part) => (typeof part === 'string' ? clean(part) : part))
  const send = (channel, command, options) =>
    ask('send', { channel, cla: command.cla, ins: command.ins, p1: command.p1, p2: command.p2, data: parts(command.data), le: command.le, expect: options === undefined ? undefined : options.expect })

  const openChannel = async (request) => {
    const { id, block, ...told } = await ask('open', request)
    return Object.freeze({
      ...told,
      send: (command, options) => send(id, command, options),
      sealed(secret, options) {
        const padding = options !== undefined && options.padding !== undefined ? options.padding : 'none'
        const length = padding === 'none' ? secret.length : (Math.floor(secret.length / block) + 1) * block
        return Object.freeze({ sealed: 'channel:' + id + ':' + padding + ':' + secret.secret, length })
      },
      piece(part, from, to) {
        if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= part.length)) fail('no such piece')
        const [name, begin = '0'] = part.sealed.split('@')
        const first = Number(begin.split('-')[0])
        return Object.freeze({ sealed: name + '@' + (first + from) + '-' + (first + to), length: to - from })
      },
      sealedKey: (order) => ask('sealed-key', { channel: id, ...order }),
      close: () => ask('close', { channel: id }),
    })
  }

  /** Whether a step begins anew is the host's to say: it knows what was lost, and how often. */
  const step = async (name, options, work) => {
    const safeToRepeat = options !== undefined && options !== null && options.safeToRepeat === true
    say('step', { name, safeToRepeat })
    try {
      for (;;) {
        try {
          return await work()
        } catch (thrown) {
          if (!safeToRepeat || !(await ask('repeat', {}))) throw thrown
        }
      }
    } finally {
      say('step-end', {})
    }
  }

  const makeCard = (given) => {
    const groups = new Map(given.groups.map((group) => [group.name, group]))
    return freeze({
      ...given,
      maybeGroup: (name) => groups.get(name),
      group: (name) => groups.get(name) || fail('the card has no group ' + name),
      send: (command, options) => send(undefined, command, options),
      inClear: (secret) => Object.freeze({ sealed: 'clear:' + secret.secret, length: secret.length }),
      openChannel,
      reset: () => ask('reset', {}),
      step,
      progress: (share) => say('progress', { share: Number(share) }),
      log: (text) => say('log', { text: String(text).slice(0, 200) }),
      accompany: (name, value) => say('accompany', { name: String(name), value: typeof value === 'number' ? value : String(value) }),
      reject(code, text) {
        say('reject', { code: String(code), text: String(text) })
        fail('rejected: ' + code)
      },
    })
  }

  // ---- a world without clock, chance and compiler, in which nothing changes under the script

  const forbidden = function () { throw new TypeError('scripts make no code') }
  for (const sample of [function () {}, async function () {}, function* () {}, async function* () {}]) {
    Object.defineProperty(Object.getPrototypeOf(sample), 'constructor', { value: forbidden })
  }
  for (const name of ['eval', 'Function', 'Date', 'WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics']) delete globalThis[name]
  delete Math.random

  const seen = new Set()
  function freeze(root) {
    const waiting = [root]
    while (waiting.length > 0) {
      const value = waiting.pop()
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue
      seen.add(value)
      Object.freeze(value)
      waiting.push(Object.getPrototypeOf(value))
      for (const key of Reflect.ownKeys(value)) {
        const property = Object.getOwnPropertyDescriptor(value, key)
        waiting.push(property.value, property.get, property.set)
      }
    }
    return root
  }
  globalThis.bytes = bytes
  globalThis.tlv = tlv
  // Iterators have no name in the global object; they are reached from what makes them.
  for (const iterator of [[][Symbol.iterator](), new Map().entries(), new Set().values(), ''[Symbol.iterator](), ''.matchAll(/./g), (function* () {})(), (async function* () {})()]) freeze(Object.getPrototypeOf(iterator))
  freeze(Object.getPrototypeOf(async function () {}))
  freeze(globalThis)

  return async (exported, name, kind, argument) => {
    if (name === '') return JSON.stringify({ functions: Object.keys(exported).filter((key) => typeof exported[key] === 'function'), expects: exported.expects })
    const entry = exported[name]
    if (typeof entry !== 'function') fail(name === 'default' ? 'the script exports no function as its default' : 'the script exports no function ' + name)
    const given = JSON.parse(argument)
    const result = await entry(kind === 'scapp' ? makeCard(given) : freeze(given))
    return kind === 'scapp' ? undefined : JSON.stringify(result)
  }
})`
