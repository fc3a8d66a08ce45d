import type { Account } from './accounts.ts'
import { assetJobChangeRoutes } from './car/asset-job-changes.ts'
import { assetRoutes } from './car/assets.ts'
import { executionRoutes } from './car/executions.ts'
import { guardrailChangeRoutes } from './car/guardrail-changes.ts'
import { guardrailRoutes } from './car/guardrails.ts'
import { libraryRoutes } from './car/library.ts'
import { reportChangeRoutes } from './car/report-changes.ts'
import { reportRoutes } from './car/reports.ts'
import { retiredRoutes } from './car/retired.ts'
import { runRoutes } from './car/runs.ts'
import { scheduleChangeRoutes } from './car/schedule-changes.ts'
import { scheduleRoutes } from './car/schedules.ts'
import { scriptChangeRoutes } from './car/script-changes.ts'
import { scriptRoutes } from './car/scripts.ts'
import { loginRoutes } from './login.ts'
import { demand } from './permission.ts'
import { gatewayError, Refusal, type Reply, unauthorized } from './reply.ts'
import { type Call, type Match, makeRouter, type RouteTable } from './route.ts'
import type { World } from './world.ts'

/** Every route of the pretend platform. */
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
  }
}

/** A vendor request with its place in the route table, before anything was done for it. */
export interface Errand {
  /** The key of the route, or method and path when there is none: what a fault is switched on for. */
  route: string
  run(): Promise<Reply>
}

type Visit = Omit<Call, 'params' | 'account'>

/** The gateway: finds the route of a request; `run` then checks the token and does the work. */
export function makeGateway(world: World): (visit: Visit) => Errand {
  const table = Object.entries(vendorRoutes(world))
  const served = world.evidence === 'all' ? table : table.filter(([, route]) => route.evidence !== 'guessed')
  const find = makeRouter(Object.fromEntries(served))
  return (visit) => {
    const match = find(visit.method, visit.path)
    const route = match && 'key' in match ? match.key : `${visit.method} ${visit.path}`
    return { route, run: () => answered(world, visit, match) }
  }
}

async function answered(world: World, visit: Visit, match: Match): Promise<Reply> {
  const { method, path } = visit
  const platform = path.startsWith('/sm/')
  try {
    const account = platform ? admitted(world, visit) : undefined
    if (!match) return gatewayError(404, 'No handler found', path)
    if ('allowed' in match) {
      const reply = gatewayError(405, `Request method '${method}' not supported`, path)
      return { ...reply, headers: { allow: match.allowed.join(', ') } }
    }
    const { route, params } = match
    if (account && route.needs) demand(account, route.needs)
    world.agenda.settle(world.now())
    const reply = await route.handle({ ...visit, params, ...(account && { account }) })
    const rated = world.knobs.rateLimitHeaders && platform
    return rated ? { ...reply, headers: { ...limitHeaders(world), ...reply.headers } } : reply
  } catch (error) {
    if (error instanceof Refusal) return error.reply
    throw error
  }
}

/** /sm asks for a token before anything else. */
function admitted({ tokens }: World, { path, headers }: Visit): Account {
  const verdict = tokens.verify(headers['authorization'])
  if (typeof verdict === 'string') throw new Refusal(unauthorized(verdict), verdict)
  const { account } = verdict
  if (account.withoutCar) throw new Refusal(gatewayError(403, 'Access is denied', path), 'without CAR')
  return account
}

/** The three headers of a healthy gateway answer (api_rate_limits.htm of OCA). */
function limitHeaders({ journal }: World): Record<string, string> {
  const limit = 300
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Window-Sec': '3600',
    'X-RateLimit-Remaining': String(limit - 1 - (journal.entries.length % limit)),
  }
}
