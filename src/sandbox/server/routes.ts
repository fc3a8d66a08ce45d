import { assetRoutes } from '../car/assets.ts'
import { assetJobChangeRoutes } from '../car/effects/asset-jobs.ts'
import { executionRoutes } from '../car/effects/executions.ts'
import { guardrailChangeRoutes } from '../car/effects/guardrails.ts'
import { libraryRoutes } from '../car/effects/library.ts'
import { reportChangeRoutes } from '../car/effects/reports.ts'
import { scheduleChangeRoutes } from '../car/effects/schedules.ts'
import { scriptChangeRoutes } from '../car/effects/scripts.ts'
import { guardrailRoutes } from '../car/guardrails.ts'
import { reportRoutes } from '../car/reports.ts'
import { retiredRoutes } from '../car/retired.ts'
import { runRoutes } from '../car/runs.ts'
import { scheduleRoutes } from '../car/schedules.ts'
import { scriptRoutes } from '../car/scripts.ts'
import { requirePermission } from '../http/permission.ts'
import type { Reply } from '../http/reply.ts'
import { type Match, makeRouter, type RouteTable } from '../route.ts'
import { campaignChangeRoutes } from '../saq/effects/campaigns.ts'
import { changeRoutes } from '../saq/effects/rights.ts'
import { templateChangeRoutes } from '../saq/effects/templates.ts'
import { userChangeRoutes } from '../saq/effects/users.ts'
import { readRoutes } from '../saq/reads.ts'
import { versionRoutes } from '../saq/version.ts'
import type { World } from '../state/world.ts'
import { apiServer } from './api-server.ts'
import { carGateway, loginGateway } from './gateway.ts'
import { loginRoutes } from './login.ts'
import { isMovedAway, originalEndpoint } from './moved-routes.ts'
import type { IncomingRequest, VirtualHost } from './virtual-host.ts'

/** Every route of the sandbox. */
export const vendorRoutes: RouteTable = {
  ...loginRoutes,
  ...scriptRoutes,
  ...scriptChangeRoutes,
  ...executionRoutes,
  ...libraryRoutes,
  ...runRoutes,
  ...assetJobChangeRoutes,
  ...assetRoutes,
  ...scheduleRoutes,
  ...scheduleChangeRoutes,
  ...guardrailRoutes,
  ...guardrailChangeRoutes,
  ...reportRoutes,
  ...reportChangeRoutes,
  ...retiredRoutes,
  ...versionRoutes,
  ...readRoutes,
  ...changeRoutes({ ...templateChangeRoutes, ...campaignChangeRoutes, ...userChangeRoutes }),
}

const findRoute = makeRouter(vendorRoutes)
const findDocumentedRoute = makeRouter(
  Object.fromEntries(Object.entries(vendorRoutes).filter(([, { evidence }]) => evidence !== 'guessed')),
)

/** A vendor request and its route, before it is handled. */
export interface RoutedRequest {
  /** The key of the route, or method and path without one; faults refer to it. */
  route: string
  /** Authenticates and handles the request, with a clock that is wrong by `skew` seconds. */
  run(skew: number): Promise<Reply>
}

/** The platform's servers: finds the route of each request. */
export function makePlatform(world: World): (request: IncomingRequest) => RoutedRequest {
  const find = world.evidence === 'all' ? findRoute : findDocumentedRoute
  return (request) => {
    // The SAQ pages write paths with and without a slash at the end.
    const path = hostOf(request) === apiServer ? request.path.replace(/\/$/, '') : request.path
    const { active } = world.faults
    const moved = originalEndpoint(active, { method: request.method, path })
    const candidate = moved ? find(moved.method, moved.path) : find(request.method, path)
    const match =
      !moved && candidate && 'key' in candidate && isMovedAway(active, candidate.key) ? undefined : candidate
    const route = match && 'key' in match ? match.key : `${request.method} ${request.path}`
    return { route, run: (skew) => answerRequest(world, { ...request, ...moved }, match, skew) }
  }
}

function hostOf({ path }: IncomingRequest): VirtualHost {
  if (path.startsWith('/sm/')) return carGateway
  return path.startsWith('/qps/') ? apiServer : loginGateway
}

async function answerRequest(
  world: World,
  request: IncomingRequest,
  match: Match,
  skew: number,
): Promise<Reply> {
  const host = hostOf(request)
  try {
    const account = host.authenticate(world, request)
    if (!match) return host.notFound(request)
    if ('allowed' in match) return host.methodNotAllowed(request, match.allowed)
    const { route, params } = match
    if (route.permission) requirePermission(account, route.permission)
    world.eventQueue.runDue(world.now())
    const reply = await route.handle({ ...request, params, skew, account, world })
    const hasRateLimitHeaders = world.knobs.rateLimitHeaders && host === carGateway
    return hasRateLimitHeaders
      ? { ...reply, headers: { ...rateLimitHeaders(world), ...reply.headers } }
      : reply
  } catch (error) {
    const reply = host.replyToError(error, world, request)
    if (reply) return reply
    throw error
  }
}

/** The three headers of a normal gateway reply (api_rate_limits.htm of OCA). */
function rateLimitHeaders({ journal }: World): Record<string, string> {
  const limit = 300
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Window-Sec': '3600',
    'X-RateLimit-Remaining': String(limit - 1 - (journal.entries.length % limit)),
  }
}
