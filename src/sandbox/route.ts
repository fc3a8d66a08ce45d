import type { IncomingHttpHeaders } from 'node:http'
import type { Account } from './data/accounts.ts'
import type { Permission } from './data/roles.ts'
import type { InputTable } from './http/input.ts'
import type { Reply } from './http/reply.ts'
import type { CollectionNames } from './query/collection.ts'
import type { World } from './state/world.ts'

/**
 * documented: on a page. regular: named on a page, with a path like those of similar calls. guessed: anything
 * else.
 */
export type Evidence = 'documented' | 'regular' | 'guessed'

/** A vendor request that matched a route. */
export interface Call {
  method: string
  path: string
  /** The values of the route's placeholders, decoded. */
  params: Readonly<Record<string, string>>
  /** If a parameter is repeated, the last one counts, without an error (as Qualys documents for its APIs). */
  query: Readonly<Record<string, string>>
  headers: IncomingHttpHeaders
  /** The body as received. */
  body: string
  /** The caller's address. */
  from: string
  /** Seconds by which the server's clock is wrong for this request: a fault. */
  skew: number
  /** Who calls. */
  account: Account
  /** The sandbox that is called. */
  world: World
}

export interface Route {
  evidence: Evidence
  /** Why a guessed route is served. */
  reason?: string
  /** Its inputs, if some of them are assumed. */
  inputs?: InputTable
  /** The permission that the caller's role must have. */
  permission?: Permission
  /** What it searches. */
  collection?: CollectionNames
  handle(call: Call): Reply | Promise<Reply>
}

/** What answers the calls of a route. */
export type Handler = Pick<Route, 'handle' | 'collection'>

/** `METHOD /path/{placeholder}` to route. */
export type RouteTable = Readonly<Record<string, Route>>

export function documented(handler: Route['handle'] | Handler, permission?: Permission): Route {
  const answers = typeof handler === 'function' ? { handle: handler } : handler
  return { evidence: 'documented', ...answers, ...(permission && { permission }) }
}

export const regular = (handle: Route['handle']): Route => ({ evidence: 'regular', handle })

export const guessed = (reason: string, ...declared: Parameters<typeof documented>): Route => ({
  ...documented(...declared),
  evidence: 'guessed',
  reason,
})

/** The result of looking up a method and a path. */
export type Match =
  | { key: string; route: Route; params: Record<string, string> }
  | { allowed: string[] }
  | undefined

interface CompiledRoute {
  key: string
  method: string
  segments: string[]
  route: Route
}

/** Finds routes. A literal segment takes precedence over a placeholder. */
export function makeRouter(table: RouteTable): (method: string, path: string) => Match {
  const routes = Object.entries(table)
    .map(([key, route]): CompiledRoute => {
      const [method = '', path = ''] = key.split(' ')
      return { key, method, segments: path.split('/'), route }
    })
    .sort((a, b) => placeholderCount(a) - placeholderCount(b))
  return (method, path) => {
    const segments = path.split('/')
    const matches = routes.flatMap((candidate) => {
      const params = matchSegments(candidate.segments, segments)
      return params ? [{ candidate, params }] : []
    })
    const fewest = Math.min(...matches.map(({ candidate }) => placeholderCount(candidate)))
    const mostSpecific = matches.filter(({ candidate }) => placeholderCount(candidate) === fewest)
    const match = mostSpecific.find(({ candidate }) => candidate.method === method)
    if (match) return { key: match.candidate.key, route: match.candidate.route, params: match.params }
    return mostSpecific.length > 0
      ? { allowed: mostSpecific.map(({ candidate }) => candidate.method) }
      : undefined
  }
}

const isPlaceholder = (segment: string) => segment.startsWith('{')
const placeholderCount = ({ segments }: CompiledRoute) => segments.filter(isPlaceholder).length

/** The values of a pattern's placeholders; undefined if the path does not match. */
export function matchSegments(pattern: string[], segments: string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? ''
    if (!isPlaceholder(expected)) {
      if (expected !== actual) return undefined
      continue
    }
    if (actual === '') return undefined
    try {
      params[expected.slice(1, -1)] = decodeURIComponent(actual)
    } catch {
      return undefined
    }
  }
  return params
}
