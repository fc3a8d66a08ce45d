import { documented, type Handler, type RouteTable } from '../route.ts'
import { assets, tags } from './collections.ts'
import { type Host, hostCollection } from './host-collections.ts'
import { makeSearchHandler } from './search.ts'

// searchAfter is documented for assets; the record and the other body fields are not.
const hostSearch = {
  allowedFields: ['filter', 'pageSize', 'pageNumber', 'sort', 'searchAfter'],
  itemFormat: 'flatWithSortValues',
} as const

/** Searches hosts, with records in the form that the knobs ask for. */
function makeHostSearch(): Handler {
  const stored = makeSearchHandler({ ...hostSearch, collection: assets })
  return {
    ...stored,
    handle: (call) => {
      const { hostRecord, hostTags } = call.world.knobs
      if (hostRecord === 'plain' && hostTags === 'named') return stored.handle(call)
      const collection = hostCollection({ hostRecord, hostTags })
      const toWire = ({ asset: _, tags, ...record }: Host) =>
        hostTags === 'none' ? record : { ...record, tags }
      return makeSearchHandler({ ...hostSearch, collection, toWire }).handle(call)
    },
  }
}

/** Assets and asset tags. */
export const assetRoutes: RouteTable = {
  'POST /sm/v1/assets/search': documented(makeHostSearch()),
  'POST /sm/v1/assettags/search': documented(
    makeSearchHandler({
      collection: tags,
      allowedFields: ['filter', 'pageSize', 'pageNumber'],
      itemFormat: 'flat',
      toWire: ({ lab: _, ...row }) => row,
    }),
  ),
}
