import { expect, test } from 'vitest'
import { httpFuzz } from '../../nightly/http-fuzz/http-fuzz.ts'

// A part of npm run fuzz -- --http, in which each kind of request occurs.

test('requests that no client should send', async () => {
  const { sent, controls, received, complaints } = await httpFuzz(2_000, 20_261_130)
  expect(complaints).toEqual([])
  expect(sent).toBeGreaterThanOrEqual(2_000)
  expect(controls).toBeGreaterThanOrEqual(36)
  // They were taken, and refused by each check.
  for (const kind of [
    '200',
    '202',
    '204',
    '400',
    '401',
    '403',
    '404',
    '405',
    '406',
    '413',
    '415',
    '417',
    '431',
  ])
    expect(received.get(kind), kind).toBeGreaterThan(0)
  for (const kind of ['result', 'error -32601', 'error -32602', 'error -32700'])
    expect(received.get(kind), kind).toBeGreaterThan(0)
})
