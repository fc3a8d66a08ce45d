import { runnableAssets } from '../car/effects/targets.ts'
import { secondManager } from '../data/accounts.ts'
import type { World } from '../state/world.ts'
import { assertValid, type ControlAction } from './control-action.ts'

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0
const isIdList = (value: unknown): value is number[] => Array.isArray(value) && value.every(isId)
const isShare = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1
const isShareList = (value: unknown): value is number[] => Array.isArray(value) && value.every(isShare)

/** The control requests about runs: hosts that never answer, runs that fail, and runs that others start. */
export function runActions({ runs, store }: World): Record<string, ControlAction> {
  const setSilent = (ids: readonly number[]) => {
    runs.silentHosts = ids
    return ids
  }
  const setFailures = (shares: readonly number[]) => {
    runs.failureShares = [...shares]
    return runs.failureShares
  }
  return {
    'GET /_sandbox/silent': () => runs.silentHosts,
    'PUT /_sandbox/silent': (body) => {
      if (!isIdList(body)) throw new TypeError('silent hosts are a list of asset ids, as numbers')
      const known = new Set(store.assets.map(({ id }) => id))
      const unknown = body.find((id) => !known.has(id))
      assertValid(unknown === undefined ? undefined : `no asset has the id ${unknown}`)
      return setSilent(body)
    },
    'DELETE /_sandbox/silent': () => setSilent([]),
    'GET /_sandbox/failures': () => runs.failureShares,
    'PUT /_sandbox/failures': (body) => {
      if (!isShareList(body)) throw new TypeError('failures are a list of shares, each from 0 to 1')
      return setFailures(body)
    },
    'DELETE /_sandbox/failures': () => setFailures([]),
    'POST /_sandbox/portal-run': (body) => startPortalRun(runs, store, body),
  }
}

/** Starts a run as a colleague in the portal does: of another user, without a request to the API. */
function startPortalRun(runs: World['runs'], store: World['store'], body: unknown) {
  const {
    scriptId,
    assetIds,
    test = false,
    description,
  } = { ...(body as Record<string, unknown> | undefined) }
  const script = store.scripts.find(({ id }) => id === scriptId)
  if (!script) throw new TypeError('scriptId is the id of a script, as a number')
  if (!isIdList(assetIds)) throw new TypeError('assetIds are a list of asset ids, as numbers')
  if (typeof test !== 'boolean') throw new TypeError('test is true or false')
  if (description !== undefined && typeof description !== 'string')
    throw new TypeError('description is a text')
  const assets = runnableAssets(store, { assetIds, tagIds: [], excludedIds: [] })
  const inputs = { ...(description !== undefined && { description }) }
  return runs.start({ script, assets, test, account: secondManager, description, inputs })
}
