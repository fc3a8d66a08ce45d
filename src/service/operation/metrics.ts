import type { Gauge, Registry } from 'prom-client'
import type { AccountLimits } from '../../session/connection.ts'
import {
  type LoginOutcome,
  methodLabel,
  outcomeLabel,
  type RefusalReason,
  type Route,
  statusLabel,
  toolLabel,
  type UpstreamProduct,
} from './metric-labels.ts'
import { metricSpecs, operationBuckets, upstreamBuckets } from './metric-names.ts'

/** What the metrics are made from. The functions are called at each scrape. */
export interface MetricSources {
  /** The version of this program. */
  readonly version: string
  /** The names of all tools that the server lists to anybody. */
  readonly tools: Iterable<string>
  /** How many calls wait for an approval. */
  readonly waiting: () => number
  /** How many rollouts are in each state. */
  readonly rollouts: () => Readonly<Record<string, number>>
  /** How many connections of clients are open. */
  readonly connections: () => number
  /** How many tool calls are running. */
  readonly callsInFlight: () => number
  /** The limits that Qualys last reported. Must not send anything. */
  readonly limits: () => Promise<AccountLimits>
  /** False leaves out the metrics of the process, whose observers last as long as the process; for tests. */
  readonly ofProcess?: boolean
}

/** The metrics of one service. */
export interface Metrics {
  /** An MCP request or notification was answered. `method` and `tool` as the caller sent them. */
  readonly operation: (facts: {
    readonly method: string
    readonly tool?: string | undefined
    readonly outcome: string
    readonly ms: number
  }) => void
  /** An HTTP request ended; without a status if the client went away before the answer. */
  readonly httpRequest: (facts: { readonly route: Route; readonly status?: number | undefined }) => void
  readonly refusal: (reason: RefusalReason) => void
  /** An attempt of a request to Qualys ended; without a status if there was no answer. */
  readonly upstream: (facts: {
    readonly product: UpstreamProduct
    readonly status?: number | undefined
    readonly ms: number
  }) => void
  readonly login: (outcome: LoginOutcome) => void
  /** All metrics in the text format of Prometheus. */
  readonly text: () => Promise<{ readonly contentType: string; readonly body: string }>
}

type PromClient = typeof import('prom-client')

/** The metrics of what happens. */
function openEvents(prom: PromClient, registers: [Registry]) {
  const { operationDuration, httpRequests, httpRefusals, upstreamDuration, logins } = metricSpecs
  return {
    operations: new prom.Histogram({ ...operationDuration, buckets: operationBuckets, registers }),
    requests: new prom.Counter({ ...httpRequests, registers }),
    refusals: new prom.Counter({ ...httpRefusals, registers }),
    upstream: new prom.Histogram({ ...upstreamDuration, buckets: upstreamBuckets, registers }),
    logins: new prom.Counter({ ...logins, registers }),
  }
}

/** A value that is looked up at each scrape. If that fails, it is NaN: the other metrics are shown all the same. */
function lookUp(gauge: Gauge, value: () => number): void {
  gauge.set(tryOr(Number.NaN, value))
}

/** A value, or the fallback if it cannot be found. */
function tryOr<T>(fallback: T, value: () => T): T {
  try {
    return value()
  } catch {
    return fallback
  }
}

/** The metrics of how things stand. */
function openStates(prom: PromClient, registers: [Registry], sources: MetricSources): void {
  const { connections, callsInFlight, approvalsWaiting, rollouts, upstreamLimitRemaining, buildInfo } =
    metricSpecs
  for (const [spec, value] of [
    [connections, sources.connections],
    [callsInFlight, sources.callsInFlight],
    [approvalsWaiting, sources.waiting],
  ] as const) {
    new prom.Gauge({
      ...spec,
      registers,
      collect() {
        lookUp(this, value)
      },
    })
  }
  new prom.Gauge({
    ...rollouts,
    registers,
    collect() {
      this.reset()
      // A folder that cannot be read has no number.
      const states = tryOr({}, sources.rollouts)
      for (const [state, count] of Object.entries(states)) this.set({ state }, count)
    },
  })
  new prom.Gauge({
    ...upstreamLimitRemaining,
    registers,
    async collect() {
      const { gateway, apiServer }: AccountLimits = await sources.limits().catch(() => ({}))
      // A limit whose window is over is absent, not the number of then.
      this.reset()
      if (gateway?.callsLeft !== undefined) this.set({ server: 'gateway' }, gateway.callsLeft)
      if (apiServer?.callsLeft !== undefined) this.set({ server: 'api' }, apiServer.callsLeft)
    },
  })
  new prom.Gauge({ ...buildInfo, registers }).set({ version: sources.version }, 1)
}

/**
 * The metrics of prom-client about this process. Those by type of handle, request and resource are left out: their
 * labels are names of classes, of which nobody keeps a list.
 */
function openProcessMetrics(prom: PromClient, register: Registry): void {
  prom.collectDefaultMetrics({ register })
  for (const name of ['nodejs_active_handles', 'nodejs_active_requests', 'nodejs_active_resources'])
    register.removeSingleMetric(name)
}

/** Opens the metrics of one service, in a registry of its own. Loads prom-client. */
export async function openMetrics(sources: MetricSources): Promise<Metrics> {
  const { default: prom } = await import('prom-client')
  const registry = new prom.Registry()
  const tools: ReadonlySet<string> = new Set(sources.tools)
  const events = openEvents(prom, [registry])
  openStates(prom, [registry], sources)
  if (sources.ofProcess !== false) openProcessMetrics(prom, registry)
  return {
    operation: ({ method, tool, outcome, ms }) =>
      events.operations.observe(
        { method: methodLabel(method), tool: toolLabel(tool, tools), outcome: outcomeLabel(outcome) },
        ms / 1000,
      ),
    httpRequest: ({ route, status }) => events.requests.inc({ route, status: statusLabel(status) }),
    refusal: (reason) => events.refusals.inc({ reason }),
    upstream: ({ product, status, ms }) =>
      events.upstream.observe({ product, status: statusLabel(status) }, ms / 1000),
    login: (outcome) => events.logins.inc({ outcome }),
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  }
}
