import type { z } from 'zod'
import type { Hints } from '../operations/operation.ts'
import type { Session } from '../session/session.ts'
import type { Configuration } from '../settings.ts'
import type { Person, Question } from './consent.ts'
import type { Safeguards } from './effects/safeguards.ts'
import type { Reply } from './reply.ts'

/** What every tool call may use. */
export interface Surroundings {
  readonly session: Session
  readonly configuration: Configuration
  readonly safeguards: Safeguards
  readonly log: (line: string) => void
  /** Names of tools that settings keep back, and by which setting. */
  readonly withheld: ReadonlyMap<string, string>
  /** `car` and `saq`, those of which a tool is left. */
  readonly products: ReadonlySet<string>
}

/** One running tools/call. */
export interface Running extends Surroundings {
  readonly signal: AbortSignal
  readonly progress: (done: number, total: number | undefined) => void
  readonly person: Person
}

/** One tool as MCP shows it: an operation, or one of the few workflows. */
export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly hints: Hints
  readonly input: z.ZodRawShape
  readonly run: (args: Readonly<Record<string, unknown>>, running: Running) => Promise<Reply | Question>
}
