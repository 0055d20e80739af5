/** One card from an empty station to its end: known, then made by its scripts, then read back. */
import { fromHex, sameBytes, toHex } from '#shared/bytes.ts'
import { CardwrightError } from '#shared/cardwright-error.ts'
import { parseTlvTree } from '#shared/tlv/ber.ts'
import type { DataTree } from '#shared/tlv/ber.ts'
import { usualLimits } from '#shared/chip/task.ts'
import type { ChipTask, TaskApplication } from '#shared/chip/task.ts'
import type { ChipGroup, PreparedChip } from '#shared/chip/prepared-chip.ts'
import type { ChipAnswers, ChipQuestion } from '#shared/contract/chip-calls.ts'
import type { ChipConnection } from '../ports/chip-station.ts'
import { ScriptContext } from './context.ts'
import { CardEnds, ChipLost, chipReason, lossReason } from './endings.ts'
import type { ChipReasonCode } from './endings.ts'
import { messageOf } from './extension.ts'
import type { Extension } from './extension.ts'
import { identify, readSerial } from './identify.ts'
import { CardLink } from './link.ts'
import { maskFor } from './masks.ts'
import type { ChipOrder, ChipReport, ChipResult, PersonalizationParts } from './personalization.ts'
import type { ScriptEnding } from './sandbox/engine.ts'
import { Secrets } from './secrets.ts'
import { verify } from './verify.ts'

/** What a session works by. */
export interface Plan {
  task: ChipTask
  /** Sources by identifier. */
  scapps: ReadonlyMap<string, string>
  extension: Extension | undefined
  questions: readonly ChipQuestion[]
  answers: ChipAnswers
}

type Parts = Omit<PersonalizationParts, 'library'>

/** Never rejects. */
export async function personalizeCard(plan: Plan, parts: Parts, order: ChipOrder): Promise<ChipResult> {
  const card = new CardAtWork(plan, parts, order)
  try {
    return await card.run()
  } catch (thrown) {
    return card.ended(thrown)
  } finally {
    await card.leave()
  }
}

class CardAtWork {
  private readonly plan: Plan
  private readonly parts: Parts
  private readonly order: ChipOrder
  private readonly secrets: Secrets
  private connection: ChipConnection | undefined
  private link: CardLink | undefined
  /** From here on the blank is spoiled, whatever ends it. */
  private identified = false
  private serial: Uint8Array | undefined
  private report: ChipReport = { apdus: 0, verified: 0, accompanying: {} }

  constructor(plan: Plan, parts: Parts, order: ChipOrder) {
    this.plan = plan
    this.parts = parts
    this.order = order
    this.secrets = new Secrets(parts.keys)
  }

  async run(): Promise<ChipResult> {
    const { plan, parts } = this
    const link = await this.connect()
    this.serial = await identify(link, plan.task.card, parts.random)
    const chip = await this.prepared()
    link.mask = maskFor(chip.chip)
    this.known(link)
    for (const application of plan.task.applications) await this.personalize(link, application, groupsOf(chip.chip, application), chip.handed)
    await this.readBack(link, chip.chip)
    link.end(true, undefined)
    return { kind: 'done', report: await this.reported(link, true, undefined) }
  }

  /** How a card ends that did not end well. */
  async ended(thrown: unknown): Promise<ChipResult> {
    const ends = this.meaningOf(thrown)
    Object.assign(this.report.accompanying, ends.detail)
    this.link?.end(false, ends.code)
    const reason = chipReason(ends.code)
    if (ends.blank === 'usable' && !this.identified) return { kind: 'refused', reason }
    return { kind: 'failed', reason, report: await this.reported(this.link, false, ends.code) }
  }

  async leave(): Promise<void> {
    this.secrets.wipe()
    await this.connection?.release('unpower')
  }

  private meaningOf(thrown: unknown): CardEnds {
    if (thrown instanceof CardEnds) return thrown
    if (thrown instanceof ChipLost) return new CardEnds(lossReason(thrown.loss), isOfTheCard(thrown) ? 'spoiled' : 'usable')
    if (thrown instanceof CardwrightError && thrown.faults[0].code.startsWith('key.')) return new CardEnds('chip-keys', 'usable')
    if (this.order.signal?.aborted === true) return new CardEnds('chip-cancelled', 'usable')
    this.parts.onBug?.(thrown)
    return new CardEnds('chip-unexpected', 'usable')
  }

