/** Names of people: transliteration, shortening, and the order that track 1 wants. */

/**
 * Cyrillic → Latin as ICAO Doc 9303-3 (8th edition, section 6 B) recommends, the table that Russian passports and, after
 * them, banks use. Where the Doc lists exceptions by language the Russian reading is taken; the soft sign is left out.
 */
const latin: Readonly<Record<string, string>> = {
  А: 'A', Б: 'B', В: 'V', Г: 'G', Д: 'D', Е: 'E', Ё: 'E', Ж: 'ZH', З: 'Z', И: 'I', Й: 'I', К: 'K', Л: 'L', М: 'M', Н: 'N',
  О: 'O', П: 'P', Р: 'R', С: 'S', Т: 'T', У: 'U', Ф: 'F', Х: 'KH', Ц: 'TS', Ч: 'CH', Ш: 'SH', Щ: 'SHCH', Ъ: 'IE', Ы: 'Y',
  Ь: '', Э: 'E', Ю: 'IU', Я: 'IA',
  // Other alphabets of the same table.
  І: 'I', Ї: 'I', Є: 'IE', Ґ: 'G', Ў: 'U', Ѓ: 'G', Ђ: 'D', Ѕ: 'DZ', Ј: 'J', Ќ: 'K', Љ: 'LJ', Њ: 'NJ', Ћ: 'C', Џ: 'DZ', Ѵ: 'Y', Ѫ: 'U',
}

const letters = new Map<string, string>(
  Object.entries(latin).flatMap(([from, to]) => [
    [from, to],
    [from.toLowerCase(), to.toLowerCase()],
  ]),
)

/** Letters of other alphabets pass unchanged. `Щукин` becomes `Shchukin`, `ЩУКИН` becomes `SHCHUKIN`. */
export function transliterate(text: string): string {
  if (!/[\u0400-\u052f]/.test(text)) return text
  const characters = Array.from(text)
  return characters.map((character, index) => {
    const to = letters.get(character)
    if (to === undefined) return character
    if (to.length < 2 || character === character.toLowerCase()) return to
    const next = characters[index + 1] ?? ''
    const insideLower = next !== next.toUpperCase()
    return insideLower ? to.slice(0, 1) + to.slice(1).toLowerCase() : to
  }).join('')
}

/**
 * Shortens a name to `length` characters as issuers do: given names become initials from the last one to the first, then
 * go altogether, and the surname (the last word) stays whole. A surname that is itself too long stays too long, so that the
 * check of the line refuses it: nobody's name is cut without a person deciding it.
 */
export function shortenName(name: string, length: number): string {
  if (name.length <= length && !/^ |  | $/.test(name)) return name
  const words = name.split(' ').filter((word) => word !== '')
  const fits = (): boolean => words.join(' ').length <= length
  for (let index = words.length - 2; index >= 0 && !fits(); index--) words[index] = Array.from(words[index] ?? '')[0] ?? ''
  while (words.length > 1 && !fits()) words.splice(words.length - 2, 1)
  return words.join(' ')
}

/**
 * `JOHN A DOE` → `DOE/JOHN A`, the order of the name field of track 1 (ISO/IEC 7813). A name that has its slash, or is one
 * word, passes unchanged.
 */
export function trackName(name: string): string {
  if (name.includes('/')) return name
  const at = name.trimEnd().lastIndexOf(' ')
  return at < 0 ? name : `${name.slice(at + 1)}/${name.slice(0, at)}`
}
