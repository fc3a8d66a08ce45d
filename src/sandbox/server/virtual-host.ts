import type { Account } from '../data/accounts.ts'
import type { Reply } from '../http/reply.ts'
import type { Call } from '../http/route.ts'
import type { World } from '../state/world.ts'

/** A vendor request as it arrived. */
export type Visit = Omit<Call, 'params' | 'account' | 'skew'>

/** How a server of the platform authenticates requests, and how it answers without a route. */
export interface Door {
  /** The account of a request; undefined if none is needed. Throws if the request is refused. */
  admit(world: World, visit: Visit): Account | undefined
  missing(visit: Visit): Reply
  wrongMethod(visit: Visit, allowed: string[]): Reply
  /** The answer to an error that a route threw; undefined for a bug. */
  answerTo(error: unknown, world: World, visit: Visit): Reply | undefined
}
