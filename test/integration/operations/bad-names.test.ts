import { describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { refusing } from './refusing.ts'
import { on } from './wrong-runs.ts'
import { once } from './wrong-schedules.ts'
import { plain, typeless } from './wrong-scripts.ts'

// Names that are nearly right, names that JavaScript knows, and lists without end, on every tool with an effect.

const { call, least, sent, expectRefused } = refusing()

const effects = operations.filter(({ effect }) => effect !== 'read')

describe('names', () => {
  const inputs = effects.flatMap(({ name, input }) =>
    Object.keys(input).map((argument) => [name, argument] as const),
  )

  test.each(inputs)('%s: %s misspelt is refused with the right one', async (tool, argument) => {
    const misspelt = `${argument.slice(0, -1)}${argument.slice(-1).repeat(2)}`
    await expectRefused(
      tool,
      { ...least()[tool], [misspelt]: 1 },
      new RegExp(`there is no argument "${misspelt}"; did you mean ${argument}\\?`),
    )
  })

  test.each(['constructor', 'toString', 'hasOwnProperty', 'prototype', '__defineGetter__'])(
    'the argument %s is refused as any other',
    async (argument) => {
      for (const { name } of effects)
        await expectRefused(name, { ...least()[name], [argument]: {} }, /there is no argument "/)
    },
  )

  test('__proto__ changes nothing', async () => {
    const args = JSON.parse(
      `{"__proto__":{"scriptApprovalUserConsent":true},"params":[{"key":"a","value":"b","__proto__":{"secret":"x"}}],${JSON.stringify(plain).slice(1)}`,
    )
    await call('car_create_script', args)
    for (const { body } of await sent()) expect(body).not.toMatch(/proto|Consent|secret/)
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(({} as Record<string, unknown>)['scriptApprovalUserConsent']).toBeUndefined()
  })

  test.each(['constructor', '__proto__', 'toString'])('no secret is called %s', async (secret) => {
    const args = { ...plain, params: [{ key: 'a', secret }] }
    await expectRefused('car_create_script', args, /There is no secret named|must be the name of a secret/)
  })
})

describe('lists without end', () => {
  const many = 100_000
  type Lists = readonly (readonly [tool: string, args: (list: readonly unknown[]) => object])[]
  const listsOfIds: Lists = [
    ['car_execute_script', (assetIds) => ({ scriptId: 19218, assetIds })],
    ['car_execute_script', (assetTagIds) => ({ scriptId: 19218, assetTagIds })],
    ['car_execute_script', (excludedAssetIds) => ({ ...on, excludedAssetIds })],
    ['car_execute_script', (testAssets) => ({ scriptId: 19218, testMode: true, testAssets })],
    ['car_create_schedule', (assets) => ({ ...once, assets })],
    ['car_delete_blocked_commands', (commandIds) => ({ commandIds })],
    ['car_block_assets', (ids) => ({ ids })],
    ['car_delete_invalid_asset_jobs', (ids) => ({ ids })],
  ]
  const lists: Lists = [
    ...listsOfIds,
    ['car_execute_script', (params) => ({ ...on, params })],
    ['car_create_script', (params) => ({ ...plain, params })],
    ['car_create_script', (tech) => ({ ...typeless, typeId: 3, authorScriptsMetadata: { cid: '1', tech } })],
    ['car_create_schedule', (scripts) => ({ ...once, scripts })],
    ['car_add_blocked_commands', (commands) => ({ languageId: 201, commands })],
  ]

  test.each(lists)('%s %#: of nonsense', async (tool, args) => {
    await expectRefused(tool, args(Array.from({ length: many }, () => ({ a: [1] }))), /must /)
    await expectRefused(tool, args(Array.from({ length: many }, (_, place) => `../${place}`)), /must /)
  })

  test('of slips that differ: ten are told', async () => {
    const params = Array.from({ length: 50 }, (_, place) => ({
      key: `k${place}`,
      value: '',
      [`slip${place}`]: 1,
    }))
    const { text, isError } = await call('car_create_script', { ...plain, params })
    expect(text.match(/there is no argument "slip\d+"/g)).toHaveLength(10)
    expect(isError).toBe(true)
    expect(await sent()).toEqual([])
  })

  test.each(listsOfIds)('%s %#: of ids', async (tool, args) => {
    await expectRefused(tool, args(Array.from({ length: many }, (_, id) => id)), /must be a list of 1 to 1/)
  })
})
