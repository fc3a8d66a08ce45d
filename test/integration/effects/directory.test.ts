import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { searchAssets, searchAssetTags } from '../../../src/operations/car/assets.ts'
import { searchAssetJobs } from '../../../src/operations/car/runs.ts'
import { listScriptTypes } from '../../../src/operations/car/scripts.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { Directory } from '../../../src/session/directory.ts'
import { InputError, VendorError } from '../../../src/session/errors.ts'
import type { Row } from '../../../src/session/record.ts'
import type { Session } from '../../../src/session/session.ts'
import type { Stretch } from '../../../src/session/walk.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { sessionOn } from '../../support/session.ts'

// Look-ups by id: what lists showed lately, and how it is asked for.

/** How a list answers: by its filter for ids, and how many rows it brings at a time. */
type Filter = 'exact' | 'refused' | 'ignored' | 'nothing' | 'broken'

/** A list in memory with its answers counted, and a clock that is moved by hand. */
class Shelf {
  rows: Row[]
  filter: Filter = 'exact'
  batch = 1_000
  now = 0
  /** Every answer: the filter that was asked with, or undefined. */
  readonly asked: (string | undefined)[] = []
  readonly directory = new Directory(() => this.now)
  readonly list: Operation

  constructor(rows: readonly Row[], list: Operation = searchAssets) {
    this.rows = [...rows]
    this.list = list
  }

  find(ids: readonly string[], fresh = false): Promise<ReadonlyMap<string, Row>> {
    return this.directory.find(this.list, ids, (_, args) => this.#walk(args['filter']), fresh)
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
    const shelf = new Shelf(rows(5))
    expect(await shelf.names(['2', '3'])).toEqual(['host 2', 'host 3'])
    expect(shelf.asked).toEqual(['id:2 OR id:3'])
    shelf.now = 5 * minute - 1
    expect(await shelf.names(['3', '2'])).toEqual(['host 3', 'host 2'])
    expect(shelf.asked).toHaveLength(1)
    shelf.now = 5 * minute
    expect(await shelf.names(['2'])).toEqual(['host 2'])
    expect(shelf.asked.slice(1)).toEqual(['id:2'])
  })

  test('on a page that was listed is known, numbers and texts alike', async () => {
    const shelf = new Shelf([])
    shelf.directory.remember(shelf.list, [row(7), { id: 'uuid-8', name: 'host 8' }])
    expect(await shelf.names(['7', 'uuid-8'])).toEqual(['host 7', 'host 8'])
    expect(shelf.asked).toEqual([])
  })

  test('belongs to its list', async () => {
    const shelf = new Shelf([])
    shelf.directory.remember(searchAssetTags, [row(7)])
    expect(await shelf.names(['7'])).toEqual([undefined])
  })

  test('is asked for only as far as it is missing', async () => {
    const shelf = new Shelf(rows(9))
    await shelf.find(['1', '2'])
    await shelf.find(['2', '3', '1', '4'])
    expect(shelf.asked).toEqual(['id:1 OR id:2', 'id:3 OR id:4'])
  })

  test('later takes the place of what was seen before', async () => {
    const shelf = new Shelf([])
    shelf.directory.remember(shelf.list, [row(1)])
    shelf.now = 4 * minute
    shelf.directory.remember(shelf.list, [row(1, { name: 'renamed' })])
    shelf.now = 8 * minute
    expect(await shelf.names(['1'])).toEqual(['renamed'])
  })

  test.each([[undefined], [null], [{ toString: 1 }], [true]])('without an id (%j) is nothing', async (id) => {
    const shelf = new Shelf([])
    shelf.directory.remember(shelf.list, [{ id, name: 'nobody' }])
    expect(await shelf.names([String(JSON.stringify(id)), 'undefined', 'null', 'true'])).toEqual(
      Array(4).fill(undefined),
    )
  })

  test('long texts aside', async () => {
    const shelf = new Shelf([])
    const uuid = 'u'.repeat(2_000)
    shelf.directory.remember(shelf.list, [row(1, { uuid, scriptResult: 'x'.repeat(2_001) })])
    expect((await shelf.find(['1'])).get('1')).toEqual({ ...row(1), uuid })
  })
})

