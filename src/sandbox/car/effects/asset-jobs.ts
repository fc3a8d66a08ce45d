import { day } from '../../data/calendar.ts'
import { list, madeUp, wholeOrText } from '../../http/body-schema.ts'
import { badRequest, processed, type Reply } from '../../http/reply.ts'
import { type Call, guessed, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'

/** Release 2.4.1 names the call and shows nothing else of it. */
export const deleteAssetJobsInputs = { ids: madeUp(list(wholeOrText(1))) }

/** Deletes invalid asset jobs: in the sandbox, those that have been open for more than a day. */
export function assetJobChangeRoutes(world: World): RouteTable {
  return { 'POST /sm/v1/assetjobs/delete': guessed((call) => deleted(world, call), 'job delete') }
}

function deleted(world: World, call: Call): Reply {
  const { store } = world
  const { ids } = readInputs(world, call, deleteAssetJobsInputs, ['ids'])
  if (ids.length === 0) throw badRequest('ids must not be empty')
  const given = [...new Set(ids)]
  const before = world.now() - day
  const invalid = new Map(
    store.assetJobs
      .filter(({ outcome, created }) => outcome === 'open' && created.dateTime < before)
      .map((row) => [Number(row.id), row]),
  )
  const gone = given.filter((id) => invalid.has(id))
  const rows = gone.map((id) => invalid.get(id)).filter((row) => row !== undefined)
  store.change(['assetjobs'], () => {
    for (const row of rows) store.assetJobs.splice(store.assetJobs.indexOf(row), 1)
  })
  return processed(
    gone,
    given.filter((id) => !invalid.has(id)),
  )
}
