/**
 * `npm run bench` prints a table; `npm run bench -- --json` one object. Names after that pick measurements:
 * `npm run bench -- journal_commits_per_second`.
 */
import { measureChipLine } from './chip-line.ts'
import { measureChipCardTime } from './chip-card-time.ts'
import { measureConveyors } from './conveyor.ts'
import { measureIntake, measurePeakMemory } from './intake.ts'
import type { Metric } from './metric.ts'
import { measureCardTime } from './card-time.ts'
import { measureScApps } from './scapp.ts'
import { measureStart } from './start.ts'
import { measureJournal, measureLogFilter } from './store.ts'

const measurements: { names: string[]; measure(): Promise<Metric[]> }[] = [
  { names: ['intake_rows_per_second'], measure: measureIntake },
  { names: ['journal_commits_per_second'], measure: measureJournal },
  { names: ['host_share_of_card_time', 'cards_per_hour_dc450'], measure: measureCardTime },
  { names: ['cards_per_hour_chip_dc450_serial', 'cards_per_hour_chip_dc450_overlapped'], measure: measureChipCardTime },
  { names: [1, 2, 3, 4, 5, 6, 7].map((stations) => `conveyor_cards_per_hour_${stations}`), measure: measureConveyors },
  { names: ['log_100k_filter_ms'], measure: measureLogFilter },
  { names: ['start_to_usable_ms'], measure: measureStart },
  { names: ['apdu_per_second_pcsc'], measure: measureChipLine },
  {
    names: ['scapp_overhead_us_per_apdu', 'apdus_per_emv_application', 'emv_application_seconds_9600', 'emv_application_seconds_115200'],
    measure: measureScApps,
  },
  { names: ['peak_mb_million_rows'], measure: measurePeakMemory },
]

const wanted = process.argv.slice(2).filter((argument) => argument !== '--json')
const asJson = process.argv.includes('--json')
const metrics: Metric[] = []
for (const { names, measure } of measurements) {
  if (wanted.length === 0 || names.some((name) => wanted.includes(name))) metrics.push(...(await measure()))
}

if (asJson) console.log(JSON.stringify({ metrics }))
else {
  const shown = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 4 })
  const rows = metrics.map(({ name, value, unit, limit, ratio }) => [name, shown(value), unit, shown(limit), ratio.toFixed(3)])
  const table = [['measurement', 'value', 'unit', 'limit', 'ratio'], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  for (const row of table) console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  '))
}
