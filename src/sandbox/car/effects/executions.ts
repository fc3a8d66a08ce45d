import type { Script } from '../../data/car/rows.ts'
import {
  anyText,
  commaIds,
  doer,
  flag,
  flagOrText,
  list,
  madeUp,
  oneOf,
  type Parameter,
  parameter,
  type Read,
  reference,
  whole,
} from '../../http/body-schema.ts'
import { callerOf, demand } from '../../http/permission.ts'
import { badRequest, bodyAlone, type Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'
import { scriptById } from '../scripts.ts'
import { labIds, runnableAssets, type Targets } from './targets.ts'

/** execute_scripts_on_demand.htm, release_2_5_api.htm; no copy shows params. */
export const executeInputs = {
  assetIds: commaIds,
  assetTagIds: commaIds,
  excludedAssetIds: commaIds,
  testMode: flagOrText,
  testAssets: list(reference),
  testTags: list(reference),
  executionPolicyBypassEnabled: flag,
  user: doer,
  description: anyText,
  rebootAfterScriptExecution: flag,
  rebootDelayInSeconds: whole(0),
  rebootDelayTimeUnit: oneOf('hours', 'minutes', 'seconds'),
  params: madeUp(list(parameter)),
}

/** Executes scripts. The results are scheduled on the world's agenda. */
export function executionRoutes(world: World): RouteTable {
  return { 'POST /sm/v1/scripts/{scriptId}/execute': documented((call) => executed(world, call)) }
}

function executed(world: World, call: Call): Reply {
  const { store, knobs, runs } = world
  const account = callerOf(call)
  const inputs = readInputs(world, call, executeInputs)
  const { testMode: test = false, params = [] } = inputs
  demand(account, test ? 'script evaluate' : 'script execute')
  const script = scriptById(store.scripts, call.params['scriptId'] ?? '')
  refuseUnready(script, test)
  refuseOtherParameters(script, params)
  const assets = runnableAssets(store, targetsOf(world, inputs, test))
  if (runs.countOn(world.now(), account) >= knobs.executionsPerDay) {
    throw badRequest(`You can execute scripts ${knobs.executionsPerDay} times a day`)
  }
  const { testMode: _, params: __, ...asked } = inputs
  const order = { script, assets, test, account, asked: { ...asked, params: params.map(({ key }) => key) } }
  return bodyAlone({ correlationUuid: runs.start(order).correlationUuid })
}

/**
 * "It cannot be executed unless it is approved" (script_status.htm); before that it can be tested on lab
 * assets.
 */
function refuseUnready({ status, title }: Script, test: boolean): void {
  const dead = status === 'REJECTED' || status === 'DEPRECATED'
  if (dead || (status !== 'APPROVED' && !test)) {
    throw badRequest(`Script ${title} cannot be executed: its status is ${status}`)
  }
}

/** A script with parameters needs all of them and accepts no others. */
export function refuseOtherParameters(script: Script, given: readonly Parameter[]): void {
  const keys = script.params.map(({ key }) => Buffer.from(key, 'base64').toString('utf8'))
  const named = given.map(({ key }) => key)
  const missing = keys.filter((key) => !named.includes(key))
  const surplus = named.filter((key, place) => !keys.includes(key) || named.indexOf(key) !== place)
  if (missing.length > 0) throw badRequest(`Parameters are missing: ${missing.join(', ')}`)
  if (surplus.length > 0) throw badRequest(`The script has no such parameters: ${surplus.join(', ')}`)
}

function targetsOf({ store }: World, inputs: Read<typeof executeInputs>, test: boolean): Targets {
  const { assetIds = [], assetTagIds = [], excludedAssetIds: excludedIds = [] } = inputs
  const { testAssets = [], testTags = [] } = inputs
  const lab = testAssets.length + testTags.length > 0
  if (!test) {
    if (lab) throw badRequest('testAssets and testTags need testMode')
    return { assetIds, tagIds: assetTagIds, excludedIds }
  }
  if (!lab) throw badRequest('testMode needs testAssets or testTags')
  if (assetIds.length + assetTagIds.length > 0) {
    throw badRequest('assetIds and assetTagIds cannot be given in testMode')
  }
  return {
    assetIds: labIds('asset', store.assets, testAssets),
    tagIds: labIds('tag', store.tags, testTags),
    excludedIds,
  }
}
