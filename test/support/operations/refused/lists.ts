import { validRun } from './runs.ts'
import { validSchedule } from './schedules.ts'
import { scriptWithoutSubType, validScript } from './scripts.ts'

/** Arguments that are lists, on tools with an effect. */
export type ListCalls = readonly (readonly [
  tool: string,
  argument: string,
  args: (list: readonly unknown[]) => object,
])[]

export const idLists: ListCalls = [
  ['car_execute_script', 'assetIds', (assetIds) => ({ scriptId: 19218, assetIds })],
  ['car_execute_script', 'assetTagIds', (assetTagIds) => ({ scriptId: 19218, assetTagIds })],
  ['car_execute_script', 'excludedAssetIds', (excludedAssetIds) => ({ ...validRun, excludedAssetIds })],
  ['car_execute_script', 'testAssets', (testAssets) => ({ scriptId: 19218, testMode: true, testAssets })],
  ['car_create_schedule', 'assets', (assets) => ({ ...validSchedule, assets })],
  ['car_delete_blocked_commands', 'commandIds', (commandIds) => ({ commandIds })],
  ['car_block_assets', 'assetIds', (ids) => ({ assetIds: ids })],
  ['car_delete_invalid_asset_jobs', 'ids', (ids) => ({ ids })],
]

export const otherLists: ListCalls = [
  ['car_execute_script', 'params', (params) => ({ ...validRun, params })],
  ['car_create_script', 'params', (params) => ({ ...validScript, params })],
  [
    'car_create_script',
    'tech',
    (tech) => ({ ...scriptWithoutSubType, typeId: 3, authorScriptsMetadata: { cid: '1', tech } }),
  ],
  ['car_create_schedule', 'scripts', (scripts) => ({ ...validSchedule, scripts })],
  ['car_add_blocked_commands', 'commands', (commands) => ({ languageId: 201, commands })],
]
