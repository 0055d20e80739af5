/** This computer's date as `YYYY-MM-DD`, for the rule that a card may not have expired. */
export function isoToday(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
