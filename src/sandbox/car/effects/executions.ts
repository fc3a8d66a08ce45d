import { decodeBase64 } from '../../data/base64.ts'
import type { Script } from '../../data/car/rows.ts'
import type { CarStore } from '../../data/car/store.ts'
import {
  actor,
  anyText,
  commaSeparatedIds,
  flag,
  flagOrText,
  integer,
  list,
  oneOf,
  type Parameter,
  parameter,
  reference,
} from '../../http/body-schema.ts'
import { assumed, type Parsed } from '../../http/input.ts'
import { requirePermission } from '../../http/permission.ts'
import { badRequest, bareBody, type Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable } from '../../route.ts'
import { readInputs } from '../body.ts'
import { scriptOf } from '../scripts.ts'
import { labIds, runnableAssets, type Targets } from './targets.ts'

/** execute_scripts_on_demand.htm, release_2_5_api.htm */
const executeInputs = {
  assetIds: commaSeparatedIds,
  assetTagIds: commaSeparatedIds,
  excludedAssetIds: commaSeparatedIds,
  testMode: flagOrText,
  testAssets: list(reference),
  testTags: list(reference),
  executionPolicyBypassEnabled: flag,
  user: actor,
  description: anyText,
  rebootAfterScriptExecution: flag,
  rebootDelayInSeconds: integer(0),
  rebootDelayTimeUnit: oneOf('hours', 'minutes', 'seconds'),
  ...assumed('No copy shows it; as on the schedule pages.', { params: list(parameter) }),
}

/** Executes scripts. The results are scheduled on the world's event queue. */
export const executionRoutes: RouteTable = {
  'POST /sm/v1/scripts/{scriptId}/execute': { ...documented(executeScript), inputs: executeInputs },
}

function executeScript(call: Call): Reply {
  const { account, world } = call
  const { store, knobs, runs } = world
  const inputs = readInputs(call, executeInputs)
  const { testMode: test = false, params = [] } = inputs
  requirePermission(account, test ? 'script evaluate' : 'script execute')
  const script = scriptOf(call)
  refuseUnready(script, test)
  refuseOtherParameters(script, params)
  refuseLongLists(inputs, knobs.maxRunHosts)
  const assets = runnableAssets(store, targetsOf(store, inputs, test))
  if (runs.countOn(world.now(), account) >= knobs.executionsPerDay) {
    throw badRequest(`You can execute scripts ${knobs.executionsPerDay} times a day`)
  }
  const { testMode: _, params: __, ...recorded } = inputs
  const received = params.filter(({ value }) => knobs.emptyParameters === 'kept' || value !== '')
  const request = {
    script,
    assets,
    test,
    account,
    description: inputs.description,
    failureShare: runs.failureShares.shift(),
    inputs: { ...recorded, params: received.map(({ key }) => key) },
  }
  return bareBody({ correlationUuid: runs.start(request).correlationUuid })
}

/**
 * "It cannot be executed unless it is approved" (script_status.htm); before that it can be tested on lab
 * assets.
 */
function refuseUnready({ status, title }: Script, test: boolean): void {
  const isWithdrawn = status === 'REJECTED' || status === 'DEPRECATED'
  if (isWithdrawn || (status !== 'APPROVED' && !test)) {
    throw badRequest(`Script ${title} cannot be executed: its status is ${status}`)
  }
}

/** Hosts under a tag do not count: their ids are not sent. */
function refuseLongLists(
  { assetIds = [], testAssets = [] }: Parsed<typeof executeInputs>,
  max: number,
): void {
  const count = Math.max(assetIds.length, testAssets.length)
  if (max > 0 && count > max) throw badRequest(`A script can be executed on ${max} assets, not on ${count}`)
}

/** A script with parameters needs all of them and accepts no others. */
export function refuseOtherParameters(script: Script, parameters: readonly Parameter[]): void {
  const keys = script.params.map(({ key }) => decodeBase64(key))
  const givenKeys = parameters.map(({ key }) => key)
  const missing = keys.filter((key) => !givenKeys.includes(key))
  const surplus = givenKeys.filter((key, index) => !keys.includes(key) || givenKeys.indexOf(key) !== index)
  if (missing.length > 0) throw badRequest(`Parameters are missing: ${missing.join(', ')}`)
  if (surplus.length > 0) throw badRequest(`The script has no such parameters: ${surplus.join(', ')}`)
}

function targetsOf(store: CarStore, inputs: Parsed<typeof executeInputs>, test: boolean): Targets {
  const { assetIds = [], assetTagIds = [], excludedAssetIds: excludedIds = [] } = inputs
  const { testAssets = [], testTags = [] } = inputs
  const hasLabTargets = testAssets.length + testTags.length > 0
  if (!test) {
    if (hasLabTargets) throw badRequest('testAssets and testTags need testMode')
    return { assetIds, tagIds: assetTagIds, excludedIds }
  }
  if (!hasLabTargets) throw badRequest('testMode needs testAssets or testTags')
  if (assetIds.length + assetTagIds.length > 0) {
    throw badRequest('assetIds and assetTagIds cannot be given in testMode')
  }
  return {
    assetIds: labIds('asset', store.assets, testAssets),
    tagIds: labIds('tag', store.tags, testTags),
    excludedIds,
  }
}
