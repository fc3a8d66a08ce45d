import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { minimalArgumentsInMemory } from '../../support/consent/replies.ts'
import { attemptInBothModes, effectNamed, effects, validated } from '../../support/effects/in-memory.ts'
import { forbidden } from '../../support/effects/limit-texts.ts'
import type { Replies } from '../../support/effects/memory-session.ts'

// QUALYS_MAX_BULK: every list of objects that a call names, in every tool.

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at + 1))
const hostLists = 'hosts have a limit of their own, and tags are counted as the hosts they hold'
const notObjects = 'no object of the account'
const ofTemplate = 'they are parts of one template'

/** Lists that have no part in the limit, and why. */
const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  car_execute_script: {
    assetIds: hostLists,
    assetTagIds: hostLists,
    excludedAssetIds: 'they are spared',
    testAssets: hostLists,
    testTags: hostLists,
    params: notObjects,
  },
  car_create_schedule: { assets: hostLists, assetTags: hostLists, excludedAssets: 'they are spared' },
  car_update_schedule: { assets: hostLists, assetTags: hostLists, excludedAssets: 'they are spared' },
  car_create_script: { params: notObjects },
  car_update_script: { params: notObjects, edits: 'they are parts of one script' },
  saq_create_campaign: { notifications: 'they are parts of one campaign' },
  saq_update_campaign: { notifications: 'they are parts of one campaign' },
  saq_create_template: { sections: ofTemplate, scoring: ofTemplate },
  saq_update_templates: { sections: ofTemplate, scoring: ofTemplate, edits: ofTemplate },
  saq_update_user: { tags: 'names, as parts of one user' },
  saq_update_users: { tags: 'names, as parts of each user' },
}

/** Three entries of a list, as its tool takes them. */
const entries: Readonly<Record<string, readonly unknown[]>> = {
  commands: ['rm', 'dd', 'mkfs'],
  scripts: numbers(3).map((id) => ({ id, title: `script ${id}` })),
  users: ['a', 'b', 'c'].map((name) => ({
    ...{ firstName: name, lastName: 'Day', company: 'Acme' },
    emailAddress: `${name}@acme.example`,
  })),
}

/** The inputs of all effects that are lists. */
const lists = effects.flatMap(({ name, input }) => {
  const schema = z.toJSONSchema(z.object(input), { io: 'input', unrepresentable: 'any' })
  return Object.entries(schema.properties ?? {}).flatMap(([input, property]) =>
    typeof property === 'object' && property.type === 'array' ? [{ name, input }] : [],
  )
})

test('these are lists of all kinds', () => {
  expect(lists.map(({ name, input }) => `${name} ${input}`)).toEqual(
    expect.arrayContaining([
      'car_block_assets assetIds',
      'car_unblock_tags tagIds',
      'car_delete_blocked_commands commandIds',
      'car_add_blocked_commands commands',
      'car_update_blocked_commands commands',
      'car_create_schedule scripts',
      'car_delete_invalid_asset_jobs ids',
      'car_execute_script assetIds',
      'saq_update_campaign addRecipientIds',
      'saq_create_campaign recipientIds',
      'saq_create_users users',
    ]),
  )
})

test.each(lists)('$name $input counts, or is listed with a reason', async ({ name, input }) => {
  if (exceptions[name]?.[input] !== undefined) return
  const least = await minimalArgumentsInMemory()
  const operation = effectNamed(name)
  const args = { ...least[name], [input]: entries[input] ?? numbers(3) }
  expect(operation.change.targets(validated(operation, args)).bulkSize).toBe(3)
})

describe('a list is sent at the limit and not over it', () => {
  const campaign: Replies = {
    saq_search_users: ({ id }) => (id as string[]).map((one) => ({ id: one })),
    saq_get_campaign: { id: '1', status: 'ACTIVE' },
  }
  const guards: Replies = { car_search_assets: [], car_search_asset_tags: [] }
  const sets: Replies = {
    car_search_blocked_commands: numbers(8).map((commandId) => ({
      commandId,
      languageId: '201',
      commands: ['rm'],
    })),
  }
  const results: Replies = { car_search_asset_jobs: numbers(8).map((id) => ({ id })) }
  test.each<readonly [string, object, string, Replies]>([
    ['car_block_assets', {}, 'assetIds', guards],
    ['car_unblock_assets', {}, 'assetIds', guards],
    ['car_block_tags', {}, 'tagIds', guards],
    ['car_unblock_tags', {}, 'tagIds', guards],
    ['car_delete_blocked_commands', {}, 'commandIds', sets],
    ['car_delete_invalid_asset_jobs', {}, 'ids', results],
    ['saq_update_campaign', { campaignId: 1 }, 'addRecipientIds', campaign],
    ['saq_update_campaign', { campaignId: 1 }, 'removeRecipientIds', campaign],
    ['saq_update_campaign', { campaignId: 1, removeRecipientIds: [91, 92] }, 'addRecipientIds', campaign],
  ])('%s %j %s', async (tool, args, input, replies) => {
    const others = Object.values(args).flatMap((value) => (Array.isArray(value) ? value : [])).length
    const call = (count: number) =>
      attemptInBothModes(
        replies,
        tool,
        { ...args, [input]: numbers(count) },
        { QUALYS_MAX_BULK: String(7 + others) },
      )
    // Whether each of them was done is another matter.
    for (const count of [6, 7]) expect((await call(count)).sent).toBe(1)
    expect(await call(8)).toEqual({
      sent: 0,
      kind: 'setup',
      text: forbidden(
        `this call names ${8 + others} objects, and QUALYS_MAX_BULK is ${7 + others}`,
        'QUALYS_MAX_BULK',
      ),
    })
  })
})

describe('people of a company or with a tag are counted once they are found', () => {
  const people = (count: number): Replies => ({
    saq_search_users: numbers(count).map((id) => ({ id, company: 'Acme', tags: [{ name: 'Suppliers' }] })),
    saq_get_campaign: { id: '1', status: 'INACTIVE', recipients: [] },
  })

  test.each(['addRecipientCompany', 'addRecipientTag'])('%s', async (input) => {
    const name = input === 'addRecipientTag' ? 'Suppliers' : 'Acme'
    const call = (count: number) =>
      attemptInBothModes(
        people(count),
        'saq_update_campaign',
        { campaignId: 1, [input]: name },
        { QUALYS_MAX_BULK: '3' },
      )
    for (const count of [2, 3]) expect((await call(count)).sent).toBe(1)
    expect((await call(4)).text).toMatch(/this call names 4 objects, and QUALYS_MAX_BULK is 3\./)
    expect((await call(4)).sent).toBe(0)
  })
})
