import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HostResult } from '../../../src/tools/digest/host-result.ts'
import { differencesOf, digestOf, hostResults } from '../../support/workflows/digest.ts'

// Whatever hosts print, and in whatever order they come.

const words =
  'alpha beta running stopped ok failed C: D: PID version free GB Name State - x [x] [ ] 3 42 0 10.1 KB503 eth0 true'
const token = fc.constantFrom(...words.split(' '))
const line = fc
  .tuple(fc.array(token, { minLength: 1, maxLength: 5 }), fc.constantFrom(' ', ': ', ', ', '='))
  .map(([tokens, separator]) => tokens.join(separator))
const record = fc.dictionary(fc.constantFrom('a', 'b', 'c'), token).map((fields) => JSON.stringify(fields))
const base = fc.array(fc.oneof({ weight: 5, arbitrary: line }, { weight: 1, arbitrary: record }), {
  minLength: 1,
  maxLength: 6,
})

/** A run of hosts that printed much the same: some lines are others, more, missing or have another number. */
const run = fc
  .tuple(
    base,
    fc.array(
      fc.record({
        drop: fc.nat(20),
        change: fc.tuple(fc.nat(8), line),
        number: fc.nat(2_000),
        isFailed: fc.nat(9).map((value) => value === 0),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  )
  .map(([lines, hosts]) =>
    hostResults(
      hosts.map(({ drop, change: [at, other], number, isFailed }) => ({
        output: [
          ...lines.map((own, index) => (index === at ? other : own)).filter((_, index) => index !== drop),
          `took ${number} ms`,
        ].join('\n'),
        ...(isFailed && { outcome: 'failed', code: 1 }),
      })),
    ),
  )

const shuffled = run.chain((results) =>
  fc.tuple(fc.constant(results), fc.shuffledSubarray(results, { minLength: results.length })),
)

describe('of any run', () => {
  test('the order of the hosts makes no difference', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async ([results, others]) => {
        expect(await digestOf(others).kinds()).toEqual(await digestOf(results).kinds())
      }),
      { numRuns: 150 },
    )
  })

  test('each host is counted once', async () => {
    await fc.assert(
      fc.asyncProperty(run, async (results) => {
        const digest = digestOf(results)
        const kinds = await digest.kinds()
        expect(kinds.reduce((sum, { count }) => sum + count, digest.hostsOfNoKind)).toBe(results.length)
      }),
      { numRuns: 150 },
    )
  })

  test('no value is told of more hosts than there are, and the rarest come first', async () => {
    await fc.assert(
      fc.asyncProperty(run, async (results) => {
        for (const { count, results: places, lines, hosts } of await digestOf(results).kinds()) {
          expect(hosts.length).toBe(Math.min(5, count))
          for (const { values, moreHosts } of places)
            expect(Math.max(moreHosts, ...values.map((value) => value.count))).toBeLessThanOrEqual(count)
          for (const partial of lines) expect(partial.count).toBeLessThan(count)
          const counts = lines.map((partial) => partial.count)
          expect(counts).toEqual([...counts].sort((a, b) => a - b))
        }
      }),
      { numRuns: 150 },
    )
  })
})

/** The hosts of a run that a reader learns of: in a kind of their own, or with what differs. */
async function toldHosts(results: readonly HostResult[]): Promise<string> {
  const kinds = await digestOf(results).kinds()
  return kinds
    .map((kind) => (kind.count === 1 ? kind.hosts.join() : differencesOf(kind).join('\n')))
    .join('\n')
}

test('one host of ten with another word somewhere is told', async () => {
  const change = fc.tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.nat(5), fc.nat(4), token)
  await fc.assert(
    fc.asyncProperty(change, async ([lines, at, where, other]) => {
      const changed = lines.map((own, index) => {
        const tokens = own.split(' ')
        if (index === at % lines.length) tokens[where % tokens.length] = other
        return tokens.join(' ')
      })
      const sorted = (all: readonly string[]): string =>
        [...new Set(all.map((own) => own.trim()))].sort().join('\n')
      fc.pre(sorted(changed) !== sorted(lines))
      const results = hostResults(
        Array.from({ length: 10 }, (_, index) => (index === 3 ? changed : lines).join('\n')),
      )
      expect(await toldHosts(results)).toContain('ws-4')
    }),
    { numRuns: 300 },
  )
})
