import { describe, expect, test } from 'vitest'
import { tagFilter, withoutTagFilter } from '../../../src/operations/car/host-filters/tag-filter.ts'
import { tagInput, withTagNames } from '../../../src/operations/car/names/tag-names.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Reads } from '../../../src/operations/reads/local-filter.ts'
import type { Row } from '../../../src/session/answer.ts'

// Whether a host has a tag, and the names of tags: in every form in which records may name them.

const uuids = {
  servers: '0479cf1f-0a8e-4a9d-9d3a-6c4a90f1f0b2',
  lab: '1479cf1f-0a8e-4a9d-9d3a-6c4a90f1f0b2',
  unknown: '2479cf1f-0a8e-4a9d-9d3a-6c4a90f1f0b2',
}
const servers = { id: '71', tagId: 901, tagUuid: uuids.servers.toUpperCase(), name: 'Servers' }
const named2025 = { id: '2025', tagUuid: '3479cf1f-0a8e-4a9d-9d3a-6c4a90f1f0b2', name: 'Old' }
const lab = { id: '72', uuid: uuids.lab, name: 'Lab' }

/** The list of tags in memory; without `rows` it cannot be read. */
function listsWith(
  rows: readonly Row[] | undefined,
  labRows: readonly Row[] = [lab],
  singles: readonly Row[] = [],
) {
  const reads: unknown[] = []
  const whole = async (_list: Operation, input?: Row): Promise<readonly Row[]> => {
    reads.push(input)
    if (!rows) throw new Error('refused')
    return input ? labRows : rows
  }
  const attempt = (reading: () => Promise<unknown>) => reading().catch(() => undefined)
  const said: string[] = []
  const say = (note: string) => void said.push(note)
  const find = async (): Promise<ReadonlyMap<string, Row>> =>
    new Map(singles.map((row) => [String(row['id']), row]))
  // Only this of the lists is used.
  return { reads, said, lists: { whole, attempt, say, find } as unknown as Reads<Operation> }
}

const all = [servers, named2025]

async function verdict(tagId: string, tags: unknown, rows: readonly Row[] | undefined = all) {
  const { test } = await tagFilter.prepare(tagId as never, listsWith(rows).lists, {})
  return test?.({ id: 5, ...(tags !== undefined && { tags }) })
}

describe('a host with the tag', () => {
  test.each<readonly [string, unknown]>([
    ['by id and name', [{ id: '71', name: 'Servers' }]],
    ['by id as a number', [{ id: 71 }]],
    ['by id alone', ['71']],
    ['by number alone', [71]],
    ['by its other number', [{ id: 901, name: 'x' }]],
    ['by UUID', [uuids.servers]],
    ['by UUID as its id', [{ id: uuids.servers }]],
    ['by UUID in a field of its own', [{ tagUuid: uuids.servers }]],
    ['by name', ['Servers']],
    ['by name in an object', [{ name: 'Servers' }]],
    ['behind others', [uuids.unknown, 'Other', null, '71']],
  ])('%s', async (_, tags) => expect(await verdict('71', tags)).toBe(true))
})

describe('a host without the tag', () => {
  test.each<readonly [string, unknown]>([
    ['has none', []],
    ['has others by id', [{ id: '72', name: 'Servers' }, '73', 74]],
    ['has others by UUID', [uuids.lab, { id: uuids.unknown }]],
    ['has others by name', ['servers', { name: 'Servers 2' }]],
  ])('%s', async (_, tags) => expect(await verdict('71', tags)).toBe(false))
})

describe('unknown is a host', () => {
  test.each<readonly [string, unknown]>([
    ['without tags', undefined],
    ['whose tags are no list', { list: [] }],
    ['whose tags are null', null],
    ['with a tag that shows nothing', ['', {}, null]],
  ])('%s', async (_, tags) => expect(await verdict('71', tags)).toBeUndefined())

  test.each<readonly [string, string, unknown]>([
    ['with UUIDs', '999', [uuids.servers]],
    ['with names', '999', ['Servers']],
    ['with numbers, asked by UUID', uuids.unknown, [{ id: '71', name: 'Servers' }]],
  ])('%s, if no list shows the tag', async (_, tagId, tags) => {
    expect(await verdict(tagId, tags)).toBeUndefined()
    expect(await verdict(tagId, tags, undefined)).toBeUndefined()
  })

  test('but by its own id or UUID it is found without a list', async () => {
    expect(await verdict('999', [{ id: 999 }], undefined)).toBe(true)
    expect(await verdict('999', [{ id: 71 }], undefined)).toBe(false)
    expect(await verdict(uuids.unknown, [uuids.unknown.toUpperCase()], undefined)).toBe(true)
  })
})

test('a tag of the lab is looked up with a filter of its own', async () => {
  expect(await verdict('72', [uuids.lab])).toBe(true)
  expect(await verdict(uuids.lab, [{ id: '72' }])).toBe(true)
})

