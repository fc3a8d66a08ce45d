import { documented, type RouteTable } from '../route.ts'
import { blockedCommandTokens } from './filter-tokens.ts'
import { makeSearchHandler } from './search.ts'

/** Commands that scripts must not contain. */
export const guardrailRoutes: RouteTable = {
  // The path is documented; the method follows a convention, the body an analogy.
  'POST /sm/v1/block-commands/search': documented(
    makeSearchHandler({
      collection: {
        kind: 'blocked-commands',
        tokens: blockedCommandTokens,
        rows: ({ blockedCommands }) => blockedCommands,
        defaultSort: [{ path: 'commandId', descending: false }],
      },
      allowedFields: ['filter', 'pageSize', 'pageNumber'],
      itemFormat: 'flat',
    }),
    'configuration',
  ),
}
