/** `cardwright`: the commands, their options and their help. What they do is in `commands/`. */
import { realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { Command, CommanderError, Option } from 'commander'
import { KeyAlgorithm } from '#shared/chip/keys.ts'
import type { TextKey } from '#shared/texts/index.ts'
import { wordsIn, type Words } from '../../reports/words.ts'
import { demo } from '../demo.ts'
import { serve, start } from '../start.ts'
import { provideThreads } from '../threads.ts'
import { version } from '../version.ts'
import { checkDesignFile, checkProfileFile } from './commands/check.ts'
import { listReaders, listTasks, runChip } from './commands/chip.ts'
import { addDevice, listDevices, probeDevice, removeDevice, simulate } from './commands/devices.ts'
import { listJobs, showLog, verifyJournal } from './commands/journal.ts'
import { importKey, listKeys, removeKey } from './commands/keys.ts'
import { importFile, runJob } from './commands/produce.ts'
import { virtualCard } from './commands/virtual-card.ts'
import { addPerson, changePerson, initWorkspace, listPeople, setPassword } from './commands/workspace.ts'
import { languageOf } from './language.ts'
import { Ending, type ExitCode, exitCode, reported } from './report.ts'
import { type Setting, settingOf } from './setting.ts'
import { systemTerminal, type Terminal } from './terminal.ts'

/** Runs one command line (without the program's name) and answers its exit code. Prints what `terminal` is given. */
export async function runCommand(args: readonly string[], terminal: Terminal, words: Words): Promise<ExitCode> {
  const program = createProgram(terminal, words)
  return reported(words, terminal.complain, async () => {
    try {
      await program.parseAsync([...args], { from: 'user' })
    } catch (thrown) {
      if (!(thrown instanceof CommanderError)) throw thrown
      // Commander has said what it did not understand; asked for help it ends with 0.
      if (thrown.exitCode !== 0) throw new Ending(exitCode.usage)
    }
  })
}

function createProgram(terminal: Terminal, words: Words): Command {
  const program = new Command('cardwright')
  const tools = kit(program, terminal, words)
  program
    .description(words.say('cli.about'))
    .version(version, '-V, --version', words.say('cli.option.version'))
    .option('--data <dir>', words.say('cli.option.data'))
    .addOption(new Option('--lang <lang>', words.say('cli.option.lang')).choices(['en', 'ru']))
    .addHelpText('after', `\n${words.say('cli.exit-codes')}`)
  startCommands(tools)
  productionCommands(tools)
  recordCommands(tools)
  documentCommands(tools)
  peopleCommands(tools)
  deviceCommands(tools)
  chipCommands(tools)
  keyCommands(tools)
  return program
}

interface Kit {
  words: Words
  /** A command under `parent`, with its description and the help in the chosen language. */
  command(parent: Command | undefined, name: string, about: TextKey): Command
  setting(): Setting
}

function kit(program: Command, terminal: Terminal, words: Words): Kit {
  const { say } = words
  const prepare = (command: Command) =>
    command
      .helpOption('-h, --help', say('cli.option.help'))
      .helpCommand(false)
      .showHelpAfterError(say('cli.see-help'))
      .exitOverride()
      .configureOutput({ writeOut: (text) => terminal.print(text.trimEnd()), writeErr: (text) => terminal.complain(text.trimEnd()) })
      .configureHelp({ styleTitle: (title) => words.sayIfKnown(`cli.help.${title.replace(':', '').toLowerCase()}`) ?? title })
  prepare(program)
  return {
    words,
    command: (parent = program, name, about) => prepare(parent.command(name)).description(say(about)),
    setting: () => settingOf(words, terminal, program.opts<{ data?: string }>().data),
  }
}

/** For commands that work in somebody's name. */
function signedIn(command: Command, { say }: Words): Command {
  return command.option('--as <name>', say('cli.option.as')).option('--password-stdin', say('cli.option.password-stdin'))
}

function startCommands({ words, command, setting }: Kit): void {
  const { say } = words
  const options = (started: Command) =>
    started.option('--demo', say('cli.option.demo')).option('--port <port>', say('cli.option.port'), Number).option('--no-browser', say('cli.option.no-browser'))
  type Given = { demo?: boolean; port?: number; browser: boolean }
  options(command(undefined, 'start', 'cli.start')).action((given: Given) => start({ ...given, data: setting().data }, words, setting().terminal.print))
  options(command(undefined, 'web', 'cli.web')).action((given: Given) => serve({ ...given, data: setting().data }, words, setting().terminal.print))
  command(undefined, 'demo', 'cli.demo').action(() => demo(words, setting().terminal.print))
  command(undefined, 'init', 'cli.init')
    .option('--demo', say('cli.option.demo'))
    .option('--name <name>', say('cli.option.workspace-name'))
    .option('--administrator <name>', say('cli.option.administrator'))
    .option('--password-stdin', say('cli.option.password-stdin'))
    .action((given) => initWorkspace(setting(), given))
}

function productionCommands({ words, command, setting }: Kit): void {
  const { say } = words
  signedIn(command(undefined, 'import <file>', 'cli.import'), words)
    .requiredOption('--design <id>', say('cli.option.design'))
    .option('--name <name>', say('cli.option.job-name'))
    .option('--device <name>', say('cli.option.check-device'))
    .option('--source <file>', say('cli.option.source'))
    .option('--json', say('cli.option.json'))
    .action((file: string, given) => importFile(setting(), file, given))
  signedIn(command(undefined, 'run <job>', 'cli.run'), words)
    .requiredOption('--device <name>', say('cli.option.device'))
    .option('--from <card>', say('cli.option.from'))
    .option('--to <card>', say('cli.option.to'))
    .addOption(new Option('--on-prompt <what>', say('cli.option.on-prompt')).choices(['ask', 'stop']))
    .action((job: string, given) => runJob(setting(), job, given))
}

function recordCommands({ words, command, setting }: Kit): void {
  const { say } = words
  command(undefined, 'jobs', 'cli.jobs')
    .option('--all', say('cli.option.all'))
    .option('--json', say('cli.option.json'))
    .action((given) => listJobs(setting(), given))
  command(undefined, 'log [job]', 'cli.log')
    .addOption(new Option('--format <format>', say('cli.option.format')).choices(['table', 'csv', 'json', 'pdf']).default('table'))
    .option('--out <file>', say('cli.option.out'))
    .option('--protocol', say('cli.option.protocol'))
    .action((job: string | undefined, given) => showLog(setting(), job, given))
  const audit = command(undefined, 'audit', 'cli.audit')
  signedIn(command(audit, 'verify', 'cli.audit.verify'), words)
    .option('--json', say('cli.option.json'))
    .action((given) => verifyJournal(setting(), given))
}

function documentCommands({ words, command, setting }: Kit): void {
  const { say } = words
  const design = command(undefined, 'design', 'cli.design')
  command(design, 'check <file>', 'cli.design.check')
    .option('--profile <name>', say('cli.option.profile-check'))
    .action((file: string, given) => checkDesignFile(setting(), file, given))
  const profile = command(undefined, 'profile', 'cli.profile')
  command(profile, 'check <file>', 'cli.profile.check').action((file: string) => checkProfileFile(setting(), file))
}

function peopleCommands({ words, command, setting }: Kit): void {
  const { say } = words
  const people = command(undefined, 'people', 'cli.people')
  const role = () => new Option('--role <role...>', say('cli.option.role'))
  signedIn(command(people, 'list', 'cli.people.list'), words)
    .option('--json', say('cli.option.json'))
    .action((given) => listPeople(setting(), given))
  signedIn(command(people, 'add <name>', 'cli.people.add'), words)
    .addOption(role().makeOptionMandatory())
    .action((name: string, given) => addPerson(setting(), name, given))
  signedIn(command(people, 'change <name>', 'cli.people.change'), words)
    .addOption(role())
    .option('--rename <name>', say('cli.option.rename'))
    .option('--active', say('cli.option.active'))
    .option('--no-active', say('cli.option.no-active'))
    .action((name: string, given) => changePerson(setting(), name, given))
  signedIn(command(people, 'password <name>', 'cli.people.password'), words).action((name: string, given) => setPassword(setting(), name, given))
}

function deviceCommands({ words, command, setting }: Kit): void {
  const { say } = words
  const device = command(undefined, 'device', 'cli.device')
  command(device, 'list', 'cli.device.list')
    .option('--json', say('cli.option.json'))
    .action((given) => listDevices(setting(), given))
  signedIn(command(device, 'add <name>', 'cli.device.add'), words)
    .requiredOption('--profile <name>', say('cli.option.profile'))
    .requiredOption('--link <link>', say('cli.option.link'))
    .option('--mode <mode>', say('cli.option.mode'), 'standard')
    .action((name: string, given) => addDevice(setting(), name, given))
  signedIn(command(device, 'remove <name>', 'cli.device.remove'), words).action((name: string, given) => removeDevice(setting(), name, given))
  signedIn(command(device, 'probe <name>', 'cli.device.probing'), words)
    .option('--json', say('cli.option.json'))
    .action((name: string, given) => probeDevice(setting(), name, given))
  command(undefined, 'simulate <model>', 'cli.simulate')
    .requiredOption('--link <link>', say('cli.option.served-link'))
    .option('--control <link>', say('cli.option.control'))
    .option('--state <file>', say('cli.option.state'))
    .option('--speed <times>', say('cli.option.speed'))
    .option('--blanks <number>', say('cli.option.blanks'))
    .option('--mode <mode>', say('cli.option.mode'))
    .option('--json', say('cli.option.json'))
    .action((model: string, given) => simulate(setting(), model, given))
  command(undefined, 'virtual-card <type>', 'cli.virtual-card')
    .requiredOption('--vpcd <port>', say('cli.option.vpcd'))
    .option('--state <file>', say('cli.option.card-state'))
    .option('--seed <number>', say('cli.option.card-seed'), '1')
    .option('--baud <rate>', say('cli.option.baud'))
    .option('--keys <which>', say('cli.option.card-keys'), 'diversified')
    .option('--json', say('cli.option.json'))
    .action((type: string, given) => virtualCard(setting(), type, given))
}

function chipCommands({ words, command, setting }: Kit): void {
  const { say } = words
  const chip = command(undefined, 'chip', 'cli.chip')
  signedIn(command(chip, 'tasks', 'cli.chip.tasks'), words)
    .option('--json', say('cli.option.json'))
    .action((given) => listTasks(setting(), given))
  signedIn(command(chip, 'readers', 'cli.chip.readers'), words)
    .option('--json', say('cli.option.json'))
    .action((given) => listReaders(setting(), given))
  signedIn(command(chip, 'run <task>', 'cli.chip.run'), words)
    .requiredOption('--reader <name>', say('cli.option.reader'))
    .requiredOption('--record <file>', say('cli.option.record'))
    .option('--transport <name>', say('cli.option.transport'))
    .addOption(new Option('--on-prompt <what>', say('cli.option.on-prompt')).choices(['ask', 'stop']))
    .action((task: string, given) => runChip(setting(), task, given))
}

function keyCommands({ words, command, setting }: Kit): void {
  const { say } = words
  const keys = command(undefined, 'keys', 'cli.keys')
  signedIn(command(keys, 'list', 'cli.keys.list'), words)
    .option('--json', say('cli.option.json'))
    .action((given) => listKeys(setting(), given))
  signedIn(command(keys, 'import <name>', 'cli.keys.import'), words)
    .addOption(new Option('--algorithm <algorithm>', say('cli.option.algorithm')).choices(KeyAlgorithm.options).makeOptionMandatory())
    .addOption(new Option('--purpose <purpose>', say('cli.option.purpose')).choices(['master', 'transport']).makeOptionMandatory())
    .option('--value-stdin', say('cli.option.value-stdin'))
    .action((name: string, given) => importKey(setting(), name, given))
  signedIn(command(keys, 'remove <name>', 'cli.keys.remove'), words).action((name: string, given) => removeKey(setting(), name, given))
}

/** The program's own entry. */
export async function run(): Promise<void> {
  provideThreads()
  const args = process.argv.slice(2)
  process.exitCode = await runCommand(args, systemTerminal(), wordsIn(languageOf(args, process.env)))
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) await run()
