import type { Operation, Route } from '../../operations/operation.ts'
import { BusyError, LoginError, QualysError, SetupError } from '../../session/errors.ts'
import type { Inquired } from '../../session/inquired.ts'
import { productOf } from '../../session/product.ts'
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
  /** Waits until a password that was refused may be sent again. */
  readonly pause: (signal: AbortSignal) => Promise<void>
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

/** A guessed path may refuse everybody (401); a host of which so many paths in a row do refuses us. */
const mostRefusals = 3

/** One host, as far as it has answered. */
class Door {
  isShut = false
  letIn = false
  #silences = 0
  readonly #refusing = new Set<Route>()

  /** True when this answer was the last that is waited for. */
  shuts(operation: Operation, route: Route, { status, failure }: Inquired): boolean {
    this.#silences = status === undefined ? this.#silences + 1 : 0
    const refused = failure instanceof LoginError
    if (refused) this.#refusing.add(route)
    else if (status !== undefined && status < 300) {
      this.letIn = true
      this.#refusing.clear()
    }
    // Nothing was asked: the login was refused, or there is no way to the host.
    const outside = status === undefined && failure instanceof SetupError
    // With a password each request is a login, of which only the first says whether the password is right.
    const locked = refused && !this.letIn && productOf(operation).takesPassword
    this.isShut = outside || locked || this.#silences >= mostSilences || this.#refusing.size >= mostRefusals
    return this.isShut
  }
}

/** Hosts that let nobody in, or do not answer: nothing more is asked of them. */
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

/** Each product has a host of its own. */
const hostOf = (name: Operation['name']): string => name.split('_')[0] ?? ''

/** True of an answer that is what the operation is declared to give. */
function isHeld(
  { operation }: Question,
  { status = 0, payload, failure, mediaType, bytes }: Inquired,
): boolean {
  if (status < 200 || status > 299 || failure) return false
  return operation.returns === 'file' ? bytes > 0 && !mediaType.includes('html') : payload !== undefined
}

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
    // After one path has refused a password that others took, the session sends it nowhere for a while.
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
