import { documented, type RouteTable } from '../route.ts'
import { assets, tags } from './collections.ts'
import { makeSearchHandler } from './search.ts'

/** Assets and asset tags. */
export const assetRoutes: RouteTable = {
  // searchAfter is documented for assets; the record and the other body fields are not.
  'POST /sm/v1/assets/search': documented(
    makeSearchHandler({
      collection: assets,
      allowedFields: ['filter', 'pageSize', 'pageNumber', 'sort', 'searchAfter'],
      itemFormat: 'flatWithSortValues',
    }),
  ),
  'POST /sm/v1/assettags/search': documented(
    makeSearchHandler({
      collection: tags,
      allowedFields: ['filter', 'pageSize', 'pageNumber'],
      itemFormat: 'flat',
      toWire: ({ lab: _, ...row }) => row,
    }),
  ),
}
