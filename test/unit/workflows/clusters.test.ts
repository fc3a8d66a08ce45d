import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { Clusters } from '../../../src/tools/workflows/run/clusters.ts'
import type { HostResult } from '../../../src/tools/workflows/run/host-output.ts'

// Outputs of hosts, grouped in bounded memory: one sample of each kind is stored, and some host names.

/** A number in letters: outputs that differ only in digits are one kind. */
const words = (index: number): string =>
  [...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')

const result = (index: number, more: Partial<HostResult> = {}): HostResult => ({
  assetJobId: String(index),
  host: `ws-${index}`,
  outcome: 'succeeded',
  code: 0,
  output: words(index),
  ...more,
})

function clustersOf(results: readonly HostResult[]): Clusters {
  const clusters = new Clusters()
  for (const one of results) clusters.add(one)
  return clusters
}

const many = (count: number, more: Partial<HostResult> = {}): HostResult[] =>
  Array.from({ length: count }, (_, index) => result(index, more))

describe('kinds of output', () => {
  test.each([
    [199, 199, 0],
    [200, 200, 0],
    [201, 200, 1],
    [400, 200, 200],
  ])('of %i hosts that all differ, %i are kept', (count, size, others) => {
    const clusters = clustersOf(many(count))
    expect([clusters.size, clusters.unclusteredHosts]).toEqual([size, others])
  })

  test('are limited for each outcome, so that successes cannot crowd out failures', () => {
    const clusters = clustersOf([...many(300), ...many(3, { outcome: 'failed', code: 1 })])
    expect([clusters.size, clusters.unclusteredHosts]).toEqual([203, 100])
  })

  test('that are kept are still counted', () => {
    const clusters = clustersOf([...many(300), result(0), result(299)])
    expect(clusters.sorted()[0]).toMatchObject({ count: 2, hosts: ['ws-0', 'ws-0'] })
    expect(clusters.unclusteredHosts).toBe(101)
  })

  test('are listed with failures first, then by size', () => {
    const clusters = clustersOf([
      ...many(3, { output: 'good' }),
      ...many(5, { output: 'better' }),
      ...many(1, { outcome: 'failed', output: 'bad' }),
      ...many(2, { outcome: 'of unknown outcome', output: 'odd' }),
    ])
    expect(clusters.sorted().map(({ count, sample }) => [count, sample.output])).toEqual([
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
    ['nothing printed and nothing held', { output: '' }, { output: undefined as never }],
  ])('differ in %s', (_what, one, other) => {
    const same = { output: 'x' }
    expect(clustersOf([result(1, { ...same, ...one }), result(2, { ...same, ...other })]).size).toBe(2)
  })
})

describe('hosts of a kind', () => {
  test.each([
    [4, 4],
    [5, 5],
    [5_000, 5],
  ])('%i of them: %i are named', (count, named) => {
    const clusters = clustersOf(many(count, { output: 'x' }))
    expect(clusters.sorted()).toMatchObject([{ count, hosts: { length: named } }])
  })

  test('without a name are named by their asset job', () => {
    expect(clustersOf([{ assetJobId: '7', outcome: 'open' }]).sorted()[0]?.hosts).toEqual(['asset job 7'])
  })
})

describe('a sample', () => {
  test.each([
    ['x'.repeat(4_000), 4_000],
    ['x'.repeat(4_001), 4_000],
    [`${'x'.repeat(3_999)}🔒`, 3_999],
    [`${'x'.repeat(3_998)}🔒x`, 4_000],
  ])('is cut, and never in the middle of a character (%#)', (printed, length) => {
    const [cluster] = clustersOf([result(1, { output: printed })]).sorted()
    expect(cluster?.sample.output).toBe(printed.slice(0, length))
    expect(cluster?.characters).toBe(printed.length)
  })

  test('of nothing has no characters', () => {
    const [cluster] = clustersOf([{ assetJobId: '7', outcome: 'succeeded' }]).sorted()
    expect(cluster?.characters).toBe(0)
    expect(cluster?.sample).not.toHaveProperty('output')
  })
})

// Garbage collection takes a while if many files share a worker.
test('memory holds samples only, each cut from the whole', { timeout: 20_000 }, () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const clusters = new Clusters()
  const long = 'all work and no play '.repeat(1_500)
  collect()
  const before = process.memoryUsage().heapUsed
  for (let index = 0; index < 210; index++)
    clusters.add(result(index, { output: Buffer.from(`${words(index)} ${long}`).toString() }))
  collect()
  // 200 outputs of 30 kB would be 6 MB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(3_000_000)
  expect(clusters.size).toBe(200)
})
