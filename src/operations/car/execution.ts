import { z } from 'zod'
import { id, ids, oneRecord, text, yesNo } from '../fields.ts'
import { operation } from '../operation.ts'
import { idOrHint } from '../sentences.ts'
import { keysOf, parameters, parameterWarnings, secretsOf, wireParameters } from './inputs/parameters.ts'
import {
  actsOfRun,
  assetIds,
  assetUuids,
  runOptions,
  runOptionWarnings,
  tagIds,
  tagUuids,
  validateExclusions,
  validateRunOptions,
  wireRunOptions,
} from './inputs/run-targets.ts'
import { runState } from './states/run.ts'
import { withTitle } from './states/words.ts'

export const executeScript = operation({
  name: 'car_execute_script',
  title: 'Run a script on hosts',
  description:
    'Run an approved script on hosts now, or try one on lab hosts (testMode with testAssets or testTags); a run cannot be stopped',
  route: 'POST /sm/v1/scripts/{scriptId}/execute',
  effect: 'execute',
  evidence: 'documented',
  source:
    'car/api/script_operations/execute_scripts_on_demand.htm, car/release-notes/car/release_2_5_api.htm; the shape of params is that of create',
  input: {
    scriptId: id('from car_search_scripts'),
    assetIds,
    assetTagIds: tagIds,
    excludedAssetIds: assetIds.describe('hosts to spare, from car_search_assets'),
    testMode: yesNo('evaluate on lab hosts').optional(),
    testAssets: ids('of lab hosts', 100).optional(),
    testTags: ids('of lab tags', 100).optional(),
    params: parameters.optional(),
    ...runOptions,
    description: text(1_000).optional(),
  },
  references: {
    testAsset: { ids: ({ testAssets = [] }) => testAssets, ...assetUuids },
    testTag: { ids: ({ testTags = [] }) => testTags, ...tagUuids },
  },
  request: (input, resolved) => {
    const { assetIds, assetTagIds, excludedAssetIds, testMode, testAssets, testTags, description } = input
    return {
      body: {
        testMode: testMode ?? false,
        // The page types each of these as one String of comma-separated ids.
        assetIds: assetIds?.join(','),
        assetTagIds: assetTagIds?.join(','),
        excludedAssetIds: excludedAssetIds?.join(','),
        testAssets: testAssets?.map((id) => ({ id, UUId: resolved.lookup('testAsset', id) })),
        testTags: testTags?.map((id) => ({ id, UUId: resolved.lookup('testTag', id) })),
        params: wireParameters(input.params, resolved),
        ...wireRunOptions(input),
        description,
      },
    }
  },
  ...oneRecord(z.looseObject({ correlationUuid: z.string() })),
  change: {
    validate: (input) => {
      const { assetIds, assetTagIds, excludedAssetIds, testMode, testAssets, testTags } = input
      const lab = (testAssets ?? testTags) !== undefined
      if (testMode === true && !lab)
        return 'testMode evaluates on lab hosts: pass testAssets or testTags (ids of lab hosts or tags).'
      if (testMode !== true && lab)
        return 'testAssets and testTags are for an evaluation: pass testMode: true with them.'
      if (lab && (assetIds ?? assetTagIds ?? excludedAssetIds) !== undefined)
        return 'An evaluation runs on lab hosts only: leave assetIds, assetTagIds and excludedAssetIds out.'
      if (!lab && (assetIds ?? assetTagIds) === undefined)
        return 'The run has no target: pass assetIds or assetTagIds (testMode with testAssets or testTags for lab hosts).'
      return validateExclusions(assetIds, excludedAssetIds) ?? validateRunOptions(input)
    },
    secrets: ({ scriptId, params }) => secretsOf(scriptId, params),
    targets: ({ scriptId, params, assetIds, assetTagIds, excludedAssetIds, testAssets, testTags }) => ({
      product: 'car',
      scripts: [scriptId],
      parameters: [keysOf(scriptId, params)],
      passed: [{ script: scriptId, values: params ?? [] }],
      assets: [...(assetIds ?? []), ...(testAssets ?? [])],
      tags: [...(assetTagIds ?? []), ...(testTags ?? [])],
      excludedAssets: excludedAssetIds ?? [],
      runs: 'now',
    }),
    acts: (input) => ['run', ...actsOfRun(input)],
    forHosts: ({ assetTagIds: _, excludedAssetIds: _excluded, testTags, ...input }, hosts) =>
      testTags ? { ...input, testAssets: [...hosts] } : { ...input, assetIds: [...hosts] },
    verify: 'run',
    warnings: (input) => [
      'A run cannot be stopped from here, and what the script changes on a host cannot be undone from here.',
      ...parameterWarnings(input.params),
      ...runOptionWarnings(input),
    ],
    newState: async (input, _record, _lists, shown) => runState(input, shown),
    summary: ({ correlationUuid }, { scriptId }, shown) =>
      `script ${withTitle('script', scriptId, shown)} started, correlationUuid ${idOrHint(correlationUuid, 'car_search_jobs')}`,
    next: (_, { correlationUuid }) =>
      typeof correlationUuid === 'string'
        ? 'Follow it with car_follow_run (correlationUuid and scriptId).'
        : 'Find its run with car_search_jobs and this scriptId; do not run it again.',
    recovery: 'look for a new run with car_search_jobs and this scriptId',
  },
})
