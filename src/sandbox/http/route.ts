import type { IncomingHttpHeaders } from 'node:http'
import type { Account } from '../data/accounts.ts'
import type { Permission } from '../data/roles.ts'
import type { Reply } from './reply.ts'

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
  /** Seconds by which the server's clock is wrong during the answer: a fault. */
  skew: number
  /** The account of its token; absent for routes without one. */
  account?: Account
}

export interface Route {
  evidence: Evidence
  /** The permission that the caller's role must have. */
  needs?: Permission
  handle(call: Call): Reply | Promise<Reply>
}

/** `METHOD /path/{placeholder}` to route. */
export type RouteTable = Readonly<Record<string, Route>>

type Declare = (handle: Route['handle'], needs?: Permission) => Route
export const documented: Declare = (handle, needs) => declared('documented', handle, needs)
export const regular: Declare = (handle, needs) => declared('regular', handle, needs)
export const guessed: Declare = (handle, needs) => declared('guessed', handle, needs)

function declared(evidence: Evidence, handle: Route['handle'], needs?: Permission): Route {
  return { evidence, handle, ...(needs && { needs }) }
}

/** The result of looking up a method and a path. */
export type Match =
  | { key: string; route: Route; params: Record<string, string> }
  | { allowed: string[] }
  | undefined

interface Compiled {
  key: string
  method: string
  segments: string[]
  route: Route
}

/** Finds routes. A literal segment takes precedence over a placeholder. */
export function makeRouter(table: RouteTable): (method: string, path: string) => Match {
  const routes = Object.entries(table)
    .map(([key, route]): Compiled => {
      const [method = '', path = ''] = key.split(' ')
      return { key, method, segments: path.split('/'), route }
    })
    .sort((a, b) => holes(a) - holes(b))
  return (method, path) => {
    const segments = path.split('/')
    const found = routes.flatMap((candidate) => {
      const params = fill(candidate.segments, segments)
      return params ? [{ candidate, params }] : []
    })
    const fewest = Math.min(...found.map(({ candidate }) => holes(candidate)))
    const nearest = found.filter(({ candidate }) => holes(candidate) === fewest)
    const hit = nearest.find(({ candidate }) => candidate.method === method)
    if (hit) return { key: hit.candidate.key, route: hit.candidate.route, params: hit.params }
    return nearest.length > 0 ? { allowed: nearest.map(({ candidate }) => candidate.method) } : undefined
  }
}

const isHole = (segment: string) => segment.startsWith('{')
const holes = ({ segments }: Compiled) => segments.filter(isHole).length

/** The values of a pattern's placeholders; undefined if the path does not match. */
export function fill(pattern: string[], segments: string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [place, expected] of pattern.entries()) {
    const actual = segments[place] ?? ''
    if (!isHole(expected)) {
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
