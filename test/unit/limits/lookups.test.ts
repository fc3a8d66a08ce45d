import { describe, expect, test } from 'vitest'
import type { CarEffectTargets } from '../../../src/operations/effects/effect-targets.ts'
import { InputError, SetupError, VendorError } from '../../../src/shared/errors.ts'
import { idsIn, lookUpCarTargets, readSchedule } from '../../../src/tools/effects/targets/car-targets.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'

// The targets of an effect are looked up: by id, in lists, and as they are now.

const lookAt = (session: MemorySession, signal = new AbortController().signal) => ({
  session: session.asSession,
  signal,
})
type CarTargetIds = Omit<CarEffectTargets, 'product'>

const lookUp = (named: CarTargetIds, replies: Replies) => lookUpIn(new MemorySession(replies), named)
const lookUpIn = (session: MemorySession, named: CarTargetIds, signal?: AbortSignal) =>
  lookUpCarTargets({ product: 'car', ...named }, lookAt(session, signal))
const fail = (error: Error) => (): never => {
  throw error
}
const noSuchId = fail(new InputError('there is no such id', 'Pass another.'))
const failing = fail(new VendorError('away', ''))

describe('ids in a list', () => {
  test.each<readonly [string, unknown, string[] | undefined]>([
    ['objects', [{ id: 1 }, { id: 'a', more: 2 }], ['1', 'a']],
    ['bare', [1, 'a'], ['1', 'a']],
    ['none', [], []],
    ['a text', 'a', undefined],
    ['an object', { id: 1 }, undefined],
    ['null', null, undefined],
    ['nothing', undefined, undefined],
    ['an object without one', [{ id: 1 }, {}], undefined],
    ['an invalid id', [{ id: { toString: 1 } }], undefined],
    ['null among them', [1, null], undefined],
    ['a boolean', [true], undefined],
  ])('%s', (_what, value, ids) => {
    expect(idsIn(value)).toEqual(ids)
  })
})

describe('a script', () => {
  const list = [{ id: '5', title: 'listed' }]
  const record = { id: '5', title: 'got' }

  test.each<readonly [string, Replies, string | undefined]>([
    ['by its id', { car_get_script: record }, 'got'],
    [
      'from the list, where the record is another',
      { car_get_script: { id: '6' }, car_search_scripts: list },
      'listed',
    ],
    [
      'from the list, where the id is denied',
      { car_get_script: noSuchId, car_search_scripts: list },
      'listed',
    ],
    [
      'from the list, where nothing is answered',
      { car_get_script: failing, car_search_scripts: list },
      'listed',
    ],
    ['nowhere', { car_get_script: { id: '6' }, car_search_scripts: [{ id: '7' }] }, undefined],
    [
      'nowhere, where nothing is answered',
      { car_get_script: failing, car_search_scripts: failing },
      undefined,
    ],
  ])('is found %s', async (_what, replies, title) => {
    const { scripts } = await lookUp({ scripts: ['5'] }, replies)
    expect(scripts.map(({ id, row }) => [id, row?.['title']])).toEqual([['5', title]])
  })

  test.each<readonly [string, Replies]>([
    ['both deny it', { car_get_script: noSuchId, car_search_scripts: [] }],
    ['one denies it, and the list cannot be read', { car_get_script: noSuchId, car_search_scripts: failing }],
  ])('is an input error where %s', async (_what, replies) => {
    await expect(lookUp({ scripts: ['5'] }, replies)).rejects.toThrow('there is no such id')
  })

  test.each(['Title', 'x-1', '1a', ''])('is not looked up by a name: %j', async (name) => {
    await expect(lookUp({ scripts: ['5', name] }, {})).rejects.toThrow(`"${name}" is no id of a script.`)
    await expect(lookUp({ scripts: [name] }, {})).rejects.toMatchObject({
      next: 'Pass the number that car_search_scripts shows (its match finds names).',
    })
  })

  test('with a bug is a bug', async () => {
    const replies = { car_get_script: fail(new TypeError('x is no function')) }
    await expect(lookUp({ scripts: ['5'] }, replies)).rejects.toThrow(TypeError)
  })
})

