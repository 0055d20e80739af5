import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#drivers/clock/system-clock.ts'
import { serveSimulator, type Served } from '#drivers/cpx/simulator/serve.ts'
import { ProtocolDocument } from '#main/reports/documents.ts'
import { wordsIn } from '#main/reports/words.ts'
import { openWorkspace } from '#main/shell/compose.ts'
import { runCommand } from '#main/shell/cli/main.ts'
import { version } from '#main/shell/version.ts'
import { standInTerminal } from './stand-in.ts'

const folder = mkdtempSync(join(tmpdir(), 'cardwright-cli-'))
const data = join(folder, 'demo')
const project = (path: string) => fileURLToPath(new URL(`../../../../../${path}`, import.meta.url))
let machine: Served

beforeAll(async () => {
  expect(await cardwright(['init', '--demo'])).toMatchObject({ code: 0 })
  machine = await serveSimulator({ model: 'dc450', link: { kind: 'tcp', port: 0 }, clock: systemClock, speed: 200, blanks: 3 })
  const link = `tcp:${machine.address}`
  expect(await cardwright(['device', 'add', 'Desk', '--profile', 'dc450', '--link', link, '--as', 'operator'])).toMatchObject({ code: 0, printed: ['D-03: Desk'] })
})

afterAll(async () => {
  await machine.stop()
  rmSync(folder, { recursive: true, force: true })
})

function until(there: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!there()) return
      stop()
      resolve()
    }
    const stop = machine.machine.onChange(look)
    look()
  })
}

async function cardwright(args: string[], { answers = [] as string[], where = data, language = 'en' as 'en' | 'ru' } = {}) {
  const terminal = standInTerminal(answers)
  const code = await runCommand(['--data', where, ...args], terminal, wordsIn(language, 'UTC'))
  return { code, ...terminal }
}

describe('help', () => {
  const levels = [[], ['start'], ['import'], ['run'], ['log'], ['audit'], ['audit', 'verify'], ['people'], ['people', 'add'], ['device'], ['device', 'probe'], ['simulate'], ['chip'], ['chip', 'run'], ['keys', 'import'], ['design', 'check'], ['profile', 'check'], ['init']]

  test.each(levels.map((level) => [level.join(' '), level] as const))('on every level, in both languages: %s', async (_name, level) => {
    const english = await cardwright([...level, '--help'])
    expect(english.code).toBe(0)
    expect(english.printed.join('\n')).toContain(`Usage: cardwright ${level.join(' ')}`.trim())
    const russian = await cardwright([...level, '--help'], { language: 'ru' })
    expect(russian.printed.join('\n')).toMatch(/Вызов:[\s\S]*Параметры:[\s\S]*показать эту справку/)
  })

  test('what is not understood ends with 2 and points to the help', async () => {
    for (const args of [['nonsense'], ['run', 'J-000001'], ['jobs', '--such'], ['log', '--format', 'xls'], ['import']]) {
      const { code, complained } = await cardwright(args)
      expect(code).toBe(2)
      expect(complained.join('\n')).toContain('See --help.')
    }
  })
})

test('the command as npm installs it', () => {
  const { stdout, status } = spawnSync(process.execPath, [project('src/main/shell/cli/launch.mjs'), '--version'], { encoding: 'utf8' })
  expect({ stdout: stdout.trim(), status }).toEqual({ stdout: version, status: 0 })
})

describe('reading the journal', () => {
  test('jobs, machines and log need nobody to sign in, and work beside a running program', async () => {
    const core = await openWorkspace({ folder: data, host: 'web' })
    try {
      const jobs = JSON.parse((await cardwright(['jobs', '--json'])).printed.join('')) as { job: string; state: string }[]
      expect(jobs).toMatchObject([{ job: 'J-000001', state: 'ready' }, { job: 'J-000002', state: 'ready' }])
      expect((await cardwright(['jobs'])).printed.join('\n')).toContain('Debit July, branch 12')
      expect((await cardwright(['device', 'list'])).printed.join('\n')).toContain('Practice DC450')
      expect((await cardwright(['log'])).code).toBe(0)
      expect((await cardwright(['audit', 'verify'])).code).toBe(0)
    } finally {
      await core.close()
    }
  })

  test('changing something beside a running program is refused', async () => {
    const core = await openWorkspace({ folder: data, host: 'web' })
    try {
      const { code, complained } = await cardwright(['device', 'remove', 'Desk', '--as', 'operator'])
      expect({ code, complained }).toMatchObject({ code: 1, complained: [expect.stringContaining('[store.in-use]')] })
    } finally {
      await core.close()
    }
  })

  test('no workspace: the sentence names the folder and what to do', async () => {
    const { code, complained } = await cardwright(['jobs'], { where: join(folder, 'nowhere') })
    expect(code).toBe(1)
    expect(complained).toEqual([expect.stringContaining('[cli.no-workspace]')])
    expect(complained[0]).toContain('nowhere')
  })
})

