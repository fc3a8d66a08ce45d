import { describe, expect, test } from 'vitest'
import { searchAssets, searchAssetTags } from '../../../src/operations/car/assets.ts'
import { completeRows } from '../../../src/operations/car/schedules/complete.ts'
import { scheduleFilters } from '../../../src/operations/car/schedules/filters.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { HostTargets } from '../../../src/operations/reads/host-counts.ts'
import type { Reads, RowTest } from '../../../src/operations/reads/local-filter.ts'
import { noLists } from '../../support/lists/no-lists.ts'

// What records of schedules may show of their targets, and what follows for filters and for the column of targets.

type Row = Readonly<Record<string, unknown>>

const uuid = (digit: number): string => `0479cf1f-0000-4000-8000-00000000000${digit}`

const tags: readonly Row[] = [
  { id: '7', tagId: 7, tagUuid: uuid(7), name: 'Servers' },
  { id: '8', tagId: 8, tagUuid: uuid(8), name: 'DMZ' },
  { id: '9', tagId: 9, tagUuid: uuid(9), name: 'Pilot' },
]

/** Lists of an account with these rows. */
function listsWith(rows: {
  readonly hosts?: readonly Row[]
  readonly tags?: readonly Row[]
}): Reads<Operation> {
  const rowsOf = (list: Operation): readonly Row[] =>
    (list === searchAssets ? rows.hosts : list === searchAssetTags ? rows.tags : []) ?? []
  return {
    ...noLists,
    find: async (list, ids) =>
      new Map(
        rowsOf(list).flatMap((row) => (ids.includes(String(row['id'])) ? [[String(row['id']), row]] : [])),
      ),
    async *walk(list) {
      yield rowsOf(list)
    },
    whole: async (list) => rowsOf(list),
    recent: rowsOf,
    countHosts: async (targets: readonly HostTargets[]) =>
      targets.map(({ assets }) => ({ hosts: assets.length })),
    now: Date.UTC(2027, 0, 1),
  }
}

type FilterName = keyof typeof scheduleFilters

const prepare = (name: FilterName, value: unknown, lists = listsWith({ tags })): Promise<RowTest> =>
  Promise.resolve(scheduleFilters[name].prepare(value as never, lists, {}))

const noTargets = { assets: [], assetTags: [], excludedAssets: [], allTagsForAssetsEnabled: false }

describe('scripts', () => {
  test.each<[unknown, boolean | undefined]>([
    [[{ id: 19218, title: 'Backup' }], true],
    [[{ id: '19218' }], true],
    [[{ id: 1 }, { id: '019218' }], true],
    [[19218], true],
    [['1'], false],
    [[], false],
    [null, false],
    [[{ id: 1 }, { title: 'Backup' }], undefined],
    [undefined, undefined],
    ['19218', undefined],
    [{ id: 19218 }, undefined],
  ])('%j: %s', async (scripts, verdict) => {
    const { test: passes } = await prepare('scriptId', '19218')
    expect(passes?.({ scripts })).toBe(verdict)
  })
})

describe('a tag', () => {
  test.each<[unknown, boolean | undefined]>([
    [[{ id: 7, UUId: uuid(7) }], true],
    [[{ id: '7' }], true],
    [[{ UUId: uuid(7).toUpperCase() }], true],
    [[{ uuid: uuid(7) }], true],
    [[{ tagUuid: uuid(7) }], true],
    [[{ id: uuid(7) }], true],
    [[uuid(7)], true],
    [['7', '8'], true],
    [[{ name: 'Servers' }], true],
    [[{ name: 'DMZ' }], false],
    [[{ id: 8, name: 'Servers' }], false],
    [[uuid(8)], false],
    [[], false],
    [null, false],
    [[{}], undefined],
    [undefined, undefined],
  ])('%j: %s', async (assetTags, verdict) => {
    const { test: passes } = await prepare('tagId', '7')
    expect(passes?.({ assetTags })).toBe(verdict)
  })

  test('is found by its name, and by another number', async () => {
    const lists = listsWith({ tags: [...tags, { id: '17', tagId: 70_017, name: 'Two numbers' }] })
    for (const input of ['two numbers', '17', '70017']) {
      const { test: passes } = await prepare('tagId', input, lists)
      expect(passes?.({ assetTags: [{ id: 70_017 }] })).toBe(true)
      expect(passes?.({ assetTags: [{ id: 17 }] })).toBe(true)
      expect(passes?.({ assetTags: [{ id: 8 }] })).toBe(false)
    }
  })

  test('is said to be in no list', async () => {
    const { notes } = await prepare('tagId', 'Nowhere')
    expect(notes?.()).toEqual([expect.stringMatching(/^No list of tags shows the name "Nowhere".*alone\.$/)])
  })

  test.each(['scriptId', 'assetId'] as const)('%s is no name', (name) => {
    const { input } = scheduleFilters[name]
    for (const id of ['7', 7, uuid(7)]) expect(input.safeParse(id).success).toBe(true)
    expect(input.safeParse('backup').error?.issues[0]?.message).toMatch(
      /^must be the id that car_search_(scripts|assets) shows \(its match finds names\)$/,
    )
  })

  test('that no list shows is still found by its id, and by nothing else', async () => {
    const { test: passes } = await prepare('tagId', '7', listsWith({}))
    expect(passes?.({ assetTags: [{ id: 7 }] })).toBe(true)
    expect(passes?.({ assetTags: [{ id: 8 }] })).toBe(false)
    expect(passes?.({ assetTags: [{ UUId: uuid(7) }] })).toBeUndefined()
  })
})

