import { expect, test } from 'vitest'
import { seenFilter } from '../../../src/operations/car/host-filters/seen-filter.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Reads } from '../../../src/operations/reads/local-filter.ts'

// Whether a host was seen since a time: by the fields that sister modules have, in the forms of Qualys' times.

const since = '2026-11-01T00:00:00.000Z'
const [before, after] = ['2026-10-31T23:59:59Z', '2026-11-01T00:00:00Z']
const ms = Date.parse(before)

const prepared = () => seenFilter.prepare(since as never, {} as Reads<Operation>, {})

test.each<readonly [object, boolean | undefined]>([
  [{ lastSeen: before }, true],
  [{ lastSeen: after }, false],
  [{ lastSeen: ms }, true],
  [{ lastSeen: String(ms) }, true],
  [{ lastSeen: { dateTime: ms } }, true],
  [{ lastCheckedIn: before }, true],
  [{ lastCheckedInDate: after }, false],
  [{ lastSeen: before, lastCheckedIn: after }, false],
  [{ lastSeen: before, statusDateTime: after }, true],
  [{ lastSeen: null, statusDateTime: ms }, true],
  [{ statusDateTime: after }, false],
  [{ agentService: { updatedDate: before } }, true],
  [{ manifest: { updatedDate: after }, agentService: { updatedDate: before } }, false],
  [{ lastSeen: 0 }, true],
  [{ lastSeen: '2026-10-31 23:59' }, undefined],
  [{ lastSeen: '' }, undefined],
  [{ manifest: null, agentService: 'OK' }, undefined],
  [{}, undefined],
])('%j: %s', async (host, verdict) => {
  expect((await prepared()).test?.({ ...host })).toBe(verdict)
})

test('the answer says of how many hosts something else counts as last seen', async () => {
  const { test: isBefore, notes } = await prepared()
  for (const host of [{ lastSeen: before }, { statusDateTime: ms }, { statusDateTime: ms }]) isBefore?.(host)
  expect(notes?.()).toEqual(['Of 2 hosts only the last change of status is shown: it counts as last seen.'])
})
