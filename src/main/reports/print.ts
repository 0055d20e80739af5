/** What stands on the paper: the protocol that people sign, and the log. */
import type { Content } from 'pdfmake/interfaces.js'
import { groupNumber } from '#shared/card/number.ts'
import { factSentence } from '#shared/journal/fact-sentence.ts'
import type { AttemptView } from '#shared/job/job.ts'
import { counts, facts, hash, note, type PrintColumn, section, signatures, table, toPdf } from './pdf.ts'
import type { LogExport, Protocol, ProtocolRun } from './protocol.ts'
import { cellOf, type Column } from './table.ts'
import type { Words } from './words.ts'

export function printProtocol(words: Words, protocol: Protocol): Promise<Uint8Array> {
  const { say } = words
  const { job, chain } = protocol
  const title = say('report.protocol.title', { job: job.job })
  return toPdf(words, {
    title,
    subtitle: job.name,
    foot: `Cardwright · ${job.job} · ${chain.hash.slice(0, 16)}…`,
    madeAt: protocol.madeAt,
    content: [
      note(`${madeLine(words, protocol)} ${say('report.time-zone', { zone: words.timeZone })}`),
      { text: '', margin: [0, 4, 0, 0] },
      facts(jobFacts(words, protocol)),
      section(say('report.section.cards'), cardCounts(words, protocol)),
      section(say('report.section.blanks'), ...blankCounts(words, protocol)),
      ...reasonsTable(words, protocol),
      runsTable(words, protocol),
      ...doubtsTable(words, protocol),
      attemptsTable(words, say('report.section.attempts'), protocol.attempts, protocolColumns),
      ...chipsTable(words, protocol.attempts),
      actionsTable(words, protocol),
      section(say('report.section.journal'), ...chainNotes(words, protocol)),
      section(say('report.section.signatures'), signatures(words, [say('report.sign.operator'), say('report.sign.second')])),
    ],
  })
}

export function printLog(words: Words, log: LogExport): Promise<Uint8Array> {
  const { say } = words
  return toPdf(words, {
    title: log.job === undefined ? say('report.log.title') : say('report.log.title.job', { job: log.job }),
    subtitle: log.workspace,
    foot: `Cardwright · ${log.workspace}`,
    landscape: true,
    madeAt: log.madeAt,
    content: [
      note(`${madeLine(words, log)} ${say('report.time-zone', { zone: words.timeZone })}`),
      { text: '', margin: [0, 6, 0, 0] },
      attemptsTable(words, undefined, log.attempts, logColumns),
      ...chipsTable(words, log.attempts),
    ],
  })
}

function madeLine(words: Words, { madeAt, madeBy }: { madeAt: number; madeBy: string }): string {
  return `${words.say('report.made', { time: words.longTime(madeAt), person: madeBy })}.`
}

function jobFacts({ say, longTime }: Words, { job, workspace, file, design, createdBy, closedBy }: Protocol): [string, string][] {
  const closed = job.closedAt !== undefined && closedBy !== undefined
  return [
    [say('report.workspace'), workspace],
    [say('report.job'), `${job.job} · ${job.name}`],
    [say('report.state'), say(`report.state.${job.state}`)],
    [say('report.file'), `${file.name}\nSHA-256 ${file.digest}`],
    [say('report.design'), `${say('report.design.revision', { name: design.name, revision: design.revision })}\nSHA-256 ${design.digest}`],
    [say('report.created'), say('report.by-at', { person: createdBy, time: longTime(job.createdAt) })],
    [say('report.closed'), closed ? say('report.by-at', { person: closedBy, time: longTime(job.closedAt!) }) : '—'],
  ]
}

function cardCounts({ say, count }: Words, { job }: Protocol): Content {
  const { records, good, rejected, inDoubt, skipped, queued, inWork } = job.counts
  return counts([
    { count: count(records), word: say('report.count.records') },
    { count: count(good), word: say('report.count.good') },
    { count: count(rejected), word: say('report.count.rejected') },
    { count: count(inDoubt), word: say('report.count.in-doubt') },
    { count: count(skipped), word: say('report.count.skipped') },
    { count: count(queued + inWork), word: say('report.count.queued') },
  ])
}

function blankCounts({ say, count }: Words, { job }: Protocol): Content[] {
  const { picked, good, rejected, inDoubt, resolved } = job.counts.blanks
  const sum = { picked: count(picked), good: count(good), rejected: count(rejected), doubt: count(inDoubt) }
  return [{ text: say('report.blanks.sum', sum), fontSize: 10 }, note(say('report.blanks.resolved', { resolved: count(resolved) }))]
}

function reasonsTable(words: Words, { reasons }: Protocol): Content[] {
  if (reasons.length === 0) return []
  const columns: PrintColumn<Protocol['reasons'][number]>[] = [
    { heading: words.say('report.column.reason'), width: '*', cell: ({ reason }) => (reason ? words.reason(reason) : words.say('report.reason.none')) },
    { heading: words.say('report.column.count'), width: 60, number: true, cell: ({ count }) => words.count(count) },
  ]
  return [table(words.say('report.section.reasons'), columns, reasons)]
}