  private async connect(): Promise<CardLink> {
    const { order, parts } = this
    await this.waitForCard()
    try {
      this.connection = await order.station.connect()
    } catch (thrown) {
      throw connectionEnd(thrown)
    }
    this.link = new CardLink(this.connection, order, parts.clock, maskFor(order.chip))
    return this.link
  }

  private async waitForCard(): Promise<void> {
    const { station, patience, signal } = this.order
    const over = new AbortController()
    const both = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal])
    const gaveUp = patience === undefined ? undefined : this.parts.clock.sleep(patience, both).then(() => over.abort(), () => undefined)
    try {
      await station.waitFor(['card', 'mute'], both)
    } catch {
      if (signal?.aborted === true) throw new CardEnds('chip-cancelled', 'usable')
      throw new CardEnds(station.state().state === 'no-reader' ? 'chip-no-reader' : 'chip-no-card', 'usable')
    } finally {
      over.abort()
      await gaveUp
    }
  }

  /** The card's data as the extension module wants them, found to be what the task's templates ask for. */
  private async prepared(): Promise<{ chip: PreparedChip; handed: Readonly<Record<string, unknown>> }> {
    const { plan, order, secrets, serial } = this
    const { signal } = order
    const { answers, questions } = plan
    const prepared = plan.extension
      ? await plan.extension.prepare(order.chip, { answers, questions, serial: serial && toHex(serial), secrets, signal })
      : { chip: order.chip, handed: {} }
    const missing = missingData(plan.task, prepared.chip)
    if (missing !== undefined) throw new CardEnds('chip-data', 'usable', { data: missing })
    return prepared
  }

  private known(link: CardLink): void {
    const said = this.order.identified({ atr: toHex(link.atr), ...(this.serial === undefined ? {} : { chip: toHex(this.serial) }) })
    if (said === 'personalized-before') throw new CardEnds('chip-personalized-before', 'spoiled')
    this.identified = true
  }

  private async personalize(link: CardLink, application: TaskApplication, groups: ReadonlyMap<string, ChipGroup>, handed: Readonly<Record<string, unknown>>): Promise<void> {
    const { plan, parts, order, report, secrets, serial } = this
    const limits = plan.task.limits ?? usualLimits
    this.report.application = application.application
    const context = new ScriptContext({
      link,
      keys: parts.keys,
      random: parts.random,
      application,
      secrets,
      serial,
      apdus: limits.apdus,
      accompanying: report.accompanying,
      onProgress: (progress) => order.onProgress?.(progress),
      signal: order.signal,
      onBug: parts.onBug,
      stillTheSame: () => this.stillTheSame(link),
    })
    const argument = {
      answerToReset: toHex(link.atr),
      ...(serial === undefined ? {} : { serial: toHex(serial) }),
      parameters: application.parameters,
      handed: handed as Record<string, string>,
      groups: Array.from(groups.values(), (group) => this.groupView(group)),
    }
    try {
      const program = { name: application.scapp, source: plan.scapps.get(application.scapp)!, call: 'default', argument, kind: 'scapp', limits } as const
      judge(await parts.engine.run(program, context, order.signal), context, report, order.signal)
      const unwritten = application.template.find(({ group, required }) => required && !isPlaced(context, groups.get(group)))
      if (unwritten !== undefined) throw new CardEnds('chip-group-not-written', 'spoiled', { group: unwritten.group })
    } finally {
      context.close()
    }
  }

  private groupView(group: ChipGroup): { name: string; length: number; value?: string; secret?: { secret: string; length: number } } {
    const secret = this.secrets.addGroup(group)
    if (secret === undefined) return { name: group.name, length: group.value.length / 2, value: group.value }
    return { name: group.name, length: secret.length, secret: { ...secret } }
  }

  /** After the contact was lost: another card may lie there now. */
  private async stillTheSame(link: CardLink): Promise<boolean> {
    const { card } = this.plan.task
    const before = this.serial
    const now = await readSerial(link, card.serial)
    return (before === undefined && now === undefined) || (before !== undefined && now !== undefined && sameBytes(before, now))
  }

  private async readBack(link: CardLink, chip: PreparedChip): Promise<void> {
    const { plan, parts, report } = this
    if (plan.task.applications.every(({ verify }) => verify.length === 0)) return
    // What only seemed to be written, in the card's volatile memory, is gone after a reset.
    await link.reset()
    for (const application of plan.task.applications) {
      report.application = application.application
      report.verified += await verify(link, parts.keys, application, groupsOf(chip, application))
    }
    delete report.application
  }

  private async reported(link: CardLink | undefined, good: boolean, code: ChipReasonCode | undefined): Promise<ChipReport> {
    const { report, plan } = this
    const accompanying = plan.extension ? await plan.extension.shape({ good, accompanying: report.accompanying, ...(code === undefined ? {} : { code }) }) : report.accompanying
    return { ...report, apdus: link?.apdus ?? 0, accompanying, ...(link?.lastStatus === undefined ? {} : { lastStatus: link.lastStatus }) }
  }
}

