import { describe, expect, test } from 'vitest'
import { searchAssets, searchAssetTags } from '../../../src/operations/car/assets.ts'
import { listScriptTypes } from '../../../src/operations/car/scripts.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Stretch } from '../../../src/session/paging/walk.ts'
import { Directory } from '../../../src/session/requests/lookup-cache.ts'
import type { Row } from '../../../src/session/answer.ts'
import { InputError, VendorError } from '../../../src/shared/errors.ts'

// Look-ups by id: what lists showed lately, and how it is asked for.

/** How a list answers: by its filter for ids, and how many rows it brings at a time. */
type Filter = 'exact' | 'refused' | 'ignored' | 'nothing' | 'broken'

/** A list in memory with its answers counted, and a clock that is moved by hand. */
class MemoryList {
  rows: Row[]
  filter: Filter = 'exact'
  batch = 1_000
  now = 0
  /** Every answer: the filter that was asked with, or undefined. */
  readonly asked: (string | undefined)[] = []
  readonly directory = new Directory(() => this.now)
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

  async *#walk(filter: unknown): AsyncGenerator<Stretch, void, void> {
    const rows = this.#matching(filter)
    for (let from = 0; from === 0 || from < rows.length; from += this.batch) {
      this.asked.push(filter as string | undefined)
      yield { rows: rows.slice(from, from + this.batch), drift: [], behind: () => undefined }
    }
  }

  #matching(filter: unknown): readonly Row[] {
    if (filter === undefined || this.filter === 'ignored') return this.rows
    if (this.filter === 'refused') throw new InputError('no such token', '')
    if (this.filter === 'broken') throw new VendorError('away', '')
    if (this.filter === 'nothing') return []
    const ids = String(filter)
      .split(' OR ')
      .map((clause) => clause.replace(/^id:/, ''))
    return this.rows.filter(({ id }) => ids.includes(String(id)))
  }
}

const row = (id: number, more: object = {}): Row => ({ id, name: `host ${id}`, ...more })
const rows = (count: number): Row[] => Array.from({ length: count }, (_, place) => row(place + 1))
const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, place) => String(from + place))
const minute = 60_000

describe('what was seen', () => {
  test('is kept five minutes, and then asked for again', async () => {
    const list = new MemoryList(rows(5))
    expect(await list.names(['2', '3'])).toEqual(['host 2', 'host 3'])
    expect(list.asked).toEqual(['id:2 OR id:3'])
    list.now = 5 * minute - 1
    expect(await list.names(['3', '2'])).toEqual(['host 3', 'host 2'])
    expect(list.asked).toHaveLength(1)
    list.now = 5 * minute
    expect(await list.names(['2'])).toEqual(['host 2'])
    expect(list.asked.slice(1)).toEqual(['id:2'])
  })

  test('on a page that was listed is known, numbers and texts alike', async () => {
    const list = new MemoryList([])
    list.directory.remember(list.operation, [row(7), { id: 'uuid-8', name: 'host 8' }])
    expect(await list.names(['7', 'uuid-8'])).toEqual(['host 7', 'host 8'])
    expect(list.asked).toEqual([])
  })

  test('belongs to its list', async () => {
    const list = new MemoryList([])
    list.directory.remember(searchAssetTags, [row(7)])
    expect(await list.names(['7'])).toEqual([undefined])
  })

  test('is asked for only as far as it is missing', async () => {
    const list = new MemoryList(rows(9))
    await list.find(['1', '2'])
    await list.find(['2', '3', '1', '4'])
    expect(list.asked).toEqual(['id:1 OR id:2', 'id:3 OR id:4'])
  })

  test('later takes the place of what was seen before', async () => {
    const list = new MemoryList([])
    list.directory.remember(list.operation, [row(1)])
    list.now = 4 * minute
    list.directory.remember(list.operation, [row(1, { name: 'renamed' })])
    list.now = 8 * minute
    expect(await list.names(['1'])).toEqual(['renamed'])
  })

  test.each([[undefined], [null], [{ toString: 1 }], [true]])('without an id (%j) is nothing', async (id) => {
    const list = new MemoryList([])
    list.directory.remember(list.operation, [{ id, name: 'nobody' }])
    expect(await list.names([String(JSON.stringify(id)), 'undefined', 'null', 'true'])).toEqual(
      Array(4).fill(undefined),
    )
  })

  test('long texts aside', async () => {
    const list = new MemoryList([])
    const uuid = 'u'.repeat(2_000)
    list.directory.remember(list.operation, [row(1, { uuid, scriptResult: 'x'.repeat(2_001) })])
    expect((await list.find(['1'])).get('1')).toEqual({ ...row(1), uuid })
  })
})

