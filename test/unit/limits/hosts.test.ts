import { describe, expect, test } from 'vitest'
import { VendorError } from '../../../src/shared/errors.ts'
import { type Fleet, fleetReplies, type Host, type TagFilter } from '../../support/effects/fleet-replies.ts'
import { attemptInBothModes, type Outcome, unattendedCall } from '../../support/effects/in-memory.ts'
import { forbidden } from '../../support/effects/limit-texts.ts'
import { type Listing, MemorySession } from '../../support/effects/memory-session.ts'

// QUALYS_MAX_ASSETS_PER_RUN: how many hosts a run may have, however they are named. An unknown number is over any
// limit.

const setting = 'QUALYS_MAX_ASSETS_PER_RUN'
const tag = (id: string) => ({ id, name: `Tag ${id}` })
const [red, blue, lone] = [tag('11'), tag('12'), tag('13')]
/** Hosts 1 to 4 are red, 4 to 6 blue, 7 alone, 8 and 9 have no tags. */
const hosts: readonly Host[] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((id) => ({
  id,
  tags: [...(id <= 4 ? [red] : []), ...(id >= 4 && id <= 6 ? [blue] : []), ...(id === 7 ? [lone] : [])],
}))

function run(targets: object, most: number | undefined, fleet: Partial<Fleet> = {}): Promise<Outcome> {
  const limits = most === undefined ? {} : { QUALYS_MAX_ASSETS_PER_RUN: String(most) }
  return attemptInBothModes(
    fleetReplies({ hosts, ...fleet }),
    'car_execute_script',
    { scriptId: 5, ...targets },
    limits,
  )
}

/** At the limit it is sent, one above it is not. */
async function expectCount(
  targets: object,
  count: number,
  fleet: Partial<Fleet> = {},
  reported = count,
): Promise<void> {
  expect((await run(targets, count, fleet)).sent).toBe(1)
  expect((await run(targets, count + 1, fleet)).sent).toBe(1)
  expect(await run(targets, count - 1, fleet)).toMatchObject({
    sent: 0,
    kind: 'setup',
    text: expect.stringMatching(
      new RegExp(
        `the target has ${reported} hosts, and ${setting} is ${count - 1}\\..* Tell the person: only `,
      ),
    ),
  })
}

describe('the hosts of a run are', () => {
  test('the named ones', () => expectCount({ assetIds: [1, 2, 9] }, 3))
  test('those of a tag', () => expectCount({ assetTagIds: [11] }, 4))
  test('those of two tags, counting hosts with both once', () => expectCount({ assetTagIds: [11, 12] }, 6))
  test('those of a tag and the named ones, counting hosts in both once', () =>
    expectCount({ assetTagIds: [11], assetIds: [1, 9] }, 5))
  // If there are more than the limit and the excluded ones together, their ids need not be read.
  test('without the excluded ones', () => expectCount({ assetTagIds: [11], excludedAssetIds: [1] }, 3, {}, 4))
  test('without two excluded ones', () =>
    expectCount({ assetTagIds: [11], excludedAssetIds: [1, 2] }, 2, {}, 4))
  test('with excluded ones that are no targets', () =>
    expectCount({ assetTagIds: [11], excludedAssetIds: [9] }, 4))
  test('those of a lab', () => expectCount({ testMode: true, testAssets: [1, 2] }, 2))
  test('those of a tag of a lab', () => expectCount({ testMode: true, testTags: [12] }, 3))
  test('also hosts that cannot be looked up', () => expectCount({ assetIds: [1, 555, 556] }, 3))
})

test('without a setting they are 25 at most', async () => {
  const many = Array.from({ length: 26 }, (_, at) => at + 1)
  expect((await run({ assetIds: many.slice(1) }, undefined)).sent).toBe(1)
  expect((await run({ assetIds: many }, undefined)).text).toMatch(
    /has 26 hosts, and QUALYS_MAX_ASSETS_PER_RUN is 25\./,
  )
})

test('a refusal names each tag, and the setting', async () => {
  expect((await run({ assetTagIds: [11, 12] }, 5)).text).toBe(
    forbidden(
      `the target has 6 hosts, and ${setting} is 5`,
      setting,
      'tag "Tag 11" (id 11), tag "Tag 12" (id 12)',
    ),
  )
})

