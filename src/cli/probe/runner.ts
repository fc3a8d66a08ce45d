import type { Operation, Route } from '../../operations/operation.ts'
import { productOf } from '../../session/products/product-of.ts'
import type { ProbeResult } from '../../session/requests/probe.ts'
import type { Session } from '../../session/session.ts'
import { BusyError, LoginError, QualysError, SetupError } from '../../shared/errors.ts'
import { AnswerStore } from './answer-store.ts'
import type { CheckResult, Probe, ProbeRequest, SkipReason } from './probe.ts'
import { isReadRoute } from './read-routes.ts'
import { recordedAnswer, skippedAnswer } from './recording/answers.ts'
import type { EndReason, RecordedAnswer } from './recording/schema.ts'

/** How to run probes. */
export interface RunOptions {
  /** Stops the run; the answers so far are kept. */
  readonly signal: AbortSignal
  /** Waits before a probe; `sentCount` is the number of earlier ones. */
  readonly waitBeforeProbe: (sentCount: number, signal: AbortSignal) => Promise<void>
  /** Waits until a refused password may be sent again. */
  readonly waitAfterRefusal: (signal: AbortSignal) => Promise<void>
  /** Called after each probe. */
  readonly onResult: (probe: Probe, answer: RecordedAnswer) => void
}

/** The results of the probes. */
export interface ProbeRun {
  readonly answers: readonly RecordedAnswer[]
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

/** The state of one host, from its answers so far. */
class HostState {
  isStopped = false
  hasLoggedIn = false
  #unanswered = 0
  readonly #refusingRoutes = new Set<Route>()

  /** Records an answer; true if the host must not be asked again. */
  addAnswer(operation: Operation, route: Route, { status, failure }: ProbeResult): boolean {
    this.#unanswered = status === undefined ? this.#unanswered + 1 : 0
    const isRefused = failure instanceof LoginError
    if (isRefused) this.#refusingRoutes.add(route)
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
    return this.isStopped
  }
}

/** The states of the hosts. A host that refuses the login or does not answer is not asked again. */
class HostStates {
  readonly #hosts = new Map<string, HostState>()

  stateOf({ name }: Operation): HostState {
    const host = hostOf(name)
    const state = this.#hosts.get(host) ?? new HostState()
    this.#hosts.set(host, state)
    return state
  }

  get hasStopped(): boolean {
    return [...this.#hosts.values()].some(({ isStopped }) => isStopped)
  }
}

/** The product of an operation, since each product has its own host. */
const hostOf = (name: Operation['name']): string => name.split('_')[0] ?? ''

/** True for an answer in the form that the operation declares. */
function isAsDeclared(
  { operation }: Probe,
  { status = 0, payload, failure, mediaType, bytes }: ProbeResult,
): boolean {
  if (status < 200 || status > 299 || failure) return false
  return operation.returns === 'file' ? bytes > 0 && !mediaType.includes('html') : payload !== undefined
}

/** The route to probe. Request variants and filter tokens use the route at which the operation was found. */
function routeOf({ kind, operation, route }: Probe, store: AnswerStore): Route {
  const usesFoundRoute = kind === 'way' || kind === 'token' || kind === 'control'
  return (usesFoundRoute ? store.route(operation.name) : undefined) ?? route
}

function checkResultOf(
  probe: Probe,
  { payload, mediaType }: ProbeResult,
  store: AnswerStore,
  request: ProbeRequest,
): CheckResult | undefined {
  return payload && probe.check?.(payload, store, request, mediaType)
}

/** Sends one probe after the other, slowly, and stops at the first sign of a limit. */
export async function runProbes(
  session: Session,
  probes: readonly Probe[],
  { signal, waitBeforeProbe, waitAfterRefusal, onResult }: RunOptions,
): Promise<ProbeRun> {
  const store = new AnswerStore()
  const answers: RecordedAnswer[] = []
  const hosts = new HostStates()
  const add = (probe: Probe, answer: RecordedAnswer): void => {
    answers.push(answer)
    onResult(probe, answer)
  }
  const failures: QualysError[] = []
  let endReason: EndReason | undefined
  let sentCount = 0
  for (const probe of probes) {
    const host = hosts.stateOf(probe.operation)
    const request = endReason ? 'stopped' : host.isStopped ? 'shut' : prepareProbe(probe, store)
    if (typeof request === 'string') {
      add(probe, skippedAnswer(probe, request))
      continue
    }
    const route = routeOf(probe, store)
    const wait = () => waitBeforeProbe(sentCount, signal)
    let result = await sendProbe(session, probe, route, request, wait, signal)
    // After one path has refused a password that others accepted, the session pauses logins; wait and ask
    // again.
    if (result?.failure instanceof LoginError && result.status === undefined && host.hasLoggedIn)
      result = await sendProbe(session, probe, route, request, () => waitAfterRefusal(signal), signal)
    if (!result) {
      endReason = 'interrupted'
      add(probe, skippedAnswer(probe, 'stopped'))
      continue
    }
    sentCount += 1
    const held = isAsDeclared(probe, result)
    const check = checkResultOf(probe, result, store, request)
    add(probe, recordedAnswer(probe, route, result, held, check))
    if (held && check !== 'another id') store.add(probe.operation, route, result.payload)
    const isHostStopped = host.addAnswer(probe.operation, route, result)
    if (result.failure instanceof BusyError) endReason = 'limit'
    if (result.failure && (isHostStopped || endReason)) failures.push(result.failure)
  }
  if (hosts.hasStopped) endReason ??= 'shut'
  return { answers, failures, ...(endReason && { endReason }) }
}

function prepareProbe(probe: Probe, store: AnswerStore): ProbeRequest | SkipReason {
  const { operation, onlyIfNotFound } = probe
  if (onlyIfNotFound && store.route(operation.name) !== undefined) return 'needless'
  return probe.prepare(store)
}

/** Sends one probe after a pause; undefined if the person interrupted. */
async function sendProbe(
  session: Session,
  { operation }: Probe,
  route: Route,
  { args, params }: ProbeRequest,
  wait: () => Promise<void>,
  signal: AbortSignal,
): Promise<ProbeResult | undefined> {
  if (!isReadRoute(route)) throw new Error(`${route} may change something`)
  try {
    await wait()
    signal.throwIfAborted()
    return await session.probe(operation, args, { route, signal, ...(params && { params }) })
  } catch (error) {
    if (signal.aborted) return undefined
    if (!(error instanceof QualysError)) throw error
    // Nothing was sent: no account is set, or the host cannot be reached.
    return { headers: {}, mediaType: '', bytes: 0, milliseconds: 0, value: undefined, failure: error }
  }
}
