import type { Environment } from '../../../src/config/settings.ts'
import type { Log } from '../../../src/shared/log.ts'
import { silentLog } from '../../../src/shared/log.ts'
import type { ToolContext } from '../../../src/tools/tool.ts'
import { fleetReplies } from './fleet-replies.ts'
import { performInMemory, toolContextOn } from './in-memory.ts'
import { MemorySession, type Replies } from './memory-session.ts'

// Calls of effects on answers in memory, with their lines of the audit log.

export const fail = (error: Error) => (): never => {
  throw error
}
export const fleet = fleetReplies({ hosts: [{ id: 1, tags: [] }] })
export const run = ['car_execute_script', { scriptId: 7, assetIds: [1] }] as const
export const update = ['car_update_script', { scriptId: 7, title: 'T' }] as const

export type Facts = Readonly<Record<string, unknown>>
type Line = readonly [event: string, facts: Facts]

export interface AuditedCall {
  readonly lines: readonly Line[]
  readonly events: readonly string[]
  readonly outcome: unknown
  readonly session: MemorySession
  readonly errors: readonly string[]
}

export interface AuditedCallOptions {
  readonly environment?: Environment
  readonly more?: Partial<ToolContext>
  /** Throws if the log cannot be written. */
  readonly record?: (event: string) => void
  readonly redact?: (text: string) => string
}

/** A call with its log lines; an error that it throws is its outcome. */
export async function auditedCall(
  [tool, args]: readonly [tool: string, args: object],
  replies: Replies = fleet,
  { environment = { QUALYS_MODE: 'unattended' }, more = {}, record, redact }: AuditedCallOptions = {},
): Promise<AuditedCall> {
  const lines: Line[] = []
  const errors: string[] = []
  const session = new MemorySession(replies, redact)
  const running = toolContextOn(session, environment, more)
  const audit = {
    record: (event: string, facts: Facts) => {
      record?.(event)
      lines.push([event, facts])
    },
  } as unknown as NonNullable<ToolContext['safeguards']['audit']>
  const log: Log = { ...silentLog, error: (_facts, text) => errors.push(text) }
  const outcome = await performInMemory(session, tool, args, {
    ...running,
    log,
    safeguards: { ...running.safeguards, audit },
  }).catch((error: unknown) => error)
  return { lines, events: lines.map(([event]) => event), outcome, session, errors }
}

export const factsOf = ({ lines }: AuditedCall, wanted: string): Facts | undefined =>
  lines.find(([event]) => event === wanted)?.[1]