test('with a limit of zero nothing runs', async () => {
  expect((await run({ assetIds: [1] }, 0)).sent).toBe(0)
})

test('a number has thousands separators', async () => {
  const all = Array.from({ length: 1_200 }, (_, at) => ({ id: at + 1, tags: [red] }))
  expect((await run({ assetTagIds: [11] }, 25, { hosts: [...all, { id: 5_000, tags: [] }] })).text).toContain(
    'the target has 1,200 hosts,',
  )
})

const unknown = (what: string, most: number): object => ({
  sent: 0,
  kind: 'setup',
  text: expect.stringContaining(
    `the target: ${what}, and an unknown number counts as more than the ${most} of ${setting}.`,
  ),
})
const unproved = (id: number) => `how many hosts tag ${id} has cannot be proved`

describe('a count of zero proves nothing', () => {
  test('where all hosts of a tag are excluded', async () => {
    expect(await run({ assetTagIds: [13], excludedAssetIds: [7] }, 25)).toMatchObject(
      unknown('no host can be counted', 25),
    )
  })

  test('where no host has the tag', async () => {
    expect(await run({ assetTagIds: [999] }, 1_000)).toMatchObject(unknown(unproved(999), 1_000))
  })

  test('where every host has the tag: the filter selects nothing', async () => {
    const all = hosts.slice(0, 3)
    expect(await run({ assetTagIds: [11] }, 25, { hosts: all })).toMatchObject(unknown(unproved(11), 25))
  })
})

describe('a filter that Qualys does not know', () => {
  test.each<TagFilter>(['ignored', 'nothing', 'refused'])('%s: the number is unknown', async (filter) => {
    expect(await run({ assetTagIds: [11] }, 1_000_000, { filter })).toMatchObject(
      unknown(unproved(11), 1_000_000),
    )
  })

  test('by id, but by name: the hosts are counted by name', () =>
    expectCount({ assetTagIds: [11] }, 4, { filter: 'byNameOnly' }))

  test.each(['a"b', 'a`b'])('by id, and the name %j cannot be used in a filter', async (name) => {
    const odd = hosts.map((host) => ({ ...host, tags: host.tags.map(({ id }) => ({ id, name })) }))
    expect((await run({ assetTagIds: [11] }, 25, { hosts: odd })).sent).toBe(1)
    expect((await run({ assetTagIds: [11] }, 25, { hosts: odd, filter: 'byNameOnly' })).sent).toBe(0)
  })

  test('by id, and the tag shows no name', async () => {
    const replies = { ...fleetReplies({ hosts, filter: 'byNameOnly' }), car_search_asset_tags: [] }
    const args = { scriptId: 5, assetTagIds: [11] }
    expect((await attemptInBothModes(replies, 'car_execute_script', args)).sent).toBe(0)
  })

  test('because Qualys fails: the call ends in that error', async () => {
    const replies = {
      ...fleetReplies({ hosts }),
      car_search_assets: () => {
        throw new VendorError('Qualys failed.', 'Wait.')
      },
    }
    const args = { scriptId: 5, assetTagIds: [11] }
    expect(await attemptInBothModes(replies, 'car_execute_script', args)).toMatchObject({
      sent: 0,
      kind: 'vendor',
    })
  })
})