describe('memory', () => {
  test('holds the latest 20,000 rows', async () => {
    const shelf = new Shelf([])
    for (let from = 1; from <= 25_000; from += 1_000)
      shelf.directory.remember(
        shelf.list,
        ids(from, from + 999).map((id) => row(Number(id))),
      )
    // One that is seen again is the latest.
    shelf.directory.remember(shelf.list, [row(5_001)])
    shelf.directory.remember(shelf.list, [row(30_000)])
    expect(await shelf.names(['5000', '5001', '5002', '25000', '30000'])).toEqual([
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
    const shelf = new Shelf(rows(300))
    expect(await shelf.names(ids(1, 250))).toEqual(ids(1, 250).map((id) => `host ${id}`))
    expect(shelf.asked.map((filter) => filter?.split(' OR ').length)).toEqual([100, 100, 50])
  })

  test('and has none of them: it is walked, once, and they are not there', async () => {
    const shelf = new Shelf(rows(2_500))
    expect(await shelf.names(['9001', '9002'])).toEqual([undefined, undefined])
    expect(shelf.asked).toEqual(['id:9001 OR id:9002', undefined, undefined, undefined])
  })

  test('and has some of them: those there are, and no walk', async () => {
    const shelf = new Shelf(rows(2_500))
    expect(await shelf.names(['1', '9001'])).toEqual(['host 1', undefined])
    expect(shelf.asked).toEqual(['id:1 OR id:9001'])
  })

  test.each<readonly [Filter, number]>([
    ['refused', 3],
    ['ignored', 4],
    ['nothing', 4],
  ])('that is %s: it is walked as far as it has to be', async (filter, answers) => {
    const shelf = new Shelf(rows(5_000))
    shelf.filter = filter
    expect(await shelf.names(['2', '2500'])).toEqual(['host 2', 'host 2500'])
    expect(shelf.asked).toHaveLength(answers)
    // All that went by is known now.
    expect(await shelf.names(['1', '3000'])).toEqual(['host 1', 'host 3000'])
    expect(shelf.asked).toHaveLength(answers)
  })

  test('that is ignored does not pass off other rows as those asked for', async () => {
    const shelf = new Shelf(rows(3))
    shelf.filter = 'ignored'
    const found = await shelf.find(['2', '8'])
    expect([...found.keys()]).toEqual(['2'])
  })

  test('that fails otherwise fails: nothing is said to be missing', async () => {
    const shelf = new Shelf(rows(3))
    shelf.filter = 'broken'
    await expect(shelf.find(['2'])).rejects.toBeInstanceOf(VendorError)
    expect(shelf.asked).toEqual([])
  })

  test('is walked for 10,000 rows at most', async () => {
    const shelf = new Shelf(rows(30_000))
    shelf.filter = 'nothing'
    expect(await shelf.names(['10000', '10001'])).toEqual(['host 10000', undefined])
    expect(shelf.asked).toHaveLength(11)
  })
})

test('a list that is always whole is never asked by filter', async () => {
  const shelf = new Shelf(rows(3), listScriptTypes)
  expect(await shelf.names(['1', '9'])).toEqual(['host 1', undefined])
  expect(shelf.asked).toEqual([undefined])
})

describe('fresh', () => {
  test('what was seen is asked for again, and as it is now', async () => {
    const shelf = new Shelf(rows(3))
    await shelf.find(['1'])
    shelf.rows = [row(1, { name: 'renamed' })]
    expect(await shelf.names(['1'])).toEqual(['host 1'])
    expect(await shelf.names(['1'], true)).toEqual(['renamed'])
    expect(await shelf.names(['1'])).toEqual(['renamed'])
    expect(shelf.asked).toHaveLength(2)
  })

  test('what only a filter brought up is still known, but no longer than it would have been', async () => {
    const shelf = new Shelf(rows(3))
    shelf.directory.remember(shelf.list, [row(77, { name: 'lab' })])
    for (shelf.now = minute; shelf.now < 5 * minute; shelf.now += minute)
      expect(await shelf.names(['77'], true)).toEqual(['lab'])
    expect(await shelf.names(['77'], true)).toEqual([undefined])
  })

  test('what cannot be asked for now is not forgotten', async () => {
    const shelf = new Shelf(rows(3))
    await shelf.find(['1'])
    shelf.filter = 'broken'
    await expect(shelf.find(['1'], true)).rejects.toBeInstanceOf(VendorError)
    expect(await shelf.names(['1'])).toEqual(['host 1'])
  })

  test('while somebody asks, others still see what was seen', async () => {
    const shelf = new Shelf(rows(3))
    shelf.directory.remember(shelf.list, [row(77, { name: 'lab' })])
    const [one, two] = await Promise.all([shelf.names(['77'], true), shelf.names(['77'], true)])
    expect([one, two]).toEqual([['lab'], ['lab']])
  })
})

describe('at the sandbox', () => {
  const path = '/sm/v1/assets/search'
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let hosts: { readonly id: number; readonly name: string }[]
  const sessions: Session[] = []
  beforeAll(async () => {
    sandbox = await openSandbox({ jobs: 200, assets: 1_500 })
    hosts = (await sandbox.control.truth('assets')) as unknown as typeof hosts
  })
  beforeEach(() => sandbox.control.reset())
  afterAll(async () => {
    for (const session of sessions) await session.close()
    await sandbox.close()
  })
  const session = (): Session => {
    const opened = sessionOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' })
    sessions.push(opened)
    return opened
  }
  const requests = async () => (await sandbox.control.requests()).filter((seen) => seen.path === path)

  test('a page that was listed spares the look-up', async () => {
    const on = session()
    const answer = await on.call(searchAssets, { pageSize: 5 })
    const listed = answer.kind === 'page' ? answer.rows.map(({ id }) => String(id)) : []
    expect(listed).toHaveLength(5)
    expect((await on.find(searchAssets, listed)).size).toBe(5)
    expect(await requests()).toHaveLength(1)
  })

  test.each<readonly [string, object, number]>([
    ['as it is', {}, 2],
    ['refused', { kind: 'reply', status: 400, body: { message: 'no such token' } }, 3],
  ])('150 ids by a filter that is %s', async (_what, fault, most) => {
    if ('kind' in fault) await sandbox.control.faults([{ route: `POST ${path}`, times: 1, ...fault }])
    const wanted = hosts.slice(950, 1_100)
    const found = await session().find(
      searchAssets,
      wanted.map(({ id }) => String(id)),
    )
    expect([...found.values()].map(({ name }) => name)).toEqual(wanted.map(({ name }) => name))
    expect(await requests()).toHaveLength(most)
  })

  test('outputs of hosts do not pile up', async () => {
    const on = session()
    const answer = await on.call(searchAssetJobs, { includeOutput: true, pageSize: 50 })
    const listed = answer.kind === 'page' ? answer.rows : []
    const long = listed.find(({ scriptResult }) => String(scriptResult).length > 2_000)
    if (!long) throw new Error('no output is long enough')
    const id = String(long['id'])
    expect((await on.find(searchAssetJobs, [id])).get(id)).not.toHaveProperty('scriptResult')
    expect(long).toHaveProperty('scriptResult')
  })
})
