import type { Environment } from '../../../src/config/settings.ts'
import type { Log } from '../../../src/shared/log.ts'
import { silent } from '../../../src/shared/log.ts'
import type { Running } from '../../../src/tools/tool.ts'
import { fleetReplies } from './fleet-replies.ts'
import { performed, runningOn } from './in-memory.ts'
import { MemorySession, type Replies } from './memory-session.ts'

// Calls of effects against answers in memory, with their lines of the audit log.

export const fail = (error: Error) => (): never => {
  throw error
}
export const fleet = fleetReplies({ hosts: [{ id: 1, tags: [] }] })
export const run = ['car_execute_script', { scriptId: 7, assetIds: [1] }] as const
export const update = ['car_update_script', { scriptId: 7, title: 'T' }] as const

export type Facts = Readonly<Record<string, unknown>>
type Line = readonly [event: string, facts: Facts]

export interface Called {
  readonly lines: readonly Line[]
  readonly events: readonly string[]
  readonly outcome: unknown
  readonly session: MemorySession
  readonly errors: readonly string[]
}

export interface Around {
  readonly environment?: Environment
  readonly more?: Partial<Running>
  /** Throws where the log cannot be written. */
  readonly record?: (event: string) => void
  readonly redact?: (text: string) => string
}

/** A call whose log lines are kept here; what it throws is its outcome. */
export async function called(
  [tool, args]: readonly [tool: string, args: object],
  replies: Replies = fleet,
  { environment = { QUALYS_MODE: 'unattended' }, more = {}, record, redact }: Around = {},
): Promise<Called> {
  const lines: Line[] = []
  const errors: string[] = []
  const session = new MemorySession(replies, redact)
  const running = runningOn(session, environment, more)
  const audit = {
    record: (event: string, facts: Facts) => {
      record?.(event)
      lines.push([event, facts])
    },
  } as unknown as NonNullable<Running['safeguards']['audit']>
  const log: Log = { ...silent, error: (_facts, text) => errors.push(text) }
  const outcome = await performed(session, tool, args, {
    ...running,
    log,
    safeguards: { ...running.safeguards, audit },
  }).catch((error: unknown) => error)
  return { lines, events: lines.map(([event]) => event), outcome, session, errors }
}

export const factsOf = ({ lines }: Called, wanted: string): Facts | undefined =>
  lines.find(([event]) => event === wanted)?.[1]
