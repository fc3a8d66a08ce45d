import type { Operation, Route } from '../../operations/operation.ts'
import { productOf } from '../../session/products/product-of.ts'
import type { Inquired } from '../../session/requests/probe.ts'
import type { Session } from '../../session/session.ts'
import { BusyError, LoginError, QualysError, SetupError } from '../../shared/errors.ts'
import { Known } from './known.ts'
import type { Prepared, Question, Result, Skip } from './question.ts'
import { isRead } from './reads.ts'
import { Sightings } from './recording/name-privacy.ts'
import { type Note, noteOf, skipped } from './recording/results.ts'
import type { End } from './recording/transcript.ts'

export interface InterviewOptions {
  /** Stops asking; the answers so far are kept. */
  readonly signal: AbortSignal
  /** Waits before a question; `asked` is the number of earlier ones. */
  readonly rest: (asked: number, signal: AbortSignal) => Promise<void>
  /** Waits until a refused password may be sent again. */
  readonly pause: (signal: AbortSignal) => Promise<void>
  /** Called after each question. */
  readonly told: (question: Question, note: Note) => void
}

/** The results of the questions. */
export interface Interview {
  readonly notes: readonly Note[]
  readonly sightings: Sightings
  readonly ended?: End
  /** Why it ended, or why a host was no longer asked. */
  readonly failures: readonly QualysError[]
}

/** Maximum number of calls in a row without an answer: each may have cost a time-out. */
const mostSilences = 3

/**
 * A guessed path may refuse everybody (401). If this many paths in a row refuse, the host refuses the login.
 */
const mostRefusals = 3

/** The state of one host, from its answers so far. */
class Door {
  isShut = false
  letIn = false
  #silences = 0
  readonly #refusing = new Set<Route>()

  /** True if the host must not be asked again after this answer. */
  shuts(operation: Operation, route: Route, { status, failure }: Inquired): boolean {
    this.#silences = status === undefined ? this.#silences + 1 : 0
    const refused = failure instanceof LoginError
    if (refused) this.#refusing.add(route)
    else if (status !== undefined && status < 300) {
      this.letIn = true
      this.#refusing.clear()
    }
    // Nothing was sent: the login was refused, or the host cannot be reached.
    const outside = status === undefined && failure instanceof SetupError
    // With a password each request is a login; only the first one shows whether the password is right.
    const locked = refused && !this.letIn && productOf(operation).takesPassword
    this.isShut = outside || locked || this.#silences >= mostSilences || this.#refusing.size >= mostRefusals
    return this.isShut
  }
}

/** The hosts. One that refuses the login or does not answer is not asked again. */
class Doors {
  readonly #doors = new Map<string, Door>()

  of({ name }: Operation): Door {
    const host = hostOf(name)
    const door = this.#doors.get(host) ?? new Door()
    this.#doors.set(host, door)
    return door
  }

  get anyShut(): boolean {
    return [...this.#doors.values()].some(({ isShut }) => isShut)
  }
}

/** The host of an operation: each product has its own. */
const hostOf = (name: Operation['name']): string => name.split('_')[0] ?? ''

/** True for an answer in the form that the operation declares. */
function isHeld(
  { operation }: Question,
  { status = 0, payload, failure, mediaType, bytes }: Inquired,
): boolean {
  if (status < 200 || status > 299 || failure) return false
  return operation.returns === 'file' ? bytes > 0 && !mediaType.includes('html') : payload !== undefined
}

/** The route to ask: request variants and filter tokens use the path at which the operation was found. */
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

/** Asks an account one question after the other, slowly, and stops at the first sign of a limit. */
export async function interview(
  session: Session,
  questions: readonly Question[],
  { signal, rest, pause, told }: InterviewOptions,
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
    const door = doors.of(question.operation)
    const prepared = ended ? 'stopped' : door.isShut ? 'shut' : ready(question, known)
    if (typeof prepared === 'string') {
      add(question, skipped(question, prepared))
      continue
    }
    const route = routeOf(question, known)
    const resting = () => rest(asked, signal)
    let inquired = await put(session, question, route, prepared, resting, signal)
    // After one path has refused a password that others accepted, the session pauses logins; wait and ask
    // again.
    if (inquired?.failure instanceof LoginError && inquired.status === undefined && door.letIn)
      inquired = await put(session, question, route, prepared, () => pause(signal), signal)
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
    const shut = door.shuts(question.operation, route, inquired)
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

/** Asks one question after a pause; undefined if the person interrupted. */
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
    // Nothing was sent: no account is set, or the host cannot be reached.
    return { headers: {}, mediaType: '', bytes: 0, milliseconds: 0, value: undefined, failure: error }
  }
}
