/** Whole numbers from 1 to 40, separated by commas; undefined where the text is something else. */
export function lengthsOf(text: string): number[] | undefined {
  if (text.trim() === '') return []
  const lengths = text.split(',').map((part) => part.trim())
  return lengths.every((part) => /^\d{1,2}$/.test(part) && Number(part) >= 1 && Number(part) <= 40) ? lengths.map(Number) : undefined
}
