import { setTimeout as sleep } from 'node:timers/promises'
import type { Route } from '../../operations/operation.ts'
import { BusyError, LoginError, type QualysError, SetupError } from '../../session/errors.ts'
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
  /** Milliseconds between two questions. */
  readonly pause: number
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

/** Why nothing more can be asked of a host: it let nobody in, or nothing came back. */
const isShut = ({ status, failure }: Inquired): boolean =>
  failure instanceof LoginError || (status === undefined && failure instanceof SetupError)

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
  { signal, pause, told }: InterviewOptions,
): Promise<Interview> {
  const known = new Known()
  const sightings = new Sightings()
  const notes: Note[] = []
  const shut = new Set<string>()
  const add = (question: Question, note: Note): void => {
    notes.push(note)
    told(question, note)
  }
  const failures: QualysError[] = []
  let ended: End | undefined
  let asked = 0
  for (const question of questions) {
    const prepared = ended ? 'stopped' : shut.has(productOf(question)) ? 'shut' : ready(question, known)
    if (typeof prepared === 'string') {
      add(question, skipped(question, prepared))
      continue
    }
    const route = routeOf(question, known)
    const inquired = await put(session, question, route, prepared, asked === 0 ? 0 : pause, signal)
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
    if (isShut(inquired)) shut.add(productOf(question))
    if (inquired.failure instanceof BusyError) ended = 'limit'
    if (inquired.failure && (isShut(inquired) || ended)) failures.push(inquired.failure)
  }
  return { notes, sightings, failures, ...(ended && { ended }) }
}

function ready(question: Question, known: Known): Prepared | Skip {
  const { operation, ifAbsent } = question
  if (ifAbsent && known.route(operation.name) !== undefined) return 'needless'
  return question.prepare(known)
}

/** One question after a pause; undefined when the person had enough. */
async function put(
  session: Session,
  { operation }: Question,
  route: Route,
  { args, params }: Prepared,
  pause: number,
  signal: AbortSignal,
): Promise<Inquired | undefined> {
  if (!isRead(route)) throw new Error(`${route} may change something`)
  try {
    if (pause > 0) await sleep(pause, undefined, { signal })
    signal.throwIfAborted()
    return await session.inquire(operation, args, { route, signal, ...(params && { params }) })
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}
