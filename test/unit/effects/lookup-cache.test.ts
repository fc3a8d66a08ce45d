import { describe, expect, test } from 'vitest'
import { searchAssets, searchAssetTags } from '../../../src/operations/car/assets.ts'
import { listScriptTypes } from '../../../src/operations/car/scripts.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Row } from '../../../src/session/answer.ts'
import type { WalkBatch } from '../../../src/session/paging/walk.ts'
import { LookupCache } from '../../../src/session/requests/lookup-cache.ts'
import { InputError, VendorError } from '../../../src/shared/errors.ts'

// Look-ups by id: rows that lists showed lately, and requests for others.

/** How a list answers: by its filter for ids, and with how many rows at a time. */
type Filter = 'exact' | 'refused' | 'ignored' | 'nothing' | 'broken'

/** A list in memory with counted requests, and a clock that the test advances. */
class MemoryList {
  rows: Row[]
  filter: Filter = 'exact'
  /** The token that finds rows by id. */
  token = 'id'
  batch = 1_000
  now = 0
  /** The filter of every request, or undefined. */
  readonly requests: (string | undefined)[] = []
  readonly directory = new LookupCache(() => this.now)
  readonly operation: Operation

  constructor(rows: readonly Row[], operation: Operation = searchAssets) {
    this.rows = [...rows]
    this.operation = operation
  }

  find(ids: readonly string[], fresh = false): Promise<ReadonlyMap<string, Row>> {
    return this.directory.find(this.operation, ids, (_, args) => this.#walk(args['filter']), fresh)
  }

  async names(ids: readonly string[], fresh = false): Promise<unknown[]> {
    const found = await this.find(ids, fresh)
    return ids.map((id) => found.get(id)?.['name'])
  }

  async *#walk(filter: unknown): AsyncGenerator<WalkBatch, void, void> {
    const rows = this.#matching(filter)
    for (let from = 0; from === 0 || from < rows.length; from += this.batch) {
      this.requests.push(filter as string | undefined)
      yield { rows: rows.slice(from, from + this.batch), drift: [] }
    }
  }

  #matching(filter: unknown): readonly Row[] {
    if (filter === undefined || this.filter === 'ignored') return this.rows
    if (this.filter === 'refused') throw new InputError('no such token', '')
    if (this.filter === 'broken') throw new VendorError('away', '')
    if (this.filter === 'nothing') return []
    const ids = String(filter)
      .split(' OR ')
      .map((clause) => clause.split(':'))
      .flatMap(([token, id]) => (token === this.token ? id : []))
    return this.rows.filter(({ id }) => ids.includes(String(id)))
  }
}

const row = (id: number, more: object = {}): Row => ({ id, name: `host ${id}`, ...more })
const rows = (count: number): Row[] => Array.from({ length: count }, (_, place) => row(place + 1))
const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, place) => String(from + place))
const minute = 60_000