describe('a host', () => {
  const forms: readonly (readonly [string, unknown])[] = [
    [
      'by id and name',
      [
        { id: '7', name: 'Servers' },
        { id: '8', name: 'DMZ' },
      ],
    ],
    ['by UUID', [uuid(7), uuid(8)]],
    ['by UUID as id', [{ id: uuid(7) }, { id: uuid(8) }]],
    ['by name', [{ name: 'Servers' }, { name: 'DMZ' }]],
    ['by number', [7, 8]],
  ]

  test.each(forms)('with tags %s', async (_name, ownTags) => {
    const hosts = [{ id: '5', agentUuid: uuid(5), tags: ownTags }]
    const lists = listsWith({ hosts, tags })
    const { test: passes } = await prepare('assetId', '5', lists)
    const verdict = async (fields: Row) => {
      // Rows have the names of their tags before they are tested.
      const [row = {}] = await completeRows([{ ...noTargets, ...fields }], lists)
      return passes?.(row)
    }
    expect(await verdict({ assetTags: [{ id: 7 }] })).toBe(true)
    expect(await verdict({ assetTags: [{ id: 9 }] })).toBe(false)
    expect(await verdict({ assetTags: [{ UUId: uuid(8) }, { id: 9 }] })).toBe(true)
    expect(await verdict({ assetTags: [{ id: 7 }, { id: 9 }], allTagsForAssetsEnabled: true })).toBe(false)
    expect(await verdict({ assetTags: [{ id: 7 }, { id: 8 }], allTagsForAssetsEnabled: true })).toBe(true)
    expect(
      await verdict({ assetTags: [{ id: 7 }, { id: 9 }], allTagsForAssetsEnabled: undefined }),
    ).toBeUndefined()
    expect(await verdict({ assetTags: [{ id: 7 }, { id: 8 }], allTagsForAssetsEnabled: undefined })).toBe(
      true,
    )
    expect(await verdict({ assets: [{ id: 5 }] })).toBe(true)
    expect(await verdict({ assets: [{ UUId: uuid(5) }] })).toBe(true)
    expect(await verdict({ assets: [{ id: 6, UUId: uuid(6) }] })).toBe(false)
    expect(await verdict({ assetTags: [{ id: 7 }], excludedAssets: [{ UUId: uuid(5) }] })).toBe(false)
    expect(await verdict({ assetTags: [{ id: 7 }], excludedAssets: undefined })).toBeUndefined()
    expect(await verdict({ assets: undefined, assetTags: [{ id: 7 }] })).toBe(true)
    expect(await verdict({ assets: undefined, assetTags: [{ id: 9 }] })).toBeUndefined()
    expect(await verdict({ assetTags: undefined })).toBeUndefined()
    expect(passes?.({})).toBeUndefined()
  })

  test.each<[string, readonly Row[]]>([
    ['that no list shows', []],
    ['without tags in its record', [{ id: '5' }]],
    ['with null for its tags', [{ id: '5', tags: null }]],
    ['with tags in another form', [{ id: '5', tags: 'Servers' }]],
    ['with tags of which nothing is shown', [{ id: '5', tags: [{}] }]],
  ])('%s leaves schedules with tags unknown', async (_name, hosts) => {
    const { test: passes } = await prepare('assetId', '5', listsWith({ hosts, tags }))
    expect(passes?.({ ...noTargets, assetTags: [{ id: 7 }] })).toBeUndefined()
    expect(passes?.({ ...noTargets, assets: [{ id: 5 }] })).toBe(true)
    expect(passes?.({ ...noTargets, assets: [{ id: 6 }] })).toBe(false)
  })
})