describe('signing in', () => {
  test('nobody named, no terminal: refused with what to do', async () => {
    expect(await cardwright(['people', 'list'])).toMatchObject({ code: 1, complained: [expect.stringContaining('[cli.who]')] })
  })

  test('in a practice workspace a role is enough; its rights are those of the role', async () => {
    expect((await cardwright(['people', 'list', '--as', 'auditor'])).printed.join('\n')).toContain('Arthur Abel')
    expect(await cardwright(['people', 'list', '--as', 'operator'])).toMatchObject({ code: 1, complained: [expect.stringContaining('[call.forbidden]')] })
  })

  test('a name with its password from standard input, or asked without an echo', async () => {
    expect((await cardwright(['people', 'list', '--as', 'Arthur Abel', '--password-stdin'], { answers: ['auditor'] })).code).toBe(0)
    expect(await cardwright(['people', 'list', '--as', 'Arthur Abel', '--password-stdin'], { answers: ['wrong'] })).toMatchObject({
      code: 1,
      complained: [expect.stringContaining('[person.sign-in-refused]')],
    })
  })

  test('a real workspace begins with its administrator, who adds people', async () => {
    const where = join(folder, 'real')
    const init = ['init', '--name', 'Branch 12', '--administrator', 'Ann Bell', '--password-stdin']
    expect((await cardwright(init, { where, answers: ['a long enough secret'] })).code).toBe(0)
    expect(await cardwright(init, { where, answers: ['a long enough secret'] })).toMatchObject({ code: 1, complained: [expect.stringContaining('[workspace.exists]')] })
    const add = ['people', 'add', 'Pavel', '--role', 'operator', 'designer', '--as', 'Ann Bell', '--password-stdin']
    expect(await cardwright(add, { where, answers: ['a long enough secret', 'another long secret'] })).toMatchObject({ code: 0, printed: ['P-02: Pavel'] })
    const listed = await cardwright(['people', 'list', '--json', '--as', 'Ann Bell', '--password-stdin'], { where, answers: ['a long enough secret'] })
    expect(JSON.parse(listed.printed.join(''))).toMatchObject([{ name: 'Ann Bell' }, { name: 'Pavel', roles: ['operator', 'designer'] }])
    expect(listed.printed.join('')).not.toContain('secret')
  })
})