/** Whether a card that was lost before anything was written has shown itself to be none that may be used. */
const isOfTheCard = ({ loss }: ChipLost): boolean => loss === 'mute' || loss === 'deadline' || loss === 'protocol-error'

const connectionCodes: Readonly<Record<string, readonly [ChipReasonCode, CardEnds['blank']]>> = {
  'chip.no-reader': ['chip-no-reader', 'usable'],
  'chip.no-service': ['chip-no-reader', 'usable'],
  'chip.no-card': ['chip-no-card', 'usable'],
  'chip.in-use': ['chip-in-use', 'usable'],
  'chip.mute': ['chip-mute', 'spoiled'],
}

function connectionEnd(thrown: unknown): unknown {
  const known = thrown instanceof CardwrightError ? connectionCodes[thrown.faults[0].code] : undefined
  return known ? new CardEnds(known[0], known[1]) : thrown
}

/** What the script's ending means for the card. Throws unless it ended well. */
function judge(ending: ScriptEnding, context: ScriptContext, report: ChipReport, signal: AbortSignal | undefined): void {
  if (context.step !== undefined) report.step = context.step
  if ('line' in ending && ending.line !== undefined) report.line = ending.line
  if (context.rejected) throw new CardEnds('chip-rejected-by-script', 'spoiled', { rejected: context.rejected.code, because: context.rejected.text })
  if (context.stopped !== undefined) throw new CardEnds(context.stopped, 'spoiled')
  if (context.lost !== undefined) throw new CardEnds(lossReason(context.lost.loss), 'spoiled')
  if (ending.kind === 'limit') throw new CardEnds('chip-script-limit', 'spoiled', { limit: ending.limit })
  if (ending.kind === 'stopped') throw new CardEnds(signal?.aborted === true ? 'chip-cancelled' : 'chip-script-failed', 'spoiled')
  if (ending.kind === 'threw') {
    const known = context.lastError?.message === ending.message ? context.lastError.reason : 'chip-script-failed'
    throw new CardEnds(known, 'spoiled', { message: messageOf(ending) })
  }
  delete report.step
  delete report.line
}

function isPlaced({ placed }: ScriptContext, group: ChipGroup | undefined): boolean {
  if (group === undefined) return false
  return group.secret === undefined ? placed.has(group.value) : placed.hasSecret(group.name)
}

function groupsOf(chip: PreparedChip, { application }: TaskApplication): ReadonlyMap<string, ChipGroup> {
  const found = chip.applications.find((candidate) => candidate.application === application)
  return new Map(found?.groups.map((group) => [group.name, group]))
}

/** What the templates ask for and the data lack, as a place; undefined where nothing is missing. */
export function missingData(task: ChipTask, chip: PreparedChip): string | undefined {
  for (const application of task.applications) {
    const groups = groupsOf(chip, application)
    for (const { group: name, required, secret, tags } of application.template) {
      const place = `${application.application}, ${name}`
      const group = groups.get(name)
      if (group === undefined) {
        if (required) return place
        continue
      }
      if (secret !== (group.secret !== undefined)) return place
      if (tags === undefined || group.secret !== undefined) continue
      const present = tagsIn(group.value)
      const lacking = tags.find((tag) => !present.has(tag))
      if (lacking !== undefined) return `${place}, ${lacking}`
    }
  }
  return undefined
}

function tagsIn(value: string): ReadonlySet<string> {
  const tags = new Set<string>()
  const add = (objects: readonly DataTree[]): void => {
    for (const { tag, children } of objects) {
      tags.add(tag)
      if (children) add(children)
    }
  }
  try {
    add(parseTlvTree(fromHex(value)))
  } catch {
    // No BER-TLV: it has none of the tags.
  }
  return tags
}
