import { isIPv6 } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import packageJson from '../../package.json' with { type: 'json' }
import type { Environment, Settings } from '../config/settings.ts'
import type { Session } from '../session/session.ts'
import type { SessionWatch } from '../session/session-watch.ts'
import { pendingCount } from '../tools/effects/approval/pending/pending-calls.ts'
import { countPlans } from '../tools/plans/open-plans.ts'
import { startTicker } from '../tools/plans/ticker.ts'
import type { ServerOptions } from '../tools/server/server-options.ts'
import { openAuthorities } from './authorities.ts'
import { effectObstacle, rateRefusal } from './call-refusals.ts'
import { callerNow, serversFor } from './caller-options.ts'
import { FailureDelays } from './callers/failures.ts'
import { type Certificates, openCertificates } from './network/certificates.ts'
import { proxiesIn } from './network/forwarded.ts'
import { hostCheck } from './network/host-check.ts'
import { openListeners } from './network/listener.ts'
import { unapprovable } from './network/page-start.ts'
import { RateLimiter } from './network/rate.ts'
import { refuseUnsafeStart } from './network/start-checks.ts'
import type { OperationSources } from './operation/health.ts'
import { openMetrics } from './operation/metrics.ts'
import { startOperationServer } from './operation/operation-server.ts'
import { takeServiceLock } from './operation/service-lock.ts'
import { openSpans } from './operation/spans.ts'
import { openServicePage } from './page/open-page.ts'
import { Admission } from './requests/admission.ts'
import { Cancellations } from './requests/cancellations.ts'
import { currentExchange } from './requests/exchange.ts'
import { openMcpRoute } from './requests/mcp-route.ts'
import { openRouter } from './requests/router.ts'
import { RunningRequests } from './requests/running.ts'
import { upstreamWatch } from './upstream-watch.ts'

/** How long calls that are cancelled at the end may take to write what became of them. */
const settleMs = 500

/** How a service is started. */
export interface ServiceStart {
  /** What a server over stdio would have. */
  readonly base: ServerOptions
  /** What the session tells; the service sets its listeners. */
  readonly watch: SessionWatch
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly environment: Environment
  /** The id of this process, and whether a process of this machine has an id. */
  readonly pid: number
  readonly isAlive: (pid: number) => boolean
  /** Milliseconds since 1970, for logins to the page. */
  readonly now?: () => number
  /** How often plans are looked at, in ms. */
  readonly plansEveryMs?: number | undefined
}

/** A service that is open. */
export interface Service {
  readonly port: number
  readonly url: string
  readonly metricsPort: number | undefined
  /** Reads the certificate again. The callers file is read again by itself. */
  readonly reload: () => void
  /** Takes no more calls; resolves when the running ones are answered, or at the latest after QUALYS_DRAIN_SECONDS. */
  readonly drain: () => Promise<void>
  readonly close: () => Promise<void>
}

function openTls({ tlsCertFile, tlsKeyFile }: Settings, log: ServerOptions['log']): Certificates | undefined {
  return tlsCertFile !== undefined && tlsKeyFile !== undefined
    ? openCertificates({ certFile: tlsCertFile, keyFile: tlsKeyFile, log })
    : undefined
}

/** What is open, and closed again in the reverse order. */
type Open = (() => unknown)[]

async function closeAll(open: Open): Promise<void> {
  for (let close = open.pop(); close; close = open.pop()) await close()
}

/** Starts the service. Throws a SettingsError for settings that would leave it open, or open to nobody. */
export async function startService(start: ServiceStart): Promise<Service> {
  const open: Open = []
  try {
    return await openService(start, open)
  } catch (error) {
    await closeAll(open)
    throw error
  }
}