describe('a tag by its name', () => {
  const twins = [
    { id: '1', name: 'Twin' },
    { id: '2', name: 'Twin' },
    { id: '3', name: 'twin' },
  ]

  test.each<readonly [string, unknown, boolean | undefined]>([
    ['Servers', [{ id: '71' }], true],
    ['servers', [{ id: '71', name: 'Renamed' }], true],
    ['  Servers ', [uuids.servers], true],
    ['Servers', [{ id: 901 }], true],
    ['Servers', [{ id: '72', name: 'Servers' }], false],
    ['Server', ['Servers'], false],
    ['Lab', [uuids.lab], true],
    ['Not listed', ['Not listed'], true],
    ['Not listed', [{ id: '71' }], undefined],
    ['Twin', [{ id: '2' }], true],
    ['Twin', [{ id: '3' }], false],
    ['TWIN', [{ id: '3' }], true],
  ])('%s among %j: %s', async (name, tags, expected) => {
    expect(await verdict(tagInput.parse(name), tags, [...all, ...twins])).toBe(expected)
  })

  const notesOf = async (input: string, rows: readonly Row[] | undefined) =>
    (await tagFilter.prepare(input as never, listsWith(rows).lists, {})).notes?.()

  test('is said to be that of several tags, or of none', async () => {
    expect(await notesOf('Servers', all)).toEqual([])
    expect(await notesOf('TWIN', twins)).toEqual(['3 tags have this name (1, 2, 3): any of them counts.'])
    expect(await notesOf('Servers', undefined)).toEqual([
      'The list of tags cannot be read. Rows are compared with that name alone.',
    ])
    expect(await notesOf('No such', all)).toEqual([
      'No list of tags shows the name "No such" (match of car_search_asset_tags finds parts of names); lab tags may be missing there. Rows are compared with that name alone.',
    ])
    const long = Array<Row>(9_999).fill({ id: '4', name: 'Other' })
    expect((await notesOf('No such', long))?.join()).toContain('None of the first 9,999 tags shows the name')
  })

  test('is compared only if the list shows it', async () => {
    expect(await verdict('71', ['Servers'], [{ id: '71', name: null }])).toBeUndefined()
  })

  test.each(['', ' ', 'x'.repeat(1_025), ['a'], { id: 1 }, 2 ** 53])('%j is refused', (value) => {
    expect(tagInput.safeParse(value).error?.issues[0]?.message).toBe(
      'must be an id from car_search_asset_tags, or the exact name of a tag',
    )
  })
})

describe('without a tag', () => {
  test.each<readonly [string, unknown, boolean | undefined]>([
    ['*', [], true],
    ['*', [{ id: '71' }], false],
    ['*', [{}], false],
    ['*', null, undefined],
    ['*', undefined, undefined],
    ['*', 'Servers', undefined],
    ['servers', [], true],
    ['servers', [{ id: '71' }], false],
    ['71', [{ id: '72' }], true],
    ['71', [{}], undefined],
    ['71', undefined, undefined],
  ])('%s among %j: %s', async (input, tags, expected) => {
    const { test: passes } = await withoutTagFilter.prepare(input as never, listsWith(all).lists, {})
    expect(passes?.({ id: 5, tags })).toBe(expected)
  })
})

test('a tag beyond the first ones of a long list is asked for by its id', async () => {
  const far = { id: '20000', tagUuid: uuids.unknown, name: 'Far' }
  const { test: passes, notes } = await tagFilter.prepare(
    '20000' as never,
    listsWith(all, [], [far]).lists,
    {},
  )
  expect(passes?.({ id: 5, tags: [uuids.unknown] })).toBe(true)
  expect(notes?.()).toEqual([])
})

describe('names of tags', () => {
  const host = (...tags: readonly unknown[]): Row => ({ id: 5, tags })

  test('replace ids and UUIDs; what is not known or has a name stays', async () => {
    const { lists, said } = listsWith(all)
    const given = [
      ...[uuids.servers, { id: uuids.servers }, { id: 71, colour: 'red' }, '72', uuids.lab],
      ...[uuids.unknown, 'Name', { id: 'x', name: 'Y' }, { id: uuids.servers, name: 'Own' }, null, '1'],
    ]
    const [row] = await withTagNames([host(...given)], lists)
    const pair = { id: '71', name: 'Servers' }
    expect(said).toHaveLength(1)
    expect(row?.['tags']).toEqual([
      ...[pair, pair, pair],
      ...Array(2).fill({ id: '72', name: 'Lab' }),
      ...given.slice(5),
    ])
  })

  test('are not looked up where every tag has one', async () => {
    const { lists, reads, said } = listsWith(all)
    const rows = [host({ id: '71', name: 'Servers' }, 'Name'), host(), { id: 5 }, { id: 6, tags: null }]
    expect(await withTagNames(rows, lists)).toBe(rows)
    expect([...reads, ...said]).toEqual([])
  })

  test('are left out where the list cannot be read, or shows none', async () => {
    const rows = [host(uuids.servers)]
    const unread = listsWith(undefined)
    expect(await withTagNames(rows, unread.lists)).toBe(rows)
    expect(unread.said).toEqual(['The list of tags cannot be read: tags of hosts stand without names.'])
    const unlisted = listsWith([], [])
    expect(await withTagNames(rows, unlisted.lists)).toBe(rows)
    expect(unlisted.said).toEqual(['Some tags of hosts stand without names: no list shows them.'])
    expect(await withTagNames(rows, listsWith([{ ...servers, name: null }], []).lists)).toEqual(rows)
  })
})
