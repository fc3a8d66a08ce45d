import { documented, type RouteTable } from '../http/route.ts'
import type { World } from '../state/world.ts'
import { assetTokens, tagTokens } from './filter-tokens.ts'
import { makeCollection, makeSearchHandler } from './search.ts'

/** Assets and asset tags. */
export function assetRoutes(world: World): RouteTable {
  const { store } = world
  return {
    // searchAfter is documented for assets; the record and the other body fields are not.
    'POST /sm/v1/assets/search': documented(
      makeSearchHandler(world, {
        collection: makeCollection(world, 'assets', { tokens: assetTokens, rows: () => store.assets }),
        allowedFields: ['filter', 'pageSize', 'pageNumber', 'sort', 'searchAfter'],
        itemFormat: 'flatWithSortValues',
        toWire: (row) => row,
      }),
    ),
    'POST /sm/v1/assettags/search': documented(
      makeSearchHandler(world, {
        collection: makeCollection(world, 'tags', {
          tokens: tagTokens,
          rows: () => store.tags,
          defaultSort: [{ path: 'id', descending: false }],
          isHidden: (tag) => tag.lab,
          revealToken: 'labTag',
        }),
        allowedFields: ['filter', 'pageSize', 'pageNumber'],
        itemFormat: 'flat',
        toWire: ({ lab: _, ...row }) => row,
      }),
    ),
  }
}