describe('keys and chips', () => {
  const key = ['--algorithm', 'aes128', '--purpose', 'master', '--as', 'custodian']
  const value = '00112233445566778899AABBCCDDEEFF'

  test('a key is asked for without being an argument, and is known by its check value alone', async () => {
    const { code, printed, questions } = await cardwright(['keys', 'import', 'bank-master', ...key], { answers: [value] })
    expect({ code, questions }).toEqual({ code: 0, questions: ['Value of the key bank-master, in hex: '] })
    expect(printed.join('\n')).toMatch(/^Key bank-master is kept\. Check value: [0-9A-F]{6}$/)
    const listed = await cardwright(['keys', 'list', '--as', 'custodian'])
    expect(listed.printed.join('\n')).toMatch(/bank-master +aes128 +master/)
    expect(listed.printed.join('\n')).toMatch(/demo-transport +des2 +transport +[0-9A-F]{6} +yes/)
    expect(listed.printed.join('\n')).not.toContain(value)
    expect((await cardwright(['keys', 'remove', 'bank-master', '--as', 'custodian'])).code).toBe(0)
  })

  test('a value that is no hex, or that nobody gives, is refused; an operator may bring none', async () => {
    const refused = { code: 1, complained: [expect.stringContaining('[cli.no-key-value]')] }
    expect(await cardwright(['keys', 'import', 'bank-master', ...key], { answers: ['secret'] })).toMatchObject(refused)
    expect(await cardwright(['keys', 'import', 'bank-master', ...key])).toMatchObject(refused)
    expect((await cardwright(['keys', 'import', 'bank-master', ...key.slice(0, -1), 'operator'], { answers: [value] })).code).toBe(1)
    expect((await cardwright(['keys', 'import', 'bank-master', ...key, '--algorithm', 'rot13'])).code).toBe(2)
  })

  test('the tasks that came with the program are listed', async () => {
    const { code, printed } = await cardwright(['chip', 'tasks', '--as', 'operator'])
    expect(code).toBe(0)
    expect(printed.join('\n')).toMatch(/emv-debit +Debit card by EMV CPS +as shipped/)
  })

  test('a record of no card, of several, or that is none, is refused before anything is begun', async () => {
    const run = async (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      const { code, complained } = await cardwright(['chip', 'run', 'emv-debit', '--reader', 'R', '--record', join(folder, name), '--as', 'operator'])
      return { code, complained: complained.join() }
    }
    expect(await run('no-card.csv', 'number,payment\n')).toMatchObject({ code: 1, complained: expect.stringContaining('no card') as string })
    expect(await run('two.csv', 'number,payment\n1,0101\n2,0101\n')).toMatchObject({ code: 1, complained: expect.stringContaining('2 cards') as string })
    expect(await run('list.json', '[1]')).toMatchObject({ code: 1, complained: expect.stringContaining('[cli.record-unreadable]') as string })
    expect(await run('nameless.json', '{"payment":"00"}')).toMatchObject({ code: 1, complained: expect.stringContaining('[cli.record-unreadable]') as string })
  })
})

describe('import', () => {
  const file = join(folder, 'cards.csv')
  const heads = 'number,expiry,name,company,service_code,pvv,cvv,cvv2'

  test('a file with mistakes is refused as a whole, every mistake by line and column', async () => {
    writeFileSync(file, `${heads}\n4000001212009998,2031-01,Ann Lee,,201,1234,123,456\n4000001212000111,20x1-01,Bob Lee,,201,1234,123,456\n`)
    const { code, complained } = await cardwright(['import', file, '--design', 'debit-card', '--as', 'operator'])
    expect(code).toBe(4)
    expect(complained.length).toBeGreaterThan(2)
    expect(complained.at(-1)).toMatch(/mistakes\.$/)
    expect(complained.join('\n')).toMatch(/line 2, number: /)
    expect(complained.join('\n')).not.toMatch(/\d{12}/)
    expect((JSON.parse((await cardwright(['jobs', '--json'])).printed.join('')) as unknown[])).toHaveLength(2)
  })

  test('a file that is not there', async () => {
    expect(await cardwright(['import', join(folder, 'none.csv'), '--design', 'debit-card', '--as', 'operator'])).toMatchObject({
      code: 1,
      complained: [expect.stringContaining('[cli.no-file]')],
    })
  })
})