describe('a number that is not confirmed', () => {
  /** Changes the totals of the answers whose filter matches. */
  const total = (of: RegExp, change: (total: number) => number | undefined): Partial<Fleet> => ({
    altered: (listing: Listing, filter) =>
      of.test(filter ?? 'all') ? { ...listing, total: change(listing.total ?? 0) } : listing,
  })
  const impossible = /tags\.\w+:`?0+`?$/
  const ofTag = /tags\.\w+:`?[^0]/

  test.each<readonly [string, Partial<Fleet>]>([
    ['every answer has the total of the whole list', total(/./, () => 9)],
    ['no answer has a total', total(/./, () => undefined)],
    ['the total of a tag is missing', total(ofTag, () => undefined)],
    ['the total of the whole list is missing', total(/^all$/, () => undefined)],
    ['the total of a tag is zero', total(ofTag, () => 0)],
    ['the total of a tag is that of all', total(ofTag, () => 9)],
    ['a tag that cannot exist has a host', total(impossible, () => 1)],
    ['the total of a tag that cannot exist is missing', total(impossible, () => undefined)],
  ])('%s', async (_what, fleet) => {
    expect(await run({ assetTagIds: [11] }, 150, fleet)).toMatchObject(unknown(unproved(11), 150))
  })

  test('the total of a tag is one less than that of all: it counts', () =>
    expectCount({ assetTagIds: [11] }, 8, {
      altered: (listing, filter) =>
        ofTag.test(filter ?? '') ? { total: 8, rows: hosts.slice(0, 8).map(({ id }) => ({ id })) } : listing,
    }))

  test('fewer hosts are listed than counted', async () => {
    expect(
      await run(
        { assetTagIds: [11] },
        150,
        total(ofTag, (found) => found + 1),
      ),
    ).toMatchObject(unknown('the hosts of tag 11 cannot all be listed', 150))
  })

  test('a host is listed twice, instead of another', async () => {
    const fleet: Partial<Fleet> = {
      altered: ({ rows, ...rest }, filter) => ({
        ...rest,
        rows: ofTag.test(filter ?? '') ? rows.map(() => rows[0] ?? {}) : rows,
      }),
    }
    expect(await run({ assetTagIds: [11] }, 150, fleet)).toMatchObject(
      unknown('the hosts of tag 11 cannot all be listed', 150),
    )
  })

  test('more hosts are listed than counted: the listed ones count', async () => {
    const fleet = total(ofTag, () => 1)
    expect((await run({ assetTagIds: [11] }, 3, fleet)).sent).toBe(0)
    expect((await run({ assetTagIds: [11] }, 4, fleet)).sent).toBe(1)
  })

  test('two tags, one of which is not confirmed', async () => {
    const fleet = total(/tags\.\w+:`?(12|Tag 12)/, () => undefined)
    expect(await run({ assetTagIds: [11, 12] }, 150, fleet)).toMatchObject(unknown(unproved(12), 150))
  })
})

test('over the limit without a list of them: the number is enough', async () => {
  const walked: string[] = []
  const altered = (listing: Listing, filter: string | undefined): Listing => {
    if (listing.rows.length > 0 && filter?.startsWith('tags')) walked.push(filter)
    return listing
  }
  expect((await run({ assetTagIds: [11] }, 3, { altered })).text).toMatch(/the target has 4 hosts/)
  const counted = walked.length
  walked.length = 0
  // Without the excluded one they may be three: they have to be listed.
  expect((await run({ assetTagIds: [11], excludedAssetIds: [1] }, 3, { altered })).sent).toBe(1)
  expect(walked.length).toBeGreaterThan(counted)
})

test('a number costs a row each, and the hosts of a tag one list', async () => {
  const session = new MemorySession(fleetReplies({ hosts }))
  await unattendedCall(session, 'car_execute_script', { scriptId: 5, assetTagIds: [11] })
  const asked = session.calls.filter(({ name }) => name === 'car_search_assets').map(({ args }) => args)
  expect(asked).toEqual([
    { pageSize: 1 },
    { pageSize: 1, filter: 'tags.id:11' },
    { pageSize: 1, filter: 'tags.id:00000000000000000000000' },
    { filter: 'tags.id:11' },
  ])
})

test('an endless list is read until it is too long', async () => {
  const many = Array.from({ length: 30 }, (_, at) => ({ id: at + 1, tags: [red] }))
  // The total says three hosts, but batches keep coming.
  const altered = (listing: Listing, filter: string | undefined): Listing =>
    filter === 'tags.id:11' ? { ...listing, total: 3, batch: 5 } : listing
  const { text } = await run({ assetTagIds: [11] }, 10, { hosts: [...many, { id: 99, tags: [] }], altered })
  expect(text).toMatch(/the target has 15 hosts, and QUALYS_MAX_ASSETS_PER_RUN is 10\./)
})

test('one host is told as one', async () => {
  expect((await run({ assetIds: [5] }, 0)).text).toContain(
    'the target has 1 host, and QUALYS_MAX_ASSETS_PER_RUN is 0.',
  )
})
