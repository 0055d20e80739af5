/** A machine as the core and the screen see it: few states, an open set of reasons (the idea is IPP's, RFC 8011 5.4). */
import { z } from 'zod'
import { Operation } from '../card/life.ts'

export const DeviceState = z.enum(['idle', 'processing', 'stopped'])
export type DeviceState = z.infer<typeof DeviceState>

/** What the operator can do about a reason; the screen turns it into a prompt. */
export const ReasonAction = z.enum([
  'none',
  'wait',
  'refill-hopper',
  'empty-output-tray',
  'empty-reject-tray',
  'close-cover',
  'clear-jam',
  'change-foil',
  'change-ribbon',
  'check-line',
  'call-service',
  'correct-data',
  'look-at-machine',
  'insert-card', //   into the reader on the desk
  'take-card-out',
])
export type ReasonAction = z.infer<typeof ReasonAction>

/** Why a machine is not idle, or why a command ended as it did. */
export const Reason = z.object({
  /** Stable word, such as `hopper-empty`, `pick-error`, `link-lost`; its text is `reason.<code>` in the catalogues. */
  code: z.string().regex(/^[a-z]+(-[a-z0-9]+)*$/),
  severity: z.enum(['info', 'operator', 'error', 'fatal']),
  action: ReasonAction,
  /** The byte that the machine sent, as its letter or as hex (`13h`); absent when the host itself concluded it. */
  status: z.string().optional(),
})
export type Reason = z.infer<typeof Reason>

/** The module that works, for the picture; `basis` says whether the machine told it or the clock suggests it. */
export const ModuleProgress = z.object({
  module: z.enum(['hopper', 'feed', 'encoder', 'chip', 'embosser', 'indent', 'topper', 'output-tray', 'reject-tray']),
  basis: z.enum(['machine', 'timing']),
})
export type ModuleProgress = z.infer<typeof ModuleProgress>

/** How a spoiled card leaves a machine whose reject verb is unknown, in the order of preference (cpx.md). */
export const RejectWay = z.enum(['reject-verb', 'void-pattern', 'operator-removal'])
export type RejectWay = z.infer<typeof RejectWay>

export const Capabilities = z.object({
  /** The operations of one personalization command, which succeed or fail together. */
  carries: z.array(Operation),
  /** Cards whose completion may be outstanding while the next is accepted: 0, or 1 in the fast modes; a conveyor holds many. */
  completionLag: z.number().int().min(0).max(32),
  rejectWay: RejectWay,
  canReadStripe: z.boolean(),
  /** Chip stations of the machine, or null where it has none that is known. */
  chip: z
    .object({
      stations: z.array(z.string()).min(1),
      /** `by-itself`: the machine feeds the next card when it can; `by-command`; `by-hand`: a reader on the desk. */
      feed: z.enum(['by-itself', 'by-command', 'by-hand']),
      /** Cards that the machine holds at once. With more than one, chips are made while another card is embossed. */
      holds: z.number().int().min(1),
    })
    .nullable(),
  /** Verbs that are null in the profile: "needs the vendor's manual". */
  missingVerbs: z.array(z.string()),
})
export type Capabilities = z.infer<typeof Capabilities>

/** Which reader stands behind a chip station of a device. Practice machines bring their own. */
export const StationReader = z.object({ station: z.string().min(1).max(40), reader: z.string().min(1).max(200) })
export type StationReader = z.infer<typeof StationReader>

/** Where a device is reached. `simulator` runs inside the program and exists only in a demo workspace. */
export const DeviceLink = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('serial'), path: z.string().min(1) }),
  z.object({ kind: z.literal('tcp'), host: z.string().min(1), port: z.number().int().min(1).max(65535) }),
  /** No machine at all: a reader on the desk, fed by hand. */
  z.object({ kind: z.literal('reader') }),
  z.object({ kind: z.literal('simulator'), speed: z.number().min(0.1).max(1000).default(1) }),
])
export type DeviceLink = z.infer<typeof DeviceLink>

export const ProbeReport = z.object({
  answered: z.boolean(),
  /** Status as text, such as `A ready`; version and error payloads as sent. Undefined where no answer came. */
  status: z.string().optional(),
  version: z.string().optional(),
  error: z.string().optional(),
})
export type ProbeReport = z.infer<typeof ProbeReport>
