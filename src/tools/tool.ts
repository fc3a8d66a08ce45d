import type { ServerContext } from '@modelcontextprotocol/server'
import type { z } from 'zod'
import type { Configuration } from '../config/settings.ts'
import type { Change, Effect, Evidence } from '../operations/operation.ts'
import type { Session } from '../session/session.ts'
import type { QualysError } from '../shared/errors.ts'
import type { Log } from '../shared/log.ts'
import type { Redact } from '../shared/secrets.ts'
import type { Approvals, CallTimes } from './approvals.ts'
import type { Progress } from './progress.ts'
import type { Reply } from './replies/reply.ts'
import type { SentRuns } from './sent-runs.ts'

/** How a call ends that was given up before it was sent; `error`: why, unless the client cancelled it. */
type GiveUp = (error?: QualysError) => void

/** A question for a person; `state` comes back with the answer. */
export interface Question {
  readonly question: string
  readonly state: string
  /** What the answer is for. */
  readonly digest: string
  /** An address to open instead of a form: the answer to that is never a yes. */
  readonly url?: string
  /** Writes the audit line of a question that is given up. */
  readonly onGivenUp: GiveUp
}

/** A call that waits for what a person does elsewhere. */
export interface Waiting {
  /** What a person can do, for the progress of the call. */
  readonly waitingFor: string
  /** Resolves once a person decided, or when the time that a call may wait is over. */
  readonly decided: (signal: AbortSignal) => Promise<void>
  /** What the call ends with if nobody decides. */
  readonly error: QualysError
  readonly onGivenUp: GiveUp
}

/** What came of a question: a person's yes or no, or a client that answered without a person. */
export interface FormAnswer {
  /** `opened`: the client opened an address, which says nothing about what a person wants. */
  readonly kind: 'approved' | 'declined' | 'closed' | 'no form' | 'odd' | 'failed' | 'unanswered' | 'opened'
  /** An odd answer or an error, in the client's words. */
  readonly said?: string
}

/** The question that an answer belongs to. */
interface AnswerOrigin {
  readonly state: string
  /** True if the question was an address to open: its state is none for a form. */
  readonly isOfAddress?: true
}

/** The person who is asked to approve a call, through the client. */
export interface Approver {
  /** True if the client can show a form. */
  readonly isReachable: boolean
  /** True if the client can open an address for a person. */
  readonly opensAddresses: boolean
  /**
   * True if the question goes out as a result and the call comes back with the answer (2026-07-28), false if
   * it is a request of its own.
   */
  readonly usesInputRequired: boolean
  /** The answer and its state. Both come from the client, so neither is trusted. */
  readonly answer?: (FormAnswer & AnswerOrigin) | undefined
  /** True if the call waited for what a person decided elsewhere. */
  readonly hasWaited?: true
  /** Absent where no client asks: a plan is moved on. */
  readonly request?: ServerContext
}

/** MCP request states: each is valid for one answer to one preview. */
export interface RequestStates {
  /** A new state for a question about the preview with this digest. */
  readonly issue: (digest: string) => Promise<string>
  /** True if the state belongs to this digest and is neither expired nor used. Marks it as used. */
  readonly redeem: (state: string, digest: string, request: ServerContext) => Promise<boolean>
  /** Marks a state as used: its answer came to a call that a limit refuses. */
  readonly discard: (state: string, request: ServerContext) => Promise<void>
  /** Voids the states issued so far for this digest: a person approved it elsewhere, and one approval is one run. */
  readonly voidOf: (digest: string) => void
}

/**
 * Answers that came when their call no longer waited: they count for the next call with the same digest, once, within
 * ten minutes.
 */
export interface LateAnswers {
  readonly keep: (digest: string, answer: FormAnswer) => void
  /** The answer for this digest, which is used up. */
  readonly take: (digest: string) => FormAnswer | undefined
  /** Keeps the answer to a question that stays open. */
  readonly expect: (digest: string, question: Promise<FormAnswer>) => void
  /** Resolves when the open question about this digest is over; undefined if there is none. */
  readonly awaited: (digest: string) => Promise<void> | undefined
}

/** The calls that a person said no to, by key. */
export interface DeclinedCalls {
  /** A person said no. */
  readonly add: (key: string) => void
  /**
   * Until when the call is declined without asking: epoch, in ms. Undefined if a person is asked, which after a no
   * happens once.
   */
  readonly ask: (key: string) => number | undefined
  /** The client showed the question to nobody. */
  readonly askedNobody: (key: string) => void
  /** A person approved the call. */
  readonly end: (key: string) => void
}

/**
 * What happens to an effect, in this order; the audit log has a line for each. `targets` holds ids that `approved` has
 * no room for.
 */
type EffectEvent = 'asked' | 'refused' | 'targets' | 'approved' | 'sent' | 'answered'

/** What the audit log has a line for: the steps of an effect, and changes of the passkeys that count. */
export type AuditEvent = EffectEvent | 'passkey added' | 'passkey removed'

/** An MCP client, as it names itself: nothing proves it. */
export interface ClientName {
  readonly name: string
  readonly version: string
}

/** Who calls. Over stdio there is one caller; those of the service are known by their tokens. */
export interface Caller {
  /** Names the caller in approvals, budgets and exports: no other caller has it. */
  readonly id: string
  /** What the audit log says of the caller; absent over stdio. */
  readonly named?: { readonly name: string; readonly person: string; readonly knownBy: string }
  /** Code may run only on hosts with one of these tags, besides what the settings demand. */
  readonly tags?: readonly string[]
  /** Most hosts of one run, where that is less than what the settings allow. */
  readonly maxAssetsPerRun?: number
}

