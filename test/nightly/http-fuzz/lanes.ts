import { operations } from '../../../src/operations/index.ts'
import { tokenOf } from '../../support/callers/callers-folder.ts'
import type { ToolCall } from '../../support/tool-calls.ts'
import { Messages } from '../fuzz/messages.ts'
import { SeededRandom } from '../fuzz/seeded-random.ts'
import { names } from './fuzzed-service.ts'
import type { Endpoint } from './requests/draft.ts'
import type { MessageMaker } from './requests/messages.ts'

/** Who sends, and in which revision. */
export interface Lane {
  readonly caller: 'operator' | 'viewer'
  readonly modern: boolean
}

/** Several at once: some calls take as long as they may. */
export const lanes: readonly Lane[] = Array.from({ length: 12 }, (_, index) => ({
  caller: index % 4 < 2 ? 'operator' : 'viewer',
  modern: index % 2 === 0,
}))

const effects: ReadonlySet<unknown> = new Set(
  operations.flatMap(({ name, effect }) => (effect === 'read' ? [] : [name])),
)

/** What the requests of a caller need to know of the service. */
export const endpointFor = (caller: string, port: number): Endpoint => ({
  port,
  token: tokenOf(caller),
  endedToken: tokenOf('ended'),
  ...names,
})

/** What the requests of a lane are made of; the seed and the number of the lane decide which these are. */
export function makerFor(
  { caller, modern }: Lane,
  nth: number,
  { port, seed, calls }: { port: number; seed: number; calls: readonly ToolCall[] },
): MessageMaker {
  const random = new SeededRandom(seed + nth)
  const endpoint = endpointFor(caller, port)
  const known = calls.filter(([tool]) => caller === 'operator' || !effects.has(tool))
  const messages = new Messages(random, { calls: known, effects, modern })
  return { random, messages, modern, endpoint, session: `session-${nth}` }
}
