import { describe, expect, test } from 'vitest'
import {
  type Meaning,
  ResultHosts,
  resultFields,
} from '../../../src/operations/car/host-filters/result-hosts.ts'

// Which hosts have no result: by what results name their hosts, and hosts show of themselves.

const uuid = '0479cf1f-0a8e-4a9d-9d3a-6c4a90f1f0b2'
const other = '1479cf1f-0a8e-4a9d-9d3a-6c4a90f1f0b2'
const done = { endDate: '2026-11-20T10:00:00Z', output: { code: 0 } }

/** The hosts of some results, each of which counts. */
function hostsOf(results: readonly object[], max?: number, meaning: Meaning = 'is one'): ResultHosts {
  const hosts = new ResultHosts(() => meaning, max)
  for (const result of results) hosts.add({ ...result })
  return hosts
}

const both = { id: 5, agentUuid: uuid }

describe('a result names its host', () => {
  test.each<readonly [string, object]>([
    ['by number', { asset: { id: 5 } }],
    ['by number as text', { asset: { id: '5' } }],
    ['by number and UUID', { asset: { id: uuid, assetId: 5 } }],
    ['by UUID', { asset: { agentUuid: uuid.toUpperCase() } }],
    ['by UUID as its id', { asset: { id: uuid } }],
    ['by UUID under another name', { asset: { UUId: uuid } }],
    ['by number alone', { asset: 5 }],
    ['by UUID alone', { asset: uuid }],
    ['in the result itself', { assetId: 5 }],
    ['in the result itself, by UUID', { agentUuid: uuid }],
  ])('%s', (_, naming) => {
    const hosts = hostsOf([{ ...done, ...naming }])
    expect(hosts.nameless).toBe(0)
    expect(hosts.lacks(both)).toBe(false)
    expect(hosts.lacks({ id: 6, agentUuid: other })).toBe(true)
    expect(Object.keys(naming).every((name) => resultFields.includes(name))).toBe(true)
  })

  test.each<readonly [string, object]>([
    ['not at all', {}],
    ['by name', { asset: { name: 'host-5' } }],
    ['by null', { asset: null }],
    ['by nothing', { asset: { id: '', agentUuid: 'none' } }],
    ['by its own UUID', { uuid }],
  ])('or %s: every host without one is unknown', (_, naming) => {
    const hosts = hostsOf([
      { ...done, asset: { id: 5 } },
      { ...done, ...naming },
    ])
    expect(hosts.nameless).toBe(1)
    expect(hosts.lacks(both)).toBe(false)
    expect(hosts.lacks({ id: 6, agentUuid: other })).toBeUndefined()
  })
})

describe('a host without a result', () => {
  test.each<readonly [string, object, object, boolean | undefined]>([
    ['shows a number, results name UUIDs', { agentUuid: uuid }, { id: 6 }, undefined],
    ['shows a UUID, results name numbers', { id: 5 }, { id: other }, undefined],
    ['shows both, results name numbers', { id: 5 }, { id: 6, agentUuid: other }, true],
    ['shows both, results name UUIDs', { agentUuid: uuid }, { id: 6, agentUuid: other }, true],
    ['shows nothing', { id: 5 }, { id: 'x' }, undefined],
  ])('%s', (_, asset, host, verdict) => {
    expect(hostsOf([{ ...done, asset }]).lacks({ ...host })).toBe(verdict)
  })

  test('is known if each result names one of what it shows', () => {
    const hosts = hostsOf([
      { ...done, asset: { id: 5 } },
      { ...done, asset: { agentUuid: uuid } },
    ])
    expect(hosts.lacks({ id: 6, agentUuid: other })).toBe(true)
    expect(hosts.lacks({ id: 6 })).toBeUndefined()
    expect(hosts.lacks({ id: other })).toBeUndefined()
  })

  test('is one if there are no results at all', () => expect(hostsOf([]).lacks({ id: 5 })).toBe(true))
})

describe('an open result', () => {
  const open = { asset: { id: 5 } }

  test('is none', () => {
    for (const results of [
      [open, { ...done, asset: { id: 7 } }],
      [{ ...done, asset: { id: 7 } }, open],
    ]) {
      const hosts = hostsOf(results)
      expect(hosts.lacks({ id: 5 })).toBe(true)
      expect(hosts.lacks({ id: 7 })).toBe(false)
      expect({ read: hosts.read, open: hosts.open, nameless: hosts.nameless }).toEqual({
        read: 2,
        open: 1,
        nameless: 0,
      })
    }
  })

  test('may be one if no result at all shows how it ended', () => {
    const hosts = hostsOf([open, { asset: { id: 7 } }])
    expect(hosts.lacks({ id: 5 })).toBeUndefined()
    expect(hosts.lacks({ id: 6 })).toBe(true)
  })

  test('without a host is forgotten once results show how they ended', () => {
    const hosts = hostsOf([{}, { ...done, asset: { id: 7 } }])
    expect(hosts.nameless).toBe(0)
    expect(hosts.lacks({ id: 6 })).toBe(true)
  })
})

test('a host whose results may count is unknown', () => {
  const hosts = hostsOf([{ ...done, asset: { id: 5 } }], undefined, 'may be one')
  expect(hosts.lacks({ id: 5 })).toBeUndefined()
  expect(hosts.lacks({ id: 6 })).toBe(true)
  expect(hosts.unclear).toBe(1)
})

test('only so many hosts are kept: others are unknown then', () => {
  const hosts = hostsOf(
    [1, 2, 2, 3, 4].map((id) => ({ ...done, asset: { id } })),
    3,
  )
  expect(hosts.isFull).toBe(true)
  expect([1, 2, 3, 4, 5].map((id) => hosts.lacks({ id }))).toEqual([
    false,
    false,
    false,
    undefined,
    undefined,
  ])
})
