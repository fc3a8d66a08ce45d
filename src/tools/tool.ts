import type { z } from 'zod'
import type { Configuration } from '../config/settings.ts'
import type { Effect, Evidence } from '../operations/operation.ts'
import type { Session } from '../session/session.ts'
import type { Log } from '../shared/log.ts'
import type { Person, Question } from './effects/approval/consent.ts'
import type { Safeguards } from './effects/safeguards.ts'
import type { Reply } from './replies/reply.ts'

/** What every tool call may use. */
export interface Surroundings {
  readonly session: Session
  readonly configuration: Configuration
  readonly safeguards: Safeguards
  readonly log: Log
  /** Names of withheld tools, and the setting that withholds each. */
  readonly withheld: ReadonlyMap<string, string>
  /** `car` and `saq`, if they have at least one tool. */
  readonly products: ReadonlySet<string>
}

/** One running tools/call. */
export interface Running extends Surroundings {
  readonly signal: AbortSignal
  readonly progress: (done: number, total: number | undefined) => void
  readonly person: Person
}

/** The name and description of a tool. */
interface Label {
  readonly name: string
  readonly title: string
  readonly description: string
}

/**
 * One tool as MCP lists it, and what the settings select it by. Stored in tool-manifest.json, so that listing
 * builds no schemas.
 */
export interface Listing extends Label {
  readonly effect: Effect
  /** JSON Schema of its arguments. */
  readonly schema: Readonly<Record<string, unknown>>
  /** Absent for tools that belong to every toolset. */
  readonly toolset?: string
  /** True if the tool stays whatever is selected, unless it is excluded. */
  readonly always?: true
  /** Present for operations of Qualys; absent for this program's own tools. */
  readonly route?: string
  readonly evidence?: Evidence
}

/** One tool that can be called: an operation, or one of the workflows. */
export interface Tool extends Label {
  readonly effect: Effect
  readonly input: z.ZodRawShape
  readonly run: (args: Readonly<Record<string, unknown>>, running: Running) => Promise<Reply | Question>
}
