import { documented, type RouteTable } from '../http/route.ts'
import type { World } from '../state/world.ts'
import { blockedCommandTokens } from './filter-tokens.ts'
import { makeCollection, makeSearchHandler } from './search.ts'

/** Commands that scripts must not contain. */
export function guardrailRoutes(world: World): RouteTable {
  const collection = makeCollection(world, 'blocked-commands', {
    tokens: blockedCommandTokens,
    rows: () => world.store.blockedCommands,
    defaultSort: [{ path: 'commandId', descending: false }],
  })
  return {
    // The path is documented; the method follows a convention, the body an analogy.
    'POST /sm/v1/block-commands/search': documented(
      makeSearchHandler(world, {
        collection,
        allowedFields: ['filter', 'pageSize', 'pageNumber'],
        itemFormat: 'flat',
        toWire: (row) => row,
      }),
      'configuration',
    ),
  }
}
