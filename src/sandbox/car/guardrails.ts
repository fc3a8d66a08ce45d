import { documented, type RouteTable } from '../http/route.ts'
import type { World } from '../state/world.ts'
import { collect, search } from './search.ts'
import { blockedCommandTokens } from './tokens.ts'

/** Commands that scripts must not contain. */
export function guardrailRoutes(world: World): RouteTable {
  const collection = collect(world, 'blocked-commands', {
    tokens: blockedCommandTokens,
    rows: () => world.store.blockedCommands,
    defaultSort: [{ path: 'commandId', descending: false }],
  })
  return {
    // The path is documented; the method follows a convention, the body an analogy.
    'POST /sm/v1/block-commands/search': documented(
      search(world, {
        collection,
        takes: ['filter', 'pageSize', 'pageNumber'],
        shape: 'flat',
        show: (row) => row,
      }),
      'configuration',
    ),
  }
}