function runsTable(words: Words, { runs }: Protocol): Content {
  const { say, time, count } = words
  const heading = say('report.section.runs')
  if (runs.length === 0) return section(heading, note(say('report.none')))
  const columns: PrintColumn<ProtocolRun>[] = [
    { heading: say('report.column.run'), width: 50, cell: ({ run }) => run },
    { heading: say('report.column.device'), width: '*', cell: ({ device, range }) => (range ? `${device}, ${say('report.range', range)}` : device) },
    { heading: say('report.column.operator'), width: '*', cell: ({ operator }) => operator },
    { heading: say('report.column.began'), width: 76, cell: ({ startedAt }) => time(startedAt) },
    { heading: say('report.column.ended'), width: 76, cell: ({ endedAt }) => (endedAt === undefined ? say('report.under-way') : time(endedAt)) },
    { heading: say('report.column.result'), width: 92, cell: ({ why }) => (why === undefined ? '' : say(`report.why.${why}`)) },
    { heading: say('report.column.good'), width: 34, number: true, cell: ({ good }) => count(good) },
    { heading: say('report.column.rejected'), width: 40, number: true, cell: ({ rejected }) => count(rejected) },
  ]
  return table(heading, columns, runs)
}

function doubtsTable(words: Words, { doubts }: Protocol): Content[] {
  if (doubts.length === 0) return []
  const { say, time } = words
  const columns: PrintColumn<Protocol['doubts'][number]>[] = [
    { heading: say('report.column.time'), width: 76, cell: ({ at }) => time(at) },
    { heading: say('report.column.attempt'), width: 70, cell: ({ attempt }) => attempt },
    { heading: say('report.column.verdict'), width: 70, cell: ({ verdict }) => say(`report.result.${verdict}`) },
    { heading: say('report.column.basis'), width: '*', cell: ({ basis, choice }) => `${say(`report.basis.${basis}`)}: ${words.sayIfKnown(`fact.choice.${choice}`) ?? choice}` },
    { heading: say('report.column.person'), width: 80, cell: ({ by }) => actor(words, by) },
    { heading: say('report.column.second'), width: 80, cell: ({ second }) => second ?? '' },
  ]
  return [table(say('report.section.doubts'), columns, doubts)]
}

type Widths = readonly (readonly [column: Column, width: PrintColumn<AttemptView>['width']])[]

const protocolColumns: Widths = [['attempt', 66], ['number', 84], ['began', 74], ['result', 48], ['reason', '*'], ['place', 72], ['operator', 66]]
const logColumns: Widths = [
  ['began', 76], ['attempt', 72], ['number', 88], ['result', 60], ['reason', '*'], ['place', 90], ['job-name', '*'], ['device', 70], ['operator', 90],
]

const chipColumns: Widths = [['attempt', 66], ['chip', 92], ['done', '*'], ['chip-commands', 44], ['chip-ended', '*'], ['chip-told', '*']]

/** Of those blanks alone whose chip was known in a station. */
function chipsTable(words: Words, attempts: readonly AttemptView[]): Content[] {
  const chips = attempts.filter(({ chip }) => chip !== undefined)
  return chips.length === 0 ? [] : [attemptsTable(words, words.say('report.section.chips'), chips, chipColumns)]
}

function attemptsTable(words: Words, heading: string | undefined, attempts: readonly AttemptView[], widths: Widths): Content {
  if (attempts.length === 0) return heading === undefined ? note(words.say('report.none')) : section(heading, note(words.say('report.none')))
  const columns = widths.map(([column, width]): PrintColumn<AttemptView> => ({
    heading: words.say(`report.column.${column}`),
    width,
    cell: (attempt) => (column === 'number' ? groupNumber(attempt.number) : String(cellOf(words, attempt, column))),
  }))
  return table(heading, columns, attempts)
}

function actionsTable(words: Words, { actions, names }: Protocol): Content {
  const columns: PrintColumn<Protocol['actions'][number]>[] = [
    { heading: words.say('report.column.time'), width: 76, cell: ({ at }) => words.time(at) },
    { heading: words.say('report.column.person'), width: 90, cell: ({ by }) => actor(words, by) },
    { heading: words.say('report.column.action'), width: '*', cell: ({ fact }) => attemptOf(fact) + factSentence(words, names, fact) },
  ]
  return table(words.say('report.section.actions'), columns, actions)
}

/** A sentence about a blank does not name it; here nothing else does. */
function attemptOf(fact: Protocol['actions'][number]['fact']): string {
  return 'attempt' in fact && fact.attempt !== undefined ? `${fact.attempt}: ` : ''
}

function actor(words: Words, by: string): string {
  return by === 'system' ? words.say('fact.by.system') : by
}

function chainNotes({ say }: Words, { chain }: Protocol): Content[] {
  const seal = chain.seal ? [note(say('report.journal.seal')), hash(chain.seal.head), hash(chain.seal.mac)] : [note(say('report.journal.open'))]
  return [note(say('report.journal.row', { sequence: String(chain.sequence) })), hash(chain.hash), ...seal, note(say('report.journal.check'))]
}
