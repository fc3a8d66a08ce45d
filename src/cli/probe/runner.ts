import type { Operation } from '../../operations/operation.ts'
import { productOf } from '../../session/products/product-of.ts'
import type { ProbeResult } from '../../session/requests/probe.ts'
import type { Session } from '../../session/session.ts'
import { BusyError, LoginError, type QualysError, SetupError } from '../../shared/errors.ts'
import { AnswerStore } from './answer-store.ts'
import { type Probe, productPrefix } from './probe.ts'
import { isReadRoute } from './read-routes.ts'
import { recordedAnswer, skippedAnswer } from './recording/answers.ts'
import type { EndReason, RecordedAnswer } from './recording/schema.ts'

/** How to run probes. */
export interface RunOptions {
  /** Stops the run; the answers so far are kept. */
  readonly signal: AbortSignal
  /** Waits before a probe; `sentCount` is the number of earlier ones. */
  readonly waitBeforeProbe: (sentCount: number) => Promise<void>
  /** Waits until a refused password may be sent again. */
  readonly waitAfterRefusal: () => Promise<void>
  /** Called after each probe; `number` counts them. */
  readonly onResult: (probe: Probe, answer: RecordedAnswer, number: number) => void
}

/** The results of the probes. */
export interface ProbeRun {
  readonly answers: RecordedAnswer[]
  readonly endReason?: EndReason
  /** The errors that ended the run, or after which a host was no longer asked. */
  readonly failures: readonly QualysError[]
}

/** Maximum number of unanswered calls in a row: each may have cost a time-out. */
const maxUnanswered = 3

/**
 * If this many routes in a row refuse the login (401), the host does. A single guessed route may refuse everybody.
 */
const maxRefusals = 3

/** The state of one host, from its answers so far. It is not asked again if it lets nobody in, or does not answer. */
class HostState {
  isStopped = false
  hasLoggedIn = false
  #unanswered = 0
  readonly #refusingRoutes = new Set<string>()

  addAnswer(operation: Operation, { status, failure }: ProbeResult): void {
    this.#unanswered = status === undefined ? this.#unanswered + 1 : 0
    const isRefused = failure instanceof LoginError
    if (isRefused) this.#refusingRoutes.add(operation.route)
    else if (status !== undefined && status < 300) {
      this.hasLoggedIn = true
      this.#refusingRoutes.clear()
    }
    // Nothing was sent: the login was refused, or the host cannot be reached.
    const isUnsent = status === undefined && failure instanceof SetupError
    // With a password each request is a login. Once one was accepted, the password is right.
    const isPasswordRefused = isRefused && !this.hasLoggedIn && productOf(operation).takesPassword
    this.isStopped =
      isUnsent ||
      isPasswordRefused ||
      this.#unanswered >= maxUnanswered ||
      this.#refusingRoutes.size >= maxRefusals
  }
}

/** True for an answer in the form that the operation declares. */
function isAsDeclared(
  { returns }: Operation,
  { status = 0, payload, failure, mediaType, bytes }: ProbeResult,
): boolean {
  if (status < 200 || status > 299 || failure) return false
  return returns === 'file' ? bytes > 0 && !mediaType.includes('html') : payload !== undefined
}

/** The operation to send. Request variants and filter tokens use the route at which it was found. */
function operationOf({ kind, operation }: Probe, store: AnswerStore): Operation {
  if (kind === 'own' || kind === 'set' || kind === 'variant') return operation
  const { route } = store.find(operation.name)?.operation ?? operation
  return { ...operation, route }
}

/** Sends one probe after the other, slowly, and stops at the first sign of a limit. */
export async function runProbes(
  session: Session,
  probes: readonly Probe[],
  { signal, waitBeforeProbe, waitAfterRefusal, onResult }: RunOptions,
): Promise<ProbeRun> {
  const store = new AnswerStore()
  // Each product has its own host.
  const hosts = { car: new HostState(), saq: new HostState() }
  const answers: RecordedAnswer[] = []
  const failures: QualysError[] = []
  let endReason: EndReason | undefined
  let sentCount = 0

  /** Runs one probe, or says why not. */
  const run = async (probe: Probe): Promise<RecordedAnswer> => {
    const operation = operationOf(probe, store)
    const host = hosts[productPrefix(operation.name)]
    const isNeedless = probe.onlyIfNotFound && store.find(operation.name)
    if (endReason) return skippedAnswer(probe, 'stopped')
    if (host.isStopped) return skippedAnswer(probe, 'shut')
    const request = isNeedless ? 'needless' : probe.prepare(store)
    if (typeof request === 'string') return skippedAnswer(probe, request)
    const { args, params = {} } = request
    if (!isReadRoute(operation.route)) throw new Error(`${operation.route} may change something`)
    const send = async (wait: Promise<void>): Promise<ProbeResult> => {
      await wait
      signal.throwIfAborted()
      return session.probe(operation, args, { signal, params })
    }
    let result: ProbeResult
    try {
      result = await send(waitBeforeProbe(sentCount))
      // After a path has refused a password that others accepted, the session pauses logins; wait and ask again.
      if (result.failure instanceof LoginError && result.status === undefined && host.hasLoggedIn)
        result = await send(waitAfterRefusal())
    } catch (error) {
      if (!signal.aborted) throw error
      endReason = 'interrupted'
      return skippedAnswer(probe, 'stopped')
    }
    sentCount += 1
    const { payload, failure, mediaType } = result
    const held = isAsDeclared(operation, result)
    const check = payload && probe.check?.(payload, store, request, mediaType)
    if (held && check !== 'another id') store.add(operation, payload)
    host.addAnswer(operation, result)
    if (failure instanceof BusyError) endReason = 'limit'
    if (failure && (host.isStopped || endReason)) failures.push(failure)
    return recordedAnswer({ ...probe, operation }, result, held, check)
  }

  for (const probe of probes) {
    const answer = await run(probe)
    answers.push(answer)
    onResult(probe, answer, answers.length)
  }
  if (hosts.car.isStopped || hosts.saq.isStopped) endReason ??= 'shut'
  return { answers, failures, ...(endReason && { endReason }) }
}