describe('a schedule', () => {
  test('is looked up each time, with the scripts it runs', async () => {
    const session = new MemorySession({
      car_get_schedule: { id: 'a', scripts: [{ id: 5 }, { id: 5 }, { id: 6 }] },
      car_get_script: ({ scriptId }) => ({ id: scriptId, title: `t${scriptId}` }),
    })
    const seen = await lookUpIn(session, { schedules: ['a'] })
    expect(seen.schedules.map(({ id }) => id)).toEqual(['a'])
    expect(seen.scripts.map(({ row }) => row?.['title'])).toEqual(['t5', 't6'])
    await readSchedule(lookAt(session), 'a')
    expect(session.times('car_get_schedule')).toBe(2)
  })

  test('is what Qualys answers for its path, whatever id it shows', async () => {
    const seen = await lookUp(
      { schedules: ['a'], scripts: [] },
      { car_get_schedule: { id: 'b', title: 'T' } },
    )
    expect(seen.schedules).toMatchObject([{ id: 'a', row: { title: 'T' } }])
  })

  test('shows no scripts besides those that the call names', async () => {
    const replies = {
      car_get_schedule: { id: 'a', scripts: [{ id: 5 }] },
      car_get_script: ({ scriptId }: { readonly scriptId?: unknown }) => ({ id: scriptId }),
    }
    const seen = await lookUp({ schedules: ['a'], scripts: ['9'] }, replies)
    expect(seen.scripts.map(({ id }) => id)).toEqual(['9'])
  })

  test.each([20, 21])('of %i scripts shows twenty', async (count) => {
    const scripts = Array.from({ length: count }, (_, at) => ({ id: at + 1 }))
    const replies = {
      car_get_schedule: { id: 'a', scripts },
      car_get_script: ({ scriptId }: { readonly scriptId?: unknown }) => ({ id: scriptId }),
    }
    expect((await lookUp({ schedules: ['a'] }, replies)).scripts).toHaveLength(20)
  })

  test('whose scripts are not found shows their ids', async () => {
    const replies = {
      car_get_schedule: { id: 'a', scripts: [{ id: 5 }] },
      car_get_script: noSuchId,
      car_search_scripts: [],
    }
    expect((await lookUp({ schedules: ['a'] }, replies)).scripts).toEqual([{ id: '5' }])
  })
})

describe('hosts and tags', () => {
  test('are looked up in their lists, the excluded ones too', async () => {
    const replies = {
      car_search_assets: [
        { id: 1, name: 'one' },
        { id: 3, name: 'three' },
      ],
      car_search_asset_tags: [{ id: '11', name: 'Red' }],
    }
    const seen = await lookUp({ assets: ['1', '2'], excludedAssets: ['3'], tags: ['11'] }, replies)
    expect(seen.assets).toMatchObject([{ id: '1', row: { name: 'one' } }, { id: '2' }])
    expect(seen.assets[1]).not.toHaveProperty('row')
    expect(seen.excludedAssets).toMatchObject([{ id: '3', row: { name: 'three' } }])
    expect(seen.tags).toMatchObject([{ id: '11', row: { name: 'Red' } }])
  })

  test('that cannot be listed are shown by id', async () => {
    const replies = { car_search_assets: fail(new SetupError('No.', '')), car_search_asset_tags: failing }
    const seen = await lookUp({ assets: ['1'], tags: ['11'] }, replies)
    expect([...seen.assets, ...seen.tags]).toEqual([{ id: '1' }, { id: '11' }])
  })

  test.each<readonly [CarTargetIds, string, string]>([
    [{ assets: ['host-1'] }, 'host', 'car_search_assets'],
    [{ assets: ['1'], excludedAssets: ['host-1'] }, 'host', 'car_search_assets'],
    [{ tags: ['host-1'] }, 'tag', 'car_search_asset_tags'],
  ])('are not looked up by a name: %j', async (touched, noun, list) => {
    await expect(lookUp(touched, {})).rejects.toMatchObject({
      message: `"host-1" is no id of a ${noun}.`,
      next: `Pass the number that ${list} shows (its match finds names).`,
    })
  })

  test('that no argument names are not looked up', async () => {
    const session = new MemorySession({})
    expect(await lookUpIn(session, {})).toEqual({
      product: 'car',
      named: { product: 'car' },
      scripts: [],
      schedules: [],
      assets: [],
      tags: [],
      excludedAssets: [],
      stored: undefined,
      records: [],
      activeSchedules: [],
    })
    expect(session.calls).toEqual([])
  })
})

test('shown values are redacted, compared ones are not', async () => {
  const session = new MemorySession({ car_get_script: { id: '5', title: 'my password1' } }, (text) =>
    text.replaceAll('password1', '[masked-by-qualys-mcp]'),
  )
  const { scripts } = await lookUpIn(session, { scripts: ['5'] })
  expect(scripts).toEqual([
    {
      id: '5',
      row: { id: '5', title: 'my [masked-by-qualys-mcp]' },
      raw: { id: '5', title: 'my password1' },
    },
  ])
})

test.each<readonly [string, CarTargetIds, Replies]>([
  ['a record', { scripts: ['5'] }, { car_get_script: failing, car_search_scripts: [] }],
  ['a list', { assets: ['5'] }, { car_search_assets: failing }],
  ['the schedules', { runsBySchedules: true }, { car_search_schedules: failing }],
])('a cancelled call is not answered with "not found": %s', async (_what, touched, replies) => {
  const ending = new AbortController()
  const cancelling = Object.fromEntries(
    Object.entries(replies).map(([name, reply]) => [
      name,
      () => {
        ending.abort(new Error('cancelled'))
        if (typeof reply === 'function') return reply({})
        return reply
      },
    ]),
  )
  await expect(lookUpIn(new MemorySession(cancelling), touched, ending.signal)).rejects.toThrow('cancelled')
})
