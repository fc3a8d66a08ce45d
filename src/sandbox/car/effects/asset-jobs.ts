import { day } from '../../data/calendar.ts'
import { assumed, integerOrText, list } from '../../http/body-schema.ts'
import { badRequest, partialSuccess, type Reply } from '../../http/reply.ts'
import { type Call, guessed, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'

/** Release 2.4.1 names the call and shows nothing else of it. */
export const deleteAssetJobsInputs = { ids: assumed(list(integerOrText(1))) }

/** Deletes invalid asset jobs: in the sandbox, those that have been open for more than a day. */
export function assetJobChangeRoutes(world: World): RouteTable {
  return { 'POST /sm/v1/assetjobs/delete': guessed((call) => deleteAssetJobs(world, call), 'job delete') }
}

function deleteAssetJobs(world: World, call: Call): Reply {
  const { store } = world
  const { ids } = readInputs(world, call, deleteAssetJobsInputs, ['ids'])
  if (ids.length === 0) throw badRequest('ids must not be empty')
  const requestedIds = [...new Set(ids)]
  const cutoff = world.now() - day
  const invalid = new Map(
    store.assetJobs
      .filter(({ outcome, created }) => outcome === 'open' && created.dateTime < cutoff)
      .map((row) => [Number(row.id), row]),
  )
  const deletedIds = requestedIds.filter((id) => invalid.has(id))
  const rows = deletedIds.map((id) => invalid.get(id)).filter((row) => row !== undefined)
  store.change(['assetjobs'], () => {
    for (const row of rows) store.assetJobs.splice(store.assetJobs.indexOf(row), 1)
  })
  return partialSuccess(
    deletedIds,
    requestedIds.filter((id) => !invalid.has(id)),
  )
}
