import type { IncomingHttpHeaders } from 'node:http'
import type { Account } from './accounts.ts'
import type { Reply } from './reply.ts'
import type { Permission } from './roles.ts'

/** documented: on a page. regular: named on a page, the path follows its siblings. guessed: anything else. */
export type Evidence = 'documented' | 'regular' | 'guessed'

/** A vendor request that found its route. */
export interface Call {
  method: string
  path: string
  /** What fills the holes of the route, decoded. */
  params: Readonly<Record<string, string>>
  /** Of a repeated parameter the last one counts, silently (Qualys says so of its APIs). */
  query: Readonly<Record<string, string>>
  headers: IncomingHttpHeaders
  /** The body as it came. */
  body: string
  /** The caller's address. */
  from: string
  /** Seconds by which the platform's clock is off while it answers: a fault. */
  skew: number
  /** Whose token it carries; nobody's where none is needed. */
  account?: Account
}

export interface Route {
  evidence: Evidence
  /** What the caller's role must allow. */
  needs?: Permission
  handle(call: Call): Reply | Promise<Reply>
}

/** `METHOD /path/{hole}` -> route. */
export type RouteTable = Readonly<Record<string, Route>>

type Declare = (handle: Route['handle'], needs?: Permission) => Route
export const documented: Declare = (handle, needs) => declared('documented', handle, needs)
export const regular: Declare = (handle, needs) => declared('regular', handle, needs)
export const guessed: Declare = (handle, needs) => declared('guessed', handle, needs)

function declared(evidence: Evidence, handle: Route['handle'], needs?: Permission): Route {
  return { evidence, handle, ...(needs && { needs }) }
}

/** What a method and a path lead to. */
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

/** Finds routes; a literal segment goes before a hole. */
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

/** What fills the holes of a pattern; undefined where the path is another one. */
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
