import { expect, test } from 'vitest'
import { FailureDelays } from '../../../src/service/callers/failures.ts'
import { testClock } from '../../support/callers/callers-folder.ts'

// Who brings wrong tokens again and again waits longer and longer, and nobody is locked out.

const clock = testClock(0)
const fail = (delays: FailureDelays, address: string, times: number): number[] =>
  Array.from({ length: times }, () => {
    delays.failed(address)
    return delays.delayFor(address)
  })

test('five failures within a minute are free, then each doubles the delay up to four seconds', () => {
  const delays = new FailureDelays(clock)
  expect(delays.delayFor('10.1.2.3')).toBe(0)
  expect(fail(delays, '10.1.2.3', 13)).toEqual([
    0, 0, 0, 0, 0, 250, 500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000,
  ])
  expect(delays.delayFor('10.1.2.4')).toBe(0)
})

test('a failure counts for a minute', () => {
  const delays = new FailureDelays(clock)
  fail(delays, '10.1.2.3', 5)
  clock.pass(30_000)
  expect(fail(delays, '10.1.2.3', 2)).toEqual([250, 500])
  clock.pass(30_000)
  expect(delays.delayFor('10.1.2.3')).toBe(0)
  expect(fail(delays, '10.1.2.3', 4)).toEqual([0, 0, 0, 250])
})

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
  ['2001:0DB8:1:2::1', '2001:db8:1:2::'],
  ['fe80::1%eth0', 'fe80::2%eth1'],
  ['10.1.2.3', '::ffff:10.1.2.3'],
  ['::ffff:a01:203', '::ffff:10.1.2.3'],
])('%s and %s are slowed together', (one, other) => {
  const delays = new FailureDelays(clock)
  fail(delays, one, 6)
  expect(delays.delayFor(other)).toBe(250)
})

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:3::1'],
  ['::ffff:10.1.2.3', '::ffff:10.1.2.4'],
  ['::1', '::ffff:10.1.2.3'],
  ['127.0.0.1', '::1'],
])('%s and %s are slowed apart', (one, other) => {
  const delays = new FailureDelays(clock)
  fail(delays, one, 6)
  expect(delays.delayFor(other)).toBe(0)
})

test('of very many addresses the oldest are forgotten', () => {
  const delays = new FailureDelays(clock)
  fail(delays, 'first', 6)
  for (let at = 0; at < 9_999; at++) delays.failed(`10.0.${at >> 8}.${at & 255}`)
  expect(delays.delayFor('first')).toBe(250)
  for (let at = 0; at < 10_000; at++) delays.failed(`10.1.${at >> 8}.${at & 255}`)
  expect(delays.delayFor('first')).toBe(0)
})