describe('a looked-up row', () => {
  test('is cached for five minutes, and then requested again', async () => {
    const list = new MemoryList(rows(5))
    expect(await list.names(['2', '3'])).toEqual(['host 2', 'host 3'])
    expect(list.requests).toEqual(['id:2 OR id:3'])
    list.now = 5 * minute - 1
    expect(await list.names(['3', '2'])).toEqual(['host 3', 'host 2'])
    expect(list.requests).toHaveLength(1)
    list.now = 5 * minute
    expect(await list.names(['2'])).toEqual(['host 2'])
    expect(list.requests.slice(1)).toEqual(['id:2'])
  })

  test('of a listed page is cached, with numbers and texts alike as ids', async () => {
    const list = new MemoryList([])
    list.directory.remember(list.operation, [row(7), { id: 'uuid-8', name: 'host 8' }])
    expect(await list.names(['7', 'uuid-8'])).toEqual(['host 7', 'host 8'])
    expect(list.requests).toEqual([])
  })

  test('belongs to its list', async () => {
    const list = new MemoryList([])
    list.directory.remember(searchAssetTags, [row(7)])
    expect(await list.names(['7'])).toEqual([undefined])
  })

  test('is requested only if it is missing', async () => {
    const list = new MemoryList(rows(9))
    await list.find(['1', '2'])
    await list.find(['2', '3', '1', '4'])
    expect(list.requests).toEqual(['id:1 OR id:2', 'id:3 OR id:4'])
  })

  test('replaces an older one', async () => {
    const list = new MemoryList([])
    list.directory.remember(list.operation, [row(1)])
    list.now = 4 * minute
    list.directory.remember(list.operation, [row(1, { name: 'renamed' })])
    list.now = 8 * minute
    expect(await list.names(['1'])).toEqual(['renamed'])
  })

  test.each([[undefined], [null], [{ toString: 1 }], [true]])('without an id (%j) is ignored', async (id) => {
    const list = new MemoryList([])
    list.directory.remember(list.operation, [{ id, name: 'nobody' }])
    expect(await list.names([String(JSON.stringify(id)), 'undefined', 'null', 'true'])).toEqual(
      Array(4).fill(undefined),
    )
  })

  test('is cached without long texts', async () => {
    const list = new MemoryList([])
    const uuid = 'u'.repeat(2_000)
    list.directory.remember(list.operation, [row(1, { uuid, scriptResult: 'x'.repeat(2_001) })])
    expect((await list.find(['1'])).get('1')).toEqual({ ...row(1), uuid })
  })
})

describe('the cache', () => {
  const more = { comment: 'x'.repeat(1_900) }

  test('holds the latest rows within its bound in bytes', async () => {
    const list = new MemoryList([])
    for (let from = 1; from <= 8_000; from += 1_000)
      list.directory.remember(
        list.operation,
        ids(from, from + 999).map((id) => row(Number(id), more)),
      )
    expect(await list.names(['1', '1000', '7999', '8000'])).toEqual([
      undefined,
      'host 1000',
      'host 7999',
      'host 8000',
    ])
    // An entry that is looked up again becomes the latest.
    list.directory.remember(
      list.operation,
      ids(9_001, 16_000).map((id) => row(Number(id), more)),
    )
    expect(await list.names(['16000', '1000', '1001'])).toEqual(['host 16000', 'host 1000', undefined])
  })

  test('holds 40,000 short rows', async () => {
    const list = new MemoryList([])
    list.directory.remember(list.operation, rows(40_000))
    expect(await list.names(['1', '40000'])).toEqual(['host 1', 'host 40000'])
    expect(list.requests).toEqual([])
  })

  test('does not bound what one look-up finds', async () => {
    const list = new MemoryList(rows(9_900).map((one) => ({ ...one, ...more })))
    expect((await list.find(ids(1, 9_900))).size).toBe(9_900)
    // The first ones had to go meanwhile.
    const before = list.requests.length
    expect(await list.names(['1', '9900'])).toEqual(['host 1', 'host 9900'])
    expect(list.requests.slice(before)).toEqual(['id:1'])
  })
})

