/** An answer to reset as people compare it: bytes in pairs. */
export function formatAtr(atr: string): string {
  return (atr.match(/../g) ?? []).join(' ')
}