describe('memory', () => {
  test('holds the latest 20,000 rows', async () => {
    const list = new MemoryList([])
    for (let from = 1; from <= 25_000; from += 1_000)
      list.directory.remember(
        list.operation,
        ids(from, from + 999).map((id) => row(Number(id))),
      )
    // One that is seen again is the latest.
    list.directory.remember(list.operation, [row(5_001)])
    list.directory.remember(list.operation, [row(30_000)])
    expect(await list.names(['5000', '5001', '5002', '25000', '30000'])).toEqual([
      undefined,
      'host 5001',
      undefined,
      'host 25000',
      'host 30000',
    ])
  })
})

describe('a list that is asked by filter', () => {
  test('gets a hundred ids at a time', async () => {
    const list = new MemoryList(rows(300))
    expect(await list.names(ids(1, 250))).toEqual(ids(1, 250).map((id) => `host ${id}`))
    expect(list.asked.map((filter) => filter?.split(' OR ').length)).toEqual([100, 100, 50])
  })

  test('and has none of them: it is walked, once, and they are not there', async () => {
    const list = new MemoryList(rows(2_500))
    expect(await list.names(['9001', '9002'])).toEqual([undefined, undefined])
    expect(list.asked).toEqual(['id:9001 OR id:9002', undefined, undefined, undefined])
  })

  test('and has some of them: those there are, and no walk', async () => {
    const list = new MemoryList(rows(2_500))
    expect(await list.names(['1', '9001'])).toEqual(['host 1', undefined])
    expect(list.asked).toEqual(['id:1 OR id:9001'])
  })

  test.each<readonly [Filter, number]>([
    ['refused', 3],
    ['ignored', 4],
    ['nothing', 4],
  ])('that is %s: it is walked as far as it has to be', async (filter, answers) => {
    const list = new MemoryList(rows(5_000))
    list.filter = filter
    expect(await list.names(['2', '2500'])).toEqual(['host 2', 'host 2500'])
    expect(list.asked).toHaveLength(answers)
    // All that went by is known now.
    expect(await list.names(['1', '3000'])).toEqual(['host 1', 'host 3000'])
    expect(list.asked).toHaveLength(answers)
  })

  test('that is ignored does not pass off other rows as those asked for', async () => {
    const list = new MemoryList(rows(3))
    list.filter = 'ignored'
    const found = await list.find(['2', '8'])
    expect([...found.keys()]).toEqual(['2'])
  })

  test('that fails otherwise fails: nothing is said to be missing', async () => {
    const list = new MemoryList(rows(3))
    list.filter = 'broken'
    await expect(list.find(['2'])).rejects.toBeInstanceOf(VendorError)
    expect(list.asked).toEqual([])
  })

  test('is walked for 10,000 rows at most', async () => {
    const list = new MemoryList(rows(30_000))
    list.filter = 'nothing'
    expect(await list.names(['10000', '10001'])).toEqual(['host 10000', undefined])
    expect(list.asked).toHaveLength(11)
  })
})

test('a list that is always whole is never asked by filter', async () => {
  const list = new MemoryList(rows(3), listScriptTypes)
  expect(await list.names(['1', '9'])).toEqual(['host 1', undefined])
  expect(list.asked).toEqual([undefined])
})

describe('fresh', () => {
  test('what was seen is asked for again, and as it is now', async () => {
    const list = new MemoryList(rows(3))
    await list.find(['1'])
    list.rows = [row(1, { name: 'renamed' })]
    expect(await list.names(['1'])).toEqual(['host 1'])
    expect(await list.names(['1'], true)).toEqual(['renamed'])
    expect(await list.names(['1'])).toEqual(['renamed'])
    expect(list.asked).toHaveLength(2)
  })

  test('what only a filter brought up is still known, but no longer than it would have been', async () => {
    const list = new MemoryList(rows(3))
    list.directory.remember(list.operation, [row(77, { name: 'lab' })])
    for (list.now = minute; list.now < 5 * minute; list.now += minute)
      expect(await list.names(['77'], true)).toEqual(['lab'])
    expect(await list.names(['77'], true)).toEqual([undefined])
  })

  test('what cannot be asked for now is not forgotten', async () => {
    const list = new MemoryList(rows(3))
    await list.find(['1'])
    list.filter = 'broken'
    await expect(list.find(['1'], true)).rejects.toBeInstanceOf(VendorError)
    expect(await list.names(['1'])).toEqual(['host 1'])
  })

  test('while somebody asks, others still see what was seen', async () => {
    const list = new MemoryList(rows(3))
    list.directory.remember(list.operation, [row(77, { name: 'lab' })])
    const [one, two] = await Promise.all([list.names(['77'], true), list.names(['77'], true)])
    expect([one, two]).toEqual([['lab'], ['lab']])
  })
})