describe('a list that is looked up by filter', () => {
  test('gets a hundred ids at a time', async () => {
    const list = new MemoryList(rows(300))
    expect(await list.names(ids(1, 250))).toEqual(ids(1, 250).map((id) => `host ${id}`))
    expect(list.requests.map((filter) => filter?.split(' OR ').length)).toEqual([100, 100, 50])
  })

  test('and has none of them: it is walked, once, and they do not exist', async () => {
    const list = new MemoryList(rows(2_500))
    expect(await list.names(['9001', '9002'])).toEqual([undefined, undefined])
    expect(list.requests).toEqual([
      'id:9001 OR id:9002',
      'assetId:9001 OR assetId:9002',
      undefined,
      undefined,
      undefined,
    ])
  })

  test('with one of two tokens takes the other one if the first finds nothing', async () => {
    const list = new MemoryList(rows(2_500))
    list.token = 'assetId'
    expect(await list.names(['1', '2000'])).toEqual(['host 1', 'host 2000'])
    expect(list.requests).toEqual(['id:1 OR id:2000', 'assetId:1 OR assetId:2000'])
  })

  test('and has some of them: the others are asked for in the other way, without a walk', async () => {
    const list = new MemoryList(rows(2_500))
    expect(await list.names(['1', '9001'])).toEqual(['host 1', undefined])
    expect(list.requests).toEqual(['id:1 OR id:9001', 'assetId:9001'])
  })

  test.each<readonly [Filter, number]>([
    ['refused', 3],
    ['ignored', 5],
    ['nothing', 5],
  ])('that is %s: it is walked as far as needed', async (filter, answers) => {
    const list = new MemoryList(rows(5_000))
    list.filter = filter
    expect(await list.names(['2', '2500'])).toEqual(['host 2', 'host 2500'])
    expect(list.requests).toHaveLength(answers)
    // All rows of the passed batches are known now.
    expect(await list.names(['1', '3000'])).toEqual(['host 1', 'host 3000'])
    expect(list.requests).toHaveLength(answers)
  })

  test('that ignores the filter: other rows are not returned as the requested ones', async () => {
    const list = new MemoryList(rows(3))
    list.filter = 'ignored'
    const found = await list.find(['2', '8'])
    expect([...found.keys()]).toEqual(['2'])
  })

  test('that fails otherwise fails: nothing is reported as missing', async () => {
    const list = new MemoryList(rows(3))
    list.filter = 'broken'
    await expect(list.find(['2'])).rejects.toBeInstanceOf(VendorError)
    expect(list.requests).toEqual([])
  })

  test('is walked for 10,000 rows at most', async () => {
    const list = new MemoryList(rows(30_000))
    list.filter = 'nothing'
    expect(await list.names(['10000', '10001'])).toEqual(['host 10000', undefined])
    expect(list.requests).toHaveLength(12)
  })
})

test('a list that always comes whole is never looked up by filter', async () => {
  const list = new MemoryList(rows(3), listScriptTypes)
  expect(await list.names(['1', '9'])).toEqual(['host 1', undefined])
  expect(list.requests).toEqual([undefined])
})

describe('a fresh look-up', () => {
  test('requests cached rows again', async () => {
    const list = new MemoryList(rows(3))
    await list.find(['1'])
    list.rows = [row(1, { name: 'renamed' })]
    expect(await list.names(['1'])).toEqual(['host 1'])
    expect(await list.names(['1'], true)).toEqual(['renamed'])
    expect(await list.names(['1'])).toEqual(['renamed'])
    expect(list.requests).toHaveLength(2)
  })

  test('keeps rows that only a filter found, but no longer than before', async () => {
    const list = new MemoryList(rows(3))
    list.directory.remember(list.operation, [row(77, { name: 'lab' })])
    for (list.now = minute; list.now < 5 * minute; list.now += minute)
      expect(await list.names(['77'], true)).toEqual(['lab'])
    expect(await list.names(['77'], true)).toEqual([undefined])
  })

  test('that fails keeps the cached rows', async () => {
    const list = new MemoryList(rows(3))
    await list.find(['1'])
    list.filter = 'broken'
    await expect(list.find(['1'], true)).rejects.toBeInstanceOf(VendorError)
    expect(await list.names(['1'])).toEqual(['host 1'])
  })

  test('does not hide cached rows from others meanwhile', async () => {
    const list = new MemoryList(rows(3))
    list.directory.remember(list.operation, [row(77, { name: 'lab' })])
    const [one, two] = await Promise.all([list.names(['77'], true), list.names(['77'], true)])
    expect([one, two]).toEqual([['lab'], ['lab']])
  })
})
