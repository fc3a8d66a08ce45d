import { describe, expect, test } from 'vitest'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'
import { settingsFrom } from '../../support/environment.ts'
import { listedOperations } from '../../support/operations/parts.ts'

type Given = Readonly<Record<string, string>>

const namesOf = (env: Given): string[] => catalogueOf(settingsFrom(env)).manifests.map(({ name }) => name)
const workflows = [
  ...['car_follow_run', 'car_compare_runs', 'car_get_output', 'car_count_jobs', 'car_count_asset_jobs'],
]
/** Reading and changing rollouts, in reading order. */
const rollouts = [
  ...['car_plan_rollout', 'car_get_rollout', 'car_hold_rollout', 'car_resume_rollout'],
  ...['car_stop_rollout', 'car_list_rollouts', 'car_plan_rerun'],
]
/** Listed with every toolset. */
const shared = 'qualys_export'
const ours: readonly string[] = [
  ...[shared, ...workflows, ...rollouts, 'saq_campaign_status', 'saq_list_recipients'],
]
const every: readonly string[] = [...ours, ...listedOperations.map(({ name }) => name)]
const runs: readonly string[] = [shared, ...workflows, 'car_search_jobs', 'car_search_asset_jobs']
const guesses = listedOperations.filter(({ evidence }) => evidence === 'guessed')
/** Tools with an effect on a guessed route. */
const risky: readonly string[] = guesses.filter(({ effect }) => effect !== 'read').map(({ name }) => name)
const usual = every.filter((name) => !risky.includes(name))
/** Regular routes follow from a rule, not from a page. */
const documented: readonly string[] = listedOperations
  .filter(({ evidence }) => evidence === 'documented')
  .map(({ name }) => name)
const status = 'qualys_status'

const selections: readonly {
  readonly name: string
  readonly env: Given
  readonly tools: readonly string[]
}[] = [
  { name: 'nothing set', env: {}, tools: usual },
  { name: 'a toolset', env: { QUALYS_TOOLSETS: 'car.runs' }, tools: runs },
  {
    name: 'a short toolset',
    env: { QUALYS_TOOLSETS: 'car' },
    tools: usual.filter((name) => name === shared || name.startsWith('car_')),
  },
  {
    name: 'the toolset of the other product',
    env: { QUALYS_TOOLSETS: 'saq' },
    tools: usual.filter((name) => name === shared || name.startsWith('saq_')),
  },
  {
    name: 'two toolsets, parted by comma or blank, in reading order',
    env: { QUALYS_TOOLSETS: 'car.reports, car.runs' },
    tools: [...runs, 'car_list_reports', 'car_download_report'],
  },
  { name: 'tools', env: { QUALYS_TOOLS: 'car_search_jobs' }, tools: ['car_search_jobs'] },
  {
    name: 'tools besides toolsets',
    env: { QUALYS_TOOLSETS: 'car.runs', QUALYS_TOOLS: 'car_search_assets' },
    tools: [...runs, 'car_search_assets'],
  },
  {
    name: 'exclusion, which wins over both',
    env: {
      QUALYS_TOOLSETS: 'car.runs',
      QUALYS_TOOLS: 'car_search_jobs',
      QUALYS_EXCLUDE_TOOLS: 'car_search_jobs',
    },
    tools: [shared, ...workflows, 'car_search_asset_jobs'],
  },
  { name: 'a workflow alone', env: { QUALYS_TOOLS: 'car_follow_run' }, tools: ['car_follow_run'] },
  {
    name: 'a toolset without its workflows',
    env: { QUALYS_TOOLSETS: 'car.runs', QUALYS_EXCLUDE_TOOLS: workflows.join(',') },
    tools: [shared, 'car_search_jobs', 'car_search_asset_jobs'],
  },
  { name: 'a guessed effect by name', env: { QUALYS_TOOLS: 'car_delete_schedule' }, tools: [] },
  {
    name: 'a guessed effect by name, with every guess',
    env: { QUALYS_TOOLS: 'car_delete_schedule', QUALYS_UNVERIFIED: 'all' },
    tools: ['car_delete_schedule'],
  },
  {
    name: 'a guessed tool by name, with documented ones only',
    env: { QUALYS_TOOLS: 'car_get_script', QUALYS_UNVERIFIED: 'none' },
    tools: [],
  },
  {
    name: 'documented ones only',
    env: { QUALYS_UNVERIFIED: 'none' },
    tools: [...ours, ...documented],
  },
  { name: 'every guess', env: { QUALYS_UNVERIFIED: 'all' }, tools: every },
]

describe('the list respects the settings', () => {
  test.each(selections)('$name', ({ env, tools }) => {
    expect(namesOf(env)).toEqual([status, ...tools])
  })

  test.each(selections)('$name: the other tools are withheld', ({ env, tools }) => {
    const { withheldTools: withheld } = catalogueOf(settingsFrom(env))
    expect([...withheld.keys()]).toEqual(every.filter((name) => !tools.includes(name)))
  })

  test('read-only lists no tool with an effect', () => {
    const { manifests: listings } = catalogueOf(
      settingsFrom({ QUALYS_MODE: 'read-only', QUALYS_UNVERIFIED: 'all' }),
    )
    expect(listings.filter(({ effect }) => effect !== 'read')).toEqual([])
    const reads = listedOperations.filter(({ effect }) => effect === 'read').map(({ name }) => name)
    const readable = ours.filter((name) => !rollouts.includes(name) || /get|list/.test(name))
    expect(listings.map(({ name }) => name)).toEqual([status, ...readable, ...reads])
  })

  test('our own tools may be excluded', () => {
    expect(namesOf({ QUALYS_EXCLUDE_TOOLS: status })).toEqual(usual)
  })
})

describe('the setting that is named', () => {
  test.each([
    { tool: 'car_get_script', env: { QUALYS_UNVERIFIED: 'none' }, by: 'QUALYS_UNVERIFIED=none' },
    { tool: 'car_delete_schedule', env: {}, by: 'QUALYS_UNVERIFIED=reads' },
    { tool: 'car_follow_run', env: { QUALYS_TOOLSETS: 'car.assets' }, by: 'QUALYS_TOOLSETS' },
    { tool: 'car_execute_script', env: { QUALYS_MODE: 'read-only' }, by: 'QUALYS_MODE=read-only' },
    {
      tool: 'car_execute_script',
      env: { QUALYS_MODE: 'read-only', QUALYS_TOOLS: 'car_execute_script' },
      by: 'QUALYS_MODE=read-only',
    },
    { tool: 'car_search_jobs', env: { QUALYS_TOOLSETS: 'car.assets' }, by: 'QUALYS_TOOLSETS' },
    { tool: 'car_search_jobs', env: { QUALYS_TOOLS: 'car_get_script' }, by: 'QUALYS_TOOLS' },
    {
      tool: 'car_get_script',
      env: { QUALYS_TOOLSETS: 'car.assets', QUALYS_UNVERIFIED: 'none' },
      by: 'QUALYS_TOOLSETS',
    },
    {
      tool: 'car_get_script',
      env: {
        QUALYS_EXCLUDE_TOOLS: 'car_get_script',
        QUALYS_TOOLSETS: 'car.assets',
        QUALYS_UNVERIFIED: 'none',
      },
      by: 'QUALYS_EXCLUDE_TOOLS',
    },
  ])('$tool under $env: $by', ({ tool, env, by }) => {
    expect(catalogueOf(settingsFrom(env)).withheldTools.get(tool)).toBe(by)
  })
})
