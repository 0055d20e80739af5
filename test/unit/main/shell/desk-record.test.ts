import { describe, expect, test } from 'vitest'
import { deskApplications, readDeskRecord } from '#main/shell/desk-record.ts'
import { ChipTask } from '#shared/chip/task.ts'
import { asCsv, deskDesign } from '#shared/design/desk-design.ts'
import { parseDesign } from '#shared/design/parse-design.ts'
import { libraryOf } from '../../../support/chip-work.ts'

const task = ChipTask.parse(JSON.parse(libraryOf({}).document('task', 'emv-debit')!.source))

describe('a record for a reader on the desk', () => {
  test('is the same as JSON, nested or flat, and as CSV with commas or semicolons', () => {
    expect(readDeskRecord('a.json', '{"number":"42","payment":{"0101":"70","8010":"AA"}}')).toEqual(new Map([['number', '42'], ['payment 0101', '70'], ['payment 8010', 'AA']]))
    const flat = new Map([['number', '42'], ['payment 0101', '70']])
    expect(readDeskRecord('a.json', '{"number":"42","payment 0101":"70"}')).toEqual(flat)
    expect(readDeskRecord('a.csv', '\uFEFFnumber,payment 0101\r\n42,70\r\n')).toEqual(flat)
    expect(readDeskRecord('a.csv', '"number";"payment 0101"\n"42";"70"\n')).toEqual(flat)
    expect(readDeskRecord('b.csv', asCsv(flat))).toEqual(flat)
  })

  test('makes a design without lines or stripe, in which what the task calls secret is wrapped', () => {
    const record = new Map([['number', '42'], ['payment', '010100'], ['directory 0101', '70'], ['proximity 9102', 'A5']])
    const design = deskDesign(task, record, deskApplications(task, record, 'demo-transport'))
    expect(parseDesign(design)).toEqual({ ok: true, design })
    expect(design.columns.map(({ example }) => example).join('')).toBe('')
    expect(design).toMatchObject({ id: 'desk-emv-debit', lines: [], tracks: {}, chip: { task: 'emv-debit' } })
    const [payment, directory] = design.chip!.applications
    expect(payment).toMatchObject({ groupings: '[payment]', secretGroupings: [{ under: 'demo-transport', groups: ['8000', '8010', '8201', '8202', '8203', '8204', '8205'] }] })
    expect(directory).toEqual({ application: 'directory', groups: [{ group: '0101', bytes: '[directory 0101]' }] })
  })

  test('with secrets needs to know under which key they come', () => {
    const secret = new Map([['number', '42'], ['payment 8010', 'AA'.repeat(8)]])
    expect(() => deskApplications(task, secret, undefined)).toThrow(expect.objectContaining({ faults: [expect.objectContaining({ code: 'cli.which-transport' })] }))
    expect(deskApplications(task, new Map([['number', '42'], ['payment 0101', '70']]), undefined)[0]!.groups).toEqual([{ group: '0101', bytes: '[payment 0101]' }])
  })
})