describe('whether they are switched on', () => {
  test.each<[unknown, boolean | undefined]>([
    [true, true],
    [false, false],
    [undefined, undefined],
    [null, undefined],
    ['on', undefined],
  ])('%j: %s', async (activate, verdict) => {
    expect((await prepare('active', true)).test?.({ activate })).toBe(verdict)
    const opposite = verdict === undefined ? undefined : !verdict
    expect((await prepare('active', false)).test?.({ activate })).toBe(opposite)
  })
})

describe('the column of targets', () => {
  const targets = async (row: Row, hosts: readonly Row[] = []): Promise<unknown> =>
    (await completeRows([row], listsWith({ hosts, tags })))[0]?.['targets']

  test.each<[Row, string | undefined]>([
    [{ ...noTargets, assetTags: [{ id: 7, UUId: uuid(7) }] }, 'Servers (7)'],
    [{ ...noTargets, assetTags: [uuid(7)] }, 'Servers (7)'],
    [{ ...noTargets, assetTags: [{ id: 70 }] }, 'tag 70'],
    [{ ...noTargets, assetTags: [{}] }, 'tag without id'],
    [{ ...noTargets, assetTags: [7, 8], assets: [{ id: 5 }] }, 'Servers (7), DMZ (8), host 5'],
    [{ ...noTargets, assetTags: [7, 8], allTagsForAssetsEnabled: true }, 'Servers (7) + DMZ (8)'],
    [{ ...noTargets, assets: [1, 2, 3, 4, 5, 6] }, 'host 1, host 2, host 3 and 3 more'],
    [{ ...noTargets, assetTags: [7, 8, 9], assets: [1] }, 'Servers (7), DMZ (8), Pilot (9) and 1 more'],
    [{ ...noTargets, assetTags: [7], excludedAssets: [1, 2] }, 'Servers (7) without 2 excluded'],
    [{ assetTags: [7] }, 'Servers (7)'],
    [noTargets, 'none'],
    [{ assets: [] }, undefined],
    [{ assets: null, assetTags: null }, 'none'],
    [{}, undefined],
  ])('%j: %s', async (row, text) => expect(await targets(row)).toBe(text))

  test('names hosts that pages showed lately', async () => {
    expect(await targets({ ...noTargets, assets: [5, 6] }, [{ id: '5', name: 'web-01' }])).toBe(
      'host web-01 (5), host 6',
    )
  })

  test('leaves a record as it is, but for the names of its tags', async () => {
    const row = { id: 'a', assetTags: [{ id: 7, UUId: uuid(7) }, 8, { id: 70, more: 'x' }], other: { a: 1 } }
    const [completed] = await completeRows([row], listsWith({ tags }))
    expect(completed).toMatchObject({ id: 'a', other: { a: 1 }, nextRun: 'unknown' })
    expect(completed?.['assetTags']).toEqual([
      { id: 7, UUId: uuid(7), name: 'Servers' },
      { id: '8', name: 'DMZ' },
      { id: 70, more: 'x' },
    ])
  })
})

describe('how many hosts are reached', () => {
  const counted = async (rows: readonly Row[]) => {
    const { extend, notes, ...others } = await prepare('countHosts', true)
    const answers = await extend?.rows(rows, true)
    return {
      hosts: answers?.map((row) => typeof row === 'object' && row['hosts']),
      notes: notes?.() ?? [],
      others,
    }
  }

  test('is unknown where a record does not show its targets, and each reason is said once', async () => {
    const { hosts, notes, others } = await counted([
      { ...noTargets, assets: [1, 2] },
      {},
      { ...noTargets, excludedAssets: undefined },
      { ...noTargets, assetTags: [{ name: 'Servers' }] },
      { ...noTargets, assetTags: [7, 8], allTagsForAssetsEnabled: null },
      { ...noTargets, assets: [1], allTagsForAssetsEnabled: null },
    ])
    expect(hosts).toEqual([2, 'unknown', 'unknown', 'unknown', 'unknown', 1])
    expect(notes).toEqual([
      'Why hosts are unknown: a schedule does not show all its targets; a schedule names a target without its id; a schedule does not show whether a host needs all of its tags.',
    ])
    expect(others).toMatchObject({ dropsNone: true, moreColumns: ['hosts'] })
  })

  test('is counted for 50 schedules of a page, and for all of an export', async () => {
    const rows = Array<Row>(50).fill({ ...noTargets, assets: [1] })
    for (const [mayStop, second] of [
      [true, 0],
      [false, 50],
    ] as const) {
      const { extend } = await prepare('countHosts', true)
      expect(extend?.batchSize).toBe(50)
      expect(await extend?.rows(rows, mayStop)).toHaveLength(50)
      expect(await extend?.rows(rows, mayStop)).toHaveLength(second)
    }
  })

  test('is not counted with false', async () => {
    expect(await prepare('countHosts', false)).toEqual({ dropsNone: true })
  })
})
