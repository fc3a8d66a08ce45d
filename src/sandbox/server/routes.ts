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
import { demand } from '../http/permission.ts'
import type { Reply } from '../http/reply.ts'
import { type Match, makeRouter, type Route, type RouteTable } from '../http/route.ts'
import { campaignChangeRoutes } from '../saq/effects/campaigns.ts'
import { templateChangeRoutes } from '../saq/effects/templates.ts'
import { userChangeRoutes } from '../saq/effects/users.ts'
import { readRoutes } from '../saq/reads.ts'
import { versionRoutes } from '../saq/version.ts'
import type { World } from '../state/world.ts'
import { apiServer } from './api-server.ts'
import { carGateway, loginGateway } from './gateway.ts'
import { loginRoutes } from './login.ts'
import { before, isGone } from './moved-routes.ts'
import type { Door, Visit } from './virtual-host.ts'

/** Every route of the sandbox. */
export function vendorRoutes(world: World): RouteTable {
  return {
    ...loginRoutes(world),
    ...scriptRoutes(world),
    ...scriptChangeRoutes(world),
    ...executionRoutes(world),
    ...libraryRoutes(world),
    ...runRoutes(world),
    ...assetJobChangeRoutes(world),
    ...assetRoutes(world),
    ...scheduleRoutes(world),
    ...scheduleChangeRoutes(world),
    ...guardrailRoutes(world),
    ...guardrailChangeRoutes(world),
    ...reportRoutes(world),
    ...reportChangeRoutes(world),
    ...retiredRoutes,
    ...versionRoutes,
    ...readRoutes(world),
    ...changing(world, {
      ...templateChangeRoutes(world),
      ...campaignChangeRoutes(world),
      ...userChangeRoutes(world),
    }),
  }
}

/** Marks routes that change the questionnaire module's initial data. */
function changing(world: World, table: RouteTable): RouteTable {
  const marked = ([key, route]: [string, Route]): [string, Route] => {
    const handle: Route['handle'] = (call) => {
      world.saq.isChanged = true
      return route.handle(call)
    }
    return [key, { ...route, handle }]
  }
  return Object.fromEntries(Object.entries(table).map(marked))
}

/** A vendor request and its route, before any work. */
export interface Errand {
  /** The key of the route, or method and path without one; faults refer to it. */
  route: string
  /** Authenticates the request and does the work, with a clock that may be wrong by some seconds. */
  run(skew: number): Promise<Reply>
}

/** The platform's servers: finds the route of a request; `run` authenticates it and does the work. */
export function makePlatform(world: World): (visit: Visit) => Errand {
  const table = Object.entries(vendorRoutes(world))
  const served = world.evidence === 'all' ? table : table.filter(([, route]) => route.evidence !== 'guessed')
  const find = makeRouter(Object.fromEntries(served))
  return (visit) => {
    // The SAQ pages write paths with and without a slash at the end.
    const path = doorOf(visit) === apiServer ? visit.path.replace(/\/$/, '') : visit.path
    const { active } = world.faults
    const moved = before(active, { method: visit.method, path })
    const found = moved ? find(moved.method, moved.path) : find(visit.method, path)
    const match = !moved && found && 'key' in found && isGone(active, found.key) ? undefined : found
    const route = match && 'key' in match ? match.key : `${visit.method} ${visit.path}`
    return { route, run: (skew) => answered(world, { ...visit, ...moved }, match, skew) }
  }
}

function doorOf({ path }: Visit): Door {
  if (path.startsWith('/sm/')) return carGateway
  return path.startsWith('/qps/') ? apiServer : loginGateway
}

async function answered(world: World, visit: Visit, match: Match, skew: number): Promise<Reply> {
  const door = doorOf(visit)
  try {
    const account = door.admit(world, visit)
    if (!match) return door.missing(visit)
    if ('allowed' in match) return door.wrongMethod(visit, match.allowed)
    const { route, params } = match
    if (account && route.needs) demand(account, route.needs)
    world.agenda.settle(world.now())
    const reply = await route.handle({ ...visit, params, skew, ...(account && { account }) })
    const rated = world.knobs.rateLimitHeaders && door === carGateway
    return rated ? { ...reply, headers: { ...limitHeaders(world), ...reply.headers } } : reply
  } catch (error) {
    const reply = door.answerTo(error, world, visit)
    if (reply) return reply
    throw error
  }
}

/** The three headers of a normal gateway answer (api_rate_limits.htm of OCA). */
function limitHeaders({ journal }: World): Record<string, string> {
  const limit = 300
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Window-Sec': '3600',
    'X-RateLimit-Remaining': String(limit - 1 - (journal.entries.length % limit)),
  }
}