async function openService(start: ServiceStart, open: Open): Promise<Service> {
  const { base, watch, host, port, environment, pid, isAlive, now = Date.now } = start
  const { log, safeguards, manifests, configuration } = base
  const { settings } = configuration
  refuseUnsafeStart({ settings, isSandbox: settings.sandbox, host })
  const authorities = openAuthorities(settings, now)
  const { authenticator, fault: callersFault } = authorities
  const tls = openTls(settings, log)
  open.push(() => tls?.close())
  const lock = takeServiceLock({ folder: safeguards.stateDir, pid, isAlive, log })
  open.push(lock.release)
  const { version } = packageJson
  const tools = manifests.map(({ name }) => name)
  const running = new RunningRequests()
  let isEnding = false
  // A look at the limits opens none.
  let session: Session | undefined
  const metrics = await openMetrics({
    version,
    tools,
    waiting: () => pendingCount(safeguards.stateDir),
    rollouts: () => countPlans(safeguards),
    connections: () => listeners.connections(),
    callsInFlight: () => running.calls,
    limits: async () => (await session?.limits()) ?? {},
  })
  Object.assign(watch, upstreamWatch(metrics))
  const spans = await openSpans(environment, log, { version, tools })
  open.push(spans.close)
  const delays = new FailureDelays()
  const page = openServicePage({
    settings,
    safeguards,
    authorities,
    catalogue: base,
    delays,
    isEnding: () => isEnding,
    log,
    now,
  })
  open.push(() => page?.close())
  const warning = unapprovable(settings, settings.sandbox)
  if (warning !== undefined && manifests.some(({ effect }) => effect !== 'read')) log.warn({}, warning)
  const options: ServerOptions = {
    ...base,
    openSession: async () => {
      session ??= await base.openSession()
      return session
    },
    safeguards: {
      ...safeguards,
      approvals: { ...safeguards.approvals, usualWays: ['page'], page: page?.forCalls, needsSeal: true },
      obstacle: effectObstacle(settings, lock.lost),
    },
    refusalOfCall: rateRefusal(settings),
    callerNow: callerNow(authorities, base),
    onCallEnded: ({ outcome }) => {
      const exchange = currentExchange()
      if (exchange) exchange.outcome = outcome
    },
  }
  const ticker = startTicker(options, start.plansEveryMs)
  open.push(ticker.close)
  const admission = new Admission({
    authenticator,
    rate: new RateLimiter(settings.callsPerMinute, () => performance.now()),
    callsPerMinute: settings.callsPerMinute,
    delays,
    isEnding: () => isEnding,
  })
  const mcp = openMcpRoute({
    settings,
    admission,
    serversFor: serversFor(options),
    manifests,
    running,
    cancellations: new Cancellations(),
    spans,
    log,
  })
  const operation: OperationSources = {
    checks: [
      () => (isEnding ? 'The service is ending.' : undefined),
      callersFault,
      () => tls?.fault(),
      () => (lock.lost() ? 'Another service uses the state folder.' : undefined),
    ],
    metrics,
    log,
  }
  const isProxy = proxiesIn(settings.behindProxy)
  let checkHost = hostCheck({ ...settings, host, port, tls: tls !== undefined })
  const listeners = await openListeners({
    host,
    port,
    tls,
    maxConnections: settings.maxConnections,
    behindProxy: settings.behindProxy,
    log,
    onRequest: openRouter({
      settings,
      mcp,
      page,
      admission,
      operation,
      checkHost: (req) => checkHost(req),
      isProxy,
      metrics,
      log,
    }),
  })
  open.push(listeners.close)
  // A free port is known only now.
  checkHost = hostCheck({ ...settings, host, port: listeners.port, tls: tls !== undefined })
  const { metricsHost, metricsPort } = settings
  const operationServer =
    metricsPort === undefined
      ? undefined
      : await startOperationServer({ host: metricsHost, port: metricsPort, ...operation })
  open.push(() => operationServer?.close())
  return {
    port: listeners.port,
    url:
      settings.publicUrl ??
      `${tls ? 'https' : 'http'}://${isIPv6(host) ? `[${host}]` : host}:${listeners.port}`,
    metricsPort: operationServer?.port,
    reload: () => {
      tls?.reload()
    },
    drain: async () => {
      isEnding = true
      listeners.endKeepAlive()
      await Promise.all([running.idle(), ticker.close()])
    },
    close: async () => {
      isEnding = true
      running.abort()
      // Calls that end now write what became of them.
      await Promise.race([running.idle(), setTimeout(settleMs, undefined, { ref: false })])
      await mcp.close()
      await closeAll(open)
    },
  }
}
