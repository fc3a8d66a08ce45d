import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { HostResult } from '../../../src/tools/digest/host-result.ts'
import type { Kind } from '../../../src/tools/digest/kind.ts'
import { digestOf, hostResults, hostsLike, kindsOf } from '../../support/workflows/digest.ts'

// Kinds of output: how many there are, their order, their hosts and their samples.

const word = (index: number): string =>
  [...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')

/** Three words of its own: nothing in two such outputs is alike. */
const unlike = (index: number): string => ['x', 'y', 'z'].map((end) => word(index) + end).join(' ')

const many = (count: number, more: Partial<HostResult> = {}) =>
  hostsLike(count, (index) => ({ output: unlike(index), ...more }))

describe('kinds of output', () => {
  test.each([
    [199, 199, 0],
    [200, 200, 0],
    [201, 200, 1],
    [400, 200, 200],
  ])('of %i hosts that are all unlike, %i are kept', async (count, size, others) => {
    const digest = digestOf(hostResults(many(count)))
    const kinds = await digest.kinds()
    expect([kinds.length, digest.hostsOfNoKind, digest.size]).toEqual([size, others, count])
  })

  test('are limited for each outcome, so that successes cannot crowd out failures', async () => {
    const digest = digestOf(hostResults([...many(300), ...many(3, { outcome: 'failed', code: 1 })]))
    const kinds = await digest.kinds()
    expect([kinds.length, digest.hostsOfNoKind]).toEqual([203, 100])
    expect(kinds.slice(0, 4).map(({ outcome }) => outcome)).toEqual([
      'failed',
      'failed',
      'failed',
      'succeeded',
    ])
  })

  test('that many hosts have are kept before those of single hosts', async () => {
    const kinds = await kindsOf([...many(300), { output: unlike(299), host: 'again' }])
    expect(kinds[0]).toMatchObject({ count: 2, hosts: ['again', 'ws-300'] })
  })

  test('are listed with failures first, then by size', async () => {
    const kinds = await kindsOf([
      ...many(3, { output: 'good' }),
      ...many(5, { output: 'better' }),
      ...many(1, { outcome: 'failed', output: 'bad' }),
      ...many(2, { outcome: 'unknown', output: 'odd' }),
    ])
    expect(kinds.map(({ count, sample }) => [count, sample.output])).toEqual([
      [2, 'odd'],
      [1, 'bad'],
      [5, 'better'],
      [3, 'good'],
    ])
  })

  test.each<[string, Partial<HostResult>, Partial<HostResult>]>([
    ['an outcome', { outcome: 'failed' }, { outcome: 'succeeded' }],
    ['a code', { code: 1 }, { code: 2 }],
    ['a code of another type', { code: 1 }, { code: '1' }],
    ['a text', { text: 'a' }, { text: 'b' }],
    ['code and text that change places', { code: 1, text: '2' }, { code: 2, text: '1' }],
    ['nothing printed and nothing held', { output: '' }, { output: undefined as never }],
    ['nothing printed and something', { output: '' }, { output: 'y' }],
  ])('differ in %s', async (_what, one, other) => {
    const kinds = await kindsOf([
      { output: 'x', ...one },
      { output: 'x', ...other },
    ])
    expect(kinds.map(({ hosts }) => hosts).sort()).toEqual([['ws-1'], ['ws-2']])
  })

  test('can be asked for again after more hosts were added', async () => {
    const [first, ...others] = hostResults(['a ok', 'a ok', 'a bad'])
    const digest = digestOf(first ? [first] : [])
    expect(await digest.kinds()).toMatchObject([{ count: 1, results: [] }])
    for (const result of others) digest.add(result)
    expect(await digest.kinds()).toMatchObject([{ count: 3, results: [{ values: { length: 2 } }] }])
  })

  test('of no hosts are none', async () => expect(await kindsOf([])).toEqual([]))

  test('are not compared after the caller has gone', async () => {
    const hosts = hostResults(hostsLike(2_000, (index) => `${unlike(index)}\n`.repeat(5)))
    await expect(digestOf(hosts).kinds(AbortSignal.abort())).rejects.toThrow(/abort/)
  })
})

describe('hosts of a kind', () => {
  test.each([
    [4, 4],
    [5, 5],
    [5_000, 5],
  ])('%i of them: %i are named', async (count, named) => {
    expect(await kindsOf(many(count, { output: 'x' }))).toMatchObject([{ count, hosts: { length: named } }])
  })

  test('without a name are named by their asset job', async () => {
    const kinds = await digestOf([{ assetJobId: '7', outcome: 'open' }]).kinds()
    expect(kinds[0]?.hosts).toEqual(['asset job 7'])
  })

  test('with the same name are counted each', async () => {
    expect(await kindsOf(many(7, { host: 'twin', output: 'x' }))).toMatchObject([{ count: 7 }])
  })
})

const sampleOf = async (hosts: Parameters<typeof kindsOf>[0]): Promise<Kind | undefined> =>
  (await kindsOf(hosts))[0]

describe('a sample', () => {
  test.each([
    ['x'.repeat(4_000), 4_000],
    ['x'.repeat(4_001), 4_000],
    [`${'x'.repeat(3_999)}🔒`, 3_999],
    [`${'x'.repeat(3_998)}🔒x`, 4_000],
  ])('is cut, and never in the middle of a character (%#)', async (printed, length) => {
    const kind = await sampleOf([printed])
    expect(kind?.sample.output).toBe(printed.slice(0, length))
    expect(kind?.characters).toBe(printed.length)
  })

  test('of nothing has no characters', async () => {
    const [kind] = await digestOf([{ assetJobId: '7', outcome: 'succeeded' }]).kinds()
    expect(kind?.characters).toBe(0)
    expect(kind?.sample).not.toHaveProperty('output')
  })

  test('is what most hosts of its kind printed', async () => {
    const lines = 'a ok\nb ok\nc ok'
    const kind = await sampleOf([`${lines}\nd`, ...hostsLike(4, () => lines)])
    expect(kind?.sample).toMatchObject({ host: 'ws-2', output: lines })
    expect(kind?.hosts).toEqual(['ws-2', 'ws-1', 'ws-3', 'ws-4', 'ws-5'])
  })

  test('is of the host whose name comes first', async () => {
    const kind = await sampleOf(['c', 'a', 'b'].map((host) => ({ host, output: 'same' })))
    expect(kind?.sample.host).toBe('a')
  })
})

// Garbage collection takes a while if many files share a worker.
test('memory holds samples and lines only, each cut from the whole', { timeout: 20_000 }, async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const long = 'all work and no play '.repeat(1_500)
  const digest = digestOf([])
  collect()
  const before = process.memoryUsage().heapUsed
  // Each line of an output is in memory once, whichever host printed it.
  for (const [index, result] of hostResults(many(210)).entries())
    digest.add({ ...result, output: Buffer.from(`${unlike(index)}\n${long}`).toString() })
  collect()
  // 200 outputs of 30 kB would be 6 MB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(3_000_000)
  expect(await digest.kinds()).toHaveLength(200)
  expect(digest.hostsOfNoKind).toBe(10)
})
