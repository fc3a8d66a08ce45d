import { documented, type RouteTable } from '../http/route.ts'
import type { World } from '../state/world.ts'
import { collect, search } from './search.ts'
import { assetTokens, tagTokens } from './tokens.ts'

/** Assets and asset tags. */
export function assetRoutes(world: World): RouteTable {
  const { store } = world
  return {
    // searchAfter is documented for assets; the record and the other body fields are not.
    'POST /sm/v1/assets/search': documented(
      search(world, {
        collection: collect(world, 'assets', { tokens: assetTokens, rows: () => store.assets }),
        takes: ['filter', 'pageSize', 'pageNumber', 'sort', 'searchAfter'],
        shape: 'flatWithSortValues',
        show: (row) => row,
      }),
    ),
    'POST /sm/v1/assettags/search': documented(
      search(world, {
        collection: collect(world, 'tags', {
          tokens: tagTokens,
          rows: () => store.tags,
          defaultSort: [{ path: 'id', descending: false }],
          hidden: (tag) => tag.lab,
          unhiddenBy: 'labTag',
        }),
        takes: ['filter', 'pageSize', 'pageNumber'],
        shape: 'flat',
        show: ({ lab: _, ...row }) => row,
      }),
    ),
  }
}
