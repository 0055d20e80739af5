/** Looks for card data in bytes that must hold none: database files, logs, traces, messages. */

/** What must never be found, by the name under which a finding is told. */
export interface Secret {
  name: string
  value: string
}

/**
 * Names of the secrets that stand in `bytes`: as they are, in any grouping, in UTF-16, in hex, packed two digits to a
 * byte, or in base64 at any of its three alignments.
 */
export function findSecrets(bytes: Uint8Array, secrets: readonly Secret[]): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('latin1')
  const dense = text.replace(/[^0-9A-Za-z=^/?;%]/g, '').toLowerCase()
  const digits = text.replace(/\D/g, '')
  return secrets.filter(({ value }) => holds(buffer, text, dense, digits, value)).map(({ name }) => name)
}

function holds(buffer: Buffer, text: string, dense: string, digits: string, value: string): boolean {
  const hex = Buffer.from(value, 'latin1').toString('hex')
  if (dense.includes(value.replace(/[^0-9A-Za-z=^/?;%]/g, '').toLowerCase()) || dense.includes(hex)) return true
  if (/^\d{12,}$/.test(value)) {
    if (digits.includes(value)) return true
    const even = value.length % 2 === 0
    if (buffer.includes(Buffer.from(even ? value : `${value}f`, 'hex')) || buffer.includes(Buffer.from(even ? value : `0${value}`, 'hex'))) return true
  }
  return [value, utf16(value)].some((form) => base64Cores(form).some((core) => text.includes(core)))
}

function utf16(value: string): string {
  return Buffer.from(value, 'utf16le').toString('latin1')
}

/** The characters of a base64 text that depend on nothing but the value, for each offset of its first byte. */
function base64Cores(value: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + value, 'latin1').toString('base64')
    const first = Math.ceil((offset * 8) / 6)
    const whole = Math.floor(((offset + value.length) * 8) / 6)
    const core = encoded.slice(first, whole)
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })
}