describe('run', () => {
  test('cards of a range, each said as it ends; the hopper runs empty: with nobody there the command ends with 3', async () => {
    const { code, printed, complained } = await cardwright(['run', 'J-000001', '--device', 'Desk', '--from', '1', '--to', '5', '--as', 'operator'])
    expect(complained.join('\n')).toContain('A person is needed at the machine: Hopper empty')
    expect(code).toBe(3)
    expect(printed.filter((line) => line.includes('good'))).toHaveLength(3)
    expect(printed[0]).toMatch(/^\d\d:\d\d:\d\d {2}J-000001\/1\.1 {2}4000 00•• •••• 0111 {2}good$/)
  })

  test('after that the card in question comes first: what happened, what is certain, what to do; then the run goes on', async () => {
    machine.machine.act({ do: 'refill', blanks: 50 })
    const resting = () => {
      const { state, inside, buffered } = machine.machine.picture()
      return state === 'idle' && inside.length === 0 && buffered === 0
    }
    await until(resting)
    // Only the eye tells whether the machine had the card's data already, and has made the card now that it has blanks.
    const made = machine.machine.picture().outputTray.count === 4
    const choice = made ? '2' : '3'
    const answers = ['x', '1', choice, 'no', choice, 'yes', 'Omar Osman', 'second operator']
    const { code, printed, questions } = await cardwright(['run', 'J-000001', '--device', 'Desk', '--to', '6', '--as', 'operator'], { answers })
    expect(printed.slice(0, 5).join('\n')).toMatch(/Look at the card[\s\S]*What happened: [\s\S]*What is certain: Nobody knows: stripe[\s\S]*What to do: /)
    expect(questions).toContain('Their password: ')
    expect(printed.at(-1)).toBe(`${made ? 2 : 3} good, 0 rejected; no card is left.`)
    expect(code).toBe(0)
    expect(machine.machine.picture().outputTray.count).toBe(6)
  })

  test('the log afterwards, as a table, CSV, JSON protocol and PDF', async () => {
    const table = await cardwright(['log', 'J-000001'])
    expect(table.printed.join('\n').match(/J-000001\/\d+\.\d+/g)!.length).toBeGreaterThanOrEqual(6)
    const csv = await cardwright(['log', 'J-000001', '--format', 'csv'])
    expect(csv.written().toString()).toContain('J-000001/1.1')
    const out = join(folder, 'protocol.json')
    expect((await cardwright(['log', 'J-000001', '--protocol', '--format', 'json', '--out', out])).code).toBe(0)
    const protocol = ProtocolDocument.parse(JSON.parse(readFileSync(out, 'utf8')))
    const { picked, good, rejected, inDoubt } = protocol.counts.blanks
    expect(picked).toBe(good + rejected + inDoubt)
    expect(readFileSync(out, 'utf8')).not.toMatch(/4000\d{9,}/)
    const pdf = await cardwright(['log', 'J-000001', '--protocol', '--format', 'pdf'])
    expect(pdf.written().subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('no such machine: those that are there are named', async () => {
    expect(await cardwright(['run', 'J-000001', '--device', 'Attic', '--as', 'operator'])).toMatchObject({ code: 1, complained: [expect.stringMatching(/Desk.*\[cli\.no-device\]/)] })
  })
})

describe('checks', () => {
  test('the journal holds, with its seals; altered, it does not, and the row is named', async () => {
    expect(await cardwright(['audit', 'verify', '--as', 'auditor'])).toMatchObject({ code: 0, complained: [] })
    const database = new DatabaseSync(join(data, 'cardwright.db'))
    const triggers = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'").all() as { name: string }[]
    for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`)
    database.exec(`UPDATE journal SET body = replace(body, '"at":1', '"at":2') WHERE sequence = 7`)
    database.close()
    const { code, printed } = await cardwright(['audit', 'verify', '--json'])
    expect(code).toBe(4)
    expect(JSON.parse(printed.join(''))).toMatchObject({ brokenAt: 7 })
  })

  test('designs and profiles: right ones, and every mistake of wrong ones with its place', async () => {
    expect(await cardwright(['design', 'check', project('assets/templates/debit-card.json'), '--profile', 'dc450'])).toMatchObject({ code: 0 })
    expect(await cardwright(['profile', 'check', project('drivers/cpx/profiles/dc280p.json')])).toMatchObject({ code: 0 })
    const wrong = join(folder, 'wrong.json')
    const design = JSON.parse(readFileSync(project('assets/templates/debit-card.json'), 'utf8')) as { lines: { x: number; font: string }[] }
    design.lines[0]!.x = 84_000
    writeFileSync(wrong, JSON.stringify(design))
    expect(await cardwright(['design', 'check', wrong, '--profile', 'dc450'])).toMatchObject({ code: 4, complained: expect.arrayContaining([expect.stringMatching(/^lines\[0\]/)]) as unknown })
    writeFileSync(wrong, '{"extends":"dc450","modes":{"standard":{"lag":7}},"speed":1}')
    const profile = await cardwright(['profile', 'check', wrong])
    expect(profile.code).toBe(4)
    expect(profile.complained.length).toBeGreaterThanOrEqual(2)
    writeFileSync(wrong, 'not json')
    expect(await cardwright(['profile', 'check', wrong])).toMatchObject({ code: 1, complained: [expect.stringContaining('[cli.not-json]')] })
  })
})
