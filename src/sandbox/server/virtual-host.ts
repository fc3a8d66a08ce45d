import type { Account } from '../data/accounts.ts'
import type { Reply } from '../http/reply.ts'
import type { Call } from '../route.ts'
import type { World } from '../state/world.ts'

/** A vendor request as it arrived. */
export type IncomingRequest = Omit<Call, 'params' | 'account' | 'skew' | 'world'>

/** How a server of the platform authenticates requests, and how it replies without a route. */
export interface VirtualHost {
  /** The account of a request. Throws if the request is refused. */
  authenticate(world: World, request: IncomingRequest): Account
  notFound(request: IncomingRequest): Reply
  methodNotAllowed(request: IncomingRequest, allowed: string[]): Reply
  /** The reply to an error that a route threw; undefined for a bug. */
  replyToError(error: unknown, world: World, request: IncomingRequest): Reply | undefined
}
