import { assetRoutes } from './car/assets.ts'
import { guardrailRoutes } from './car/guardrails.ts'
import { reportRoutes } from './car/reports.ts'
import { retiredRoutes } from './car/retired.ts'
import { runRoutes } from './car/runs.ts'
import { scheduleRoutes } from './car/schedules.ts'
import { scriptRoutes } from './car/scripts.ts'
import { loginRoutes } from './login.ts'
import { gatewayError, Refusal, type Reply, unauthorized } from './reply.ts'
import { type Call, type Match, makeRouter, type RouteTable } from './route.ts'
import type { World } from './world.ts'

/** Every route of the pretend platform. */
export function vendorRoutes(world: World): RouteTable {
  return {
    ...loginRoutes(world),
    ...scriptRoutes(world),
    ...runRoutes(world),
    ...assetRoutes(world),
    ...scheduleRoutes(world),
    ...guardrailRoutes(world),
    ...reportRoutes(world),
    ...retiredRoutes,
  }
}

/** A vendor request with its place in the route table, before anything was done for it. */
export interface Errand {
  /** The key of the route, or method and path when there is none: what a fault is switched on for. */
  route: string
  run(): Promise<Reply>
}

type Visit = Omit<Call, 'params'>

/** The gateway: finds the route of a request; `run` then checks the token and does the work. */
export function makeGateway(world: World): (visit: Visit) => Errand {
  const table = Object.entries(vendorRoutes(world))
  const served = world.evidence === 'all' ? table : table.filter(([, route]) => route.evidence !== 'guessed')
  const find = makeRouter(Object.fromEntries(served))
  return (visit) => {
    const match = find(visit.method, visit.path)
    const route = match && 'key' in match ? match.key : `${visit.method} ${visit.path}`
    return { route, run: async () => notAdmitted(world, visit) ?? (await answered(world, visit, match)) }
  }
}

/** /sm asks for a token before anything else. */
function notAdmitted({ tokens }: World, { path, headers }: Visit): Reply | undefined {
  if (!path.startsWith('/sm/')) return undefined
  const verdict = tokens.verify(headers['authorization'])
  if (typeof verdict === 'string') return unauthorized(verdict)
  return verdict.account.withoutCar ? gatewayError(403, 'Access is denied', path) : undefined
}

async function answered(world: World, visit: Visit, match: Match): Promise<Reply> {
  const { method, path } = visit
  if (!match) return gatewayError(404, 'No handler found', path)
  if ('allowed' in match) {
    const reply = gatewayError(405, `Request method '${method}' not supported`, path)
    return { ...reply, headers: { allow: match.allowed.join(', ') } }
  }
  try {
    const reply = await match.route.handle({ ...visit, params: match.params })
    const rated = world.knobs.rateLimitHeaders && path.startsWith('/sm/')
    return rated ? { ...reply, headers: { ...limitHeaders(world), ...reply.headers } } : reply
  } catch (error) {
    if (error instanceof Refusal) return error.reply
    throw error
  }
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
