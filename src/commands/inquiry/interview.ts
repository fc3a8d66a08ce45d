import type { Route } from '../../operations/operation.ts'
import { BusyError, LoginError, QualysError, SetupError } from '../../session/errors.ts'
import type { Inquired } from '../../session/inquired.ts'
import type { Session } from '../../session/session.ts'
import { Known } from './known.ts'
import { Sightings } from './naming.ts'
import { type Note, noteOf, skipped } from './notes.ts'
import type { Prepared, Question, Result, Skip } from './question.ts'
import { isRead } from './reads.ts'
import type { End } from './transcript.ts'

export interface InterviewOptions {
  /** Ends the questions; what was answered stays. */
  readonly signal: AbortSignal
  /** Waits before a question; `asked`: how many went before it. */
  readonly rest: (asked: number, signal: AbortSignal) => Promise<void>
  /** Told of each question that is done. */
  readonly told: (question: Question, note: Note) => void
}

/** What came of some questions. */
export interface Interview {
  readonly notes: readonly Note[]
  readonly sightings: Sightings
  readonly ended?: End
  /** Why it ended, or why a host was left alone. */
  readonly failures: readonly QualysError[]
}

/** So often in a row may a host say nothing: each time may have cost a time-out. */
const mostSilences = 3

/** Hosts that let nobody in, or do not answer: nothing more is asked of them. */
class Doors {
  readonly #silences = new Map<string, number>()
  readonly #shut = new Set<string>()

  /** True when this answer was the last that is waited for. */
  shuts(product: string, { status, failure }: Inquired): boolean {
    const silences = status === undefined ? (this.#silences.get(product) ?? 0) + 1 : 0
    this.#silences.set(product, silences)
    const outside = status === undefined && failure instanceof SetupError
    if (!(failure instanceof LoginError) && !outside && silences < mostSilences) return false
    this.#shut.add(product)
    return true
  }

  isShut(product: string): boolean {
    return this.#shut.has(product)
  }

  get anyShut(): boolean {
    return this.#shut.size > 0
  }
}

/** True of an answer that is what the operation is declared to give. */
function isHeld(
  { operation }: Question,
  { status = 0, payload, failure, mediaType, bytes }: Inquired,
): boolean {
  if (status < 200 || status > 299 || failure) return false
  return operation.returns === 'file' ? bytes > 0 && !mediaType.includes('html') : payload !== undefined
}

const productOf = ({ operation }: Question): string => operation.name.split('_')[0] ?? ''

/** Ways and tokens are asked where the operation was found. */
function routeOf({ kind, operation, route }: Question, known: Known): Route {
  const moved = kind === 'way' || kind === 'token' || kind === 'control'
  return (moved ? known.route(operation.name) : undefined) ?? route
}

function resultOf(
  question: Question,
  { payload, mediaType }: Inquired,
  known: Known,
  prepared: Prepared,
): Result | undefined {
  return payload && question.result?.(payload, known, prepared, mediaType)
}

/** Puts questions to an account one after the other, slowly, and stops at the first sign of a limit. */
export async function interview(
  session: Session,
  questions: readonly Question[],
  { signal, rest, told }: InterviewOptions,
): Promise<Interview> {
  const known = new Known()
  const sightings = new Sightings()
  const notes: Note[] = []
  const doors = new Doors()
  const add = (question: Question, note: Note): void => {
    notes.push(note)
    told(question, note)
  }
  const failures: QualysError[] = []
  let ended: End | undefined
  let asked = 0
  for (const question of questions) {
    const prepared = ended ? 'stopped' : doors.isShut(productOf(question)) ? 'shut' : ready(question, known)
    if (typeof prepared === 'string') {
      add(question, skipped(question, prepared))
      continue
    }
    const route = routeOf(question, known)
    const resting = () => rest(asked, signal)
    const inquired = await put(session, question, route, prepared, resting, signal)
    if (!inquired) {
      ended = 'interrupted'
      add(question, skipped(question, 'stopped'))
      continue
    }
    asked += 1
    const held = isHeld(question, inquired)
    const result = resultOf(question, inquired, known, prepared)
    add(question, noteOf(question, route, inquired, held, result, sightings))
    if (held && result !== 'another id') known.hold(question.operation, route, inquired.payload)
    const shut = doors.shuts(productOf(question), inquired)
    if (inquired.failure instanceof BusyError) ended = 'limit'
    if (inquired.failure && (shut || ended)) failures.push(inquired.failure)
  }
  if (doors.anyShut) ended ??= 'shut'
  return { notes, sightings, failures, ...(ended && { ended }) }
}

function ready(question: Question, known: Known): Prepared | Skip {
  const { operation, ifAbsent } = question
  if (ifAbsent && known.route(operation.name) !== undefined) return 'needless'
  return question.prepare(known)
}

/** One question after a rest; undefined when the person had enough. */
async function put(
  session: Session,
  { operation }: Question,
  route: Route,
  { args, params }: Prepared,
  rest: () => Promise<void>,
  signal: AbortSignal,
): Promise<Inquired | undefined> {
  if (!isRead(route)) throw new Error(`${route} may change something`)
  try {
    await rest()
    signal.throwIfAborted()
    return await session.inquire(operation, args, { route, signal, ...(params && { params }) })
  } catch (error) {
    if (signal.aborted) return undefined
    if (!(error instanceof QualysError)) throw error
    // Nothing was sent: no account is set, or no way to it.
    return { headers: {}, mediaType: '', bytes: 0, milliseconds: 0, value: undefined, failure: error }
  }
}
