/** Files of cardholders as the sample design for debit cards takes them. */
import { luhnHolds } from '#shared/card/number.ts'

const header = 'number,expiry,name,company,service_code,pvv,cvv,cvv2'
const names = ['Anna Lindqvist', 'Tobias Grau', 'Ivo Babic', 'Wei Zhang', 'Noah Berg', 'Rui Carvalho', 'Tamsin Ashdown', 'Kwame Mensah']

/** The number of the card in line `index` of a file of this series: sixteen digits, its check digit right. */
export function numberOf(index: number, series = '400000123'): string {
  const head = series + String(index).padStart(15 - series.length, '0')
  const last = [...'0123456789'].find((digit) => luhnHolds(head + digit))
  return head + String(last)
}

/** A file whose every card is right. */
export function cardFile(count: number, series?: string): string {
  const rows = Array.from({ length: count }, (_, index) => `${numberOf(index + 1, series)},2030-0${(index % 9) + 1},${names[index % names.length]},,201,1234,123,456`)
  return [header, ...rows, ''].join('\n')
}

export function asUpload(name: string, text: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(text) }
}
