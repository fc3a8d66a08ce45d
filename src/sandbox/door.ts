import type { Account } from './accounts.ts'
import type { Reply } from './reply.ts'
import type { Call } from './route.ts'
import type { World } from './world.ts'

/** A vendor request as it arrived. */
export type Visit = Omit<Call, 'params' | 'account' | 'skew'>

/** How a server of the platform receives requests, and what it says where no route answers. */
export interface Door {
  /** Whose request it is. Throws when it may not come in; undefined where nobody asks. */
  admit(world: World, visit: Visit): Account | undefined
  missing(visit: Visit): Reply
  wrongMethod(visit: Visit, allowed: string[]): Reply
  /** The answer to what a route threw; undefined when it is no answer but a bug. */
  answerTo(error: unknown, world: World, visit: Visit): Reply | undefined
}
