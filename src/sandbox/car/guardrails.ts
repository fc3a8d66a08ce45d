import { documented, type RouteTable } from '../route.ts'
import { blockedCommands } from './collections.ts'
import { makeSearchHandler } from './search.ts'

/** Commands that scripts must not contain. */
export const guardrailRoutes: RouteTable = {
  // The path is documented; the method follows a convention, the body an analogy.
  'POST /sm/v1/block-commands/search': documented(
    makeSearchHandler({
      collection: blockedCommands,
      allowedFields: ['filter', 'pageSize', 'pageNumber'],
      itemFormat: 'flat',
    }),
    'configuration',
  ),
}