/** The one caller of a server over stdio, and of a command. */
export const localCaller: Caller = { id: 'stdio' }

/** Who asks for an effect, as far as it is known. */
export interface AuditCaller {
  /** The caller of the service, and how they were known. */
  readonly caller?: Caller['named'] | undefined
  /** The account at Qualys and its host. */
  readonly account?: string | undefined
  readonly client?: ClientName | undefined
}

/** The log of all effects. */
export interface AuditTrail {
  /** Writes one line. Throws a SetupError if it cannot be written. */
  readonly record: (event: AuditEvent, facts: Readonly<Record<string, unknown>>, caller: AuditCaller) => void
  readonly close: () => void
}

/**
 * Calls on one object, one after the other: a call that sends back what is stored would undo what another one changes
 * between its look at the object and its request.
 */
export interface Turns {
  /** Works once all earlier work on the object is over. Throws if the call is cancelled before. */
  readonly take: <T>(object: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T>
}

/** What protects effects: approval states, pending calls and the audit log. One for the whole process. */
export interface Safeguards {
  /** This process, as pending calls name it: a random UUID. */
  readonly server: string
  readonly requestStates: RequestStates
  readonly lateAnswers: LateAnswers
  readonly declines: DeclinedCalls
  readonly turns: Turns
  readonly callTimes: CallTimes
  /** How long a person may take to answer. */
  readonly answerTimeoutMs: number
  /** The folder of the calls that wait for approval in a terminal. */
  readonly stateDir: string
  readonly audit: AuditTrail | undefined
  readonly approvals: Approvals
  /** Aborted when the program is told to end: no effect begins after that. */
  readonly ending: AbortSignal
  /** True if this process moves plans on by itself, for as long as it runs. */
  readonly movesPlans?: boolean
  /** Why no effect may begin at present, such as a lock that is lost; absent where nothing but the end forbids it. */
  readonly obstacle?: () => QualysError | undefined
}

/**
 * The number of hosts of each run at its last check, by job id, and since when it has been the same. If an
 * entry is lost, its minute begins again.
 */
export type HostCounts = Map<string, { readonly hosts: number; readonly since: number }>

/** What every tool call may use. */
export interface ToolServices {
  readonly session: Session
  readonly configuration: Configuration
  readonly safeguards: Safeguards
  readonly hostCounts: HostCounts
  readonly sentRuns: SentRuns
  readonly log: Log
  readonly caller: Caller
  /** Tool name to the setting that withholds it. */
  readonly withheldTools: ReadonlyMap<string, string>
  /** `car` and `saq`, if they have at least one tool. */
  readonly products: ReadonlySet<string>
}

/** What the server has before a call is made: lists need no session. */
export interface ServerServices extends Omit<ToolServices, 'session'> {
  /** Removes the secrets in use from a text. */
  readonly redact: Redact
  /** The session with Qualys: opened by the first call. */
  readonly openSession: () => Promise<Session>
  /** Why the call that is handled may not run, such as a rate; absent where nothing but the tool decides. */
  readonly refusalOfCall?: () => QualysError | undefined
  /**
   * A caller of before as they are now, or why they may run nothing any more; absent where callers do not change. Throws
   * a QualysError while that cannot be known.
   */
  readonly callerNow?: (caller: Caller) => { readonly caller: Caller } | { readonly barred: string }
}

/** One running tools/call. */
export interface ToolContext extends ToolServices {
  readonly signal: AbortSignal
  readonly progress: Progress
  readonly client?: ClientName | undefined
  readonly approver: Approver
  /** When the call arrived, by `performance.now()`. */
  readonly arrivedAt: number
}

/** The name and description of a tool. */
interface ToolInfo {
  readonly name: string
  readonly title: string
  readonly description: string
  /** True if a long reply is what the call is for: hosts should not move it to a file. */
  readonly hasLongReplies?: true
}

/**
 * `_meta` of a listed tool or guide that a model reads whole. Claude Code moves longer results to a file and takes
 * at most this many characters.
 */
export const readWhole = { 'anthropic/maxResultSizeChars': 500_000 } as const

/**
 * One tool as MCP lists it, and what the settings select it by. Stored in tool-manifest.json, so that listing
 * builds no schemas.
 */
export interface ToolManifest extends ToolInfo {
  readonly effect: Effect
  /** What its name, description and schema cost a model (o200k_base). */
  readonly tokens: number
  /** JSON Schema of its arguments. */
  readonly schema: Readonly<Record<string, unknown>>
  /** Absent for tools that belong to every toolset. */
  readonly toolset?: string
  /** True if the tool is listed whatever toolsets are selected, unless it is excluded. */
  readonly always?: true
  /** Present for operations of Qualys; absent for this program's own tools. */
  readonly route?: string
  readonly evidence?: Evidence
}

/** One tool that can be called: an operation, or one of the workflows. */
export interface Tool extends ToolInfo {
  readonly effect: Effect
  readonly input: z.ZodRawShape
  /** The inputs of a call that names no `file`, if a file may give some of them. */
  readonly inputWithoutFile?: z.ZodRawShape | undefined
  /** Present if the call changes an object that keeps what is left out of the input. */
  readonly keepsStored?: Change['keepsStored'] | undefined
  readonly run: (
    args: Readonly<Record<string, unknown>>,
    context: ToolContext,
  ) => Promise<Reply | Question | Waiting>
}
