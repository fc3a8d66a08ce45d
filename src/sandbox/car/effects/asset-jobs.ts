import { day } from '../../data/calendar.ts'
import { removeRows } from '../../data/remove-rows.ts'
import { integerOrText, list } from '../../http/body-schema.ts'
import { assumed } from '../../http/input.ts'
import { badRequest, partialSuccess, type Reply } from '../../http/reply.ts'
import { type Call, guessed, type RouteTable } from '../../route.ts'
import { readInputs } from '../body.ts'

const deleteInputs = assumed('As the block-* calls take them; numbers or strings.', {
  ids: list(integerOrText(1)),
})

/** Deletes invalid asset jobs: in the sandbox, those that have been open for more than a day. */
export const assetJobChangeRoutes: RouteTable = {
  'POST /sm/v1/assetjobs/delete': {
    ...guessed('Release 2.4.1 names the call, and shows nothing of it.', deleteAssetJobs, 'job delete'),
    inputs: deleteInputs,
  },
}

function deleteAssetJobs(call: Call): Reply {
  const { store, now } = call.world
  const { ids } = readInputs(call, deleteInputs, ['ids'])
  if (ids.length === 0) throw badRequest('ids must not be empty')
  const requested = new Set(ids)
  const cutoff = now() - day
  const invalid = store.assetJobs.filter(
    ({ outcome, created }) => outcome === 'open' && created.dateTime < cutoff,
  )
  const deleted = new Set(invalid.filter(({ id }) => requested.has(Number(id))))
  store.change(['assetjobs'], () => removeRows(store.assetJobs, (row) => deleted.has(row)))
  return partialSuccess(requested, new Set(invalid.map(({ id }) => Number(id))))
}
