import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { attemptInBothModes, effects, operationNamed } from '../../support/effects/in-memory.ts'
import { forbidden } from '../../support/effects/limit-texts.ts'
import type { Replies } from '../../support/effects/memory-session.ts'
import { newUser, otherRecipient, recipient } from '../../support/effects/saq/saq-objects.ts'

// QUALYS_MAX_BULK, and bulk calls: exactly the named objects change, or nothing is sent.

/** The schema errors of a tool's arguments, as `path: message`. */
function complaints(tool: string, args: object): string[] {
  const { error } = z.strictObject(operationNamed(tool).input).safeParse(args)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)
const list = /^ids: must be a list of 1 to 1,000 ids from saq_search_/
const one = /^ids\.\d+: must be an id from saq_search_\w+/
const twice = /^ids: names an id twice; name each once$/

const wrong: Readonly<Record<string, readonly [ids: unknown, says: RegExp]>> = {
  'no ids': [undefined, list],
  null: [null, list],
  'an empty list': [[], list],
  'an object': [{ 0: recipient }, list],
  'everything, as a star': [['*'], one],
  'an empty id': [[''], one],
  'a blank id': [[recipient, ' '], one],
  'an id with a blank inside': [[`${recipient} 1`], one],
  'several in one': [[`${recipient},${otherRecipient}`], one],
  'a word': [['all'], one],
  'a criterion': [['1" operator="GREATER'], one],
  'an element': [['1</Criteria><Criteria field="id" operator="GREATER">0'], one],
  'a fraction': [[1.5], one],
  'a negative one': [[-1], one],
  'leading zeros': [[`0${recipient}`], one],
  'digits of another script': [['٣٣٩٥٩٠'], one],
  'an exponent': [['4e5'], one],
  'a number that has lost digits': [[2 ** 53 + 2], one],
  'more digits than a Long has': [['9'.repeat(20)], one],
  'a null among them': [[recipient, null], one],
  'a list in the list': [[[recipient]], one],
  'the same twice': [[recipient, recipient], twice],
  'the same as number and text': [[recipient, Number(recipient)], twice],
  'more than any setting allows': [numbers(1001), list],
}

/** The tools that take ids, with the other arguments that they require. */
const bulk = [
  ['saq_update_users', 'saq_search_users', { title: 'changed in bulk' }],
  ['saq_delete_users', 'saq_search_users', {}],
  ['saq_update_templates', 'saq_search_templates', { description: 'changed in bulk' }],
] as const

describe.each(bulk)('%s', (tool, search, rest) => {
  test.each(Object.entries(wrong))('refuses ids that are %s', (_what, [ids, says]) => {
    const [first = '', ...more] = complaints(tool, { ids, ...rest })
    expect(first).toMatch(says)
    expect(more).toEqual([])
  })

  test.each([
    ['one', [recipient]],
    ['one as a number', [Number(recipient)]],
    ['one without a list', recipient],
    ['zero', ['0']],
    ['as many digits as a Long has', ['9'.repeat(19)]],
    ['1,000', numbers(1000)],
  ])('accepts %s', (_what, ids) => {
    expect(complaints(tool, { ids, ...rest })).toEqual([])
  })

  const rows: Replies = {
    [search]: ({ id }) => (id as string[]).map((one) => ({ id: one })),
  }

  test.each([
    ['100', {}, 100],
    ['the setting', { QUALYS_MAX_BULK: '7' }, 7],
    ['one', { QUALYS_MAX_BULK: '1' }, 1],
  ])('enforces the limit: %s', async (_what, limits, most) => {
    expect((await attemptInBothModes(rows, tool, { ids: numbers(most), ...rest }, limits)).sent).toBe(1)
    // Nothing is looked up: there are no answers.
    expect(await attemptInBothModes({}, tool, { ids: numbers(most + 1), ...rest }, limits)).toEqual({
      sent: 0,
      kind: 'setup',
      text: forbidden(
        `this call names ${most + 1} objects, and QUALYS_MAX_BULK is ${most}`,
        'QUALYS_MAX_BULK',
      ),
    })
  })

  test('changes nothing where one id does not exist', async () => {
    const short: Replies = { [search]: [{ id: '1' }, { id: '2' }] }
    expect(await attemptInBothModes(short, tool, { ids: [1, 3, 2], ...rest })).toEqual({
      sent: 0,
      kind: 'input',
      text: `${search} shows no id 3; it may lie outside the scope this user may see. Pass ids as that list shows them.`,
    })
  })
})

test('these are all tools of SAQ that take ids', () => {
  const tools = effects.filter(({ name, input }) => name.startsWith('saq_') && 'ids' in input)
  expect(tools.map(({ name }) => name as string).sort()).toEqual(bulk.map(([tool]) => tool).sort())
})

describe('new users', () => {
  const crowd = (count: number): object[] => Array.from({ length: count }, () => newUser())
  const nobody: Replies = { saq_search_users: [] }

  test.each([
    [
      'none',
      undefined,
      'users: must be a list of users, each with firstName, lastName, company and emailAddress',
    ],
    ['an empty list', [], 'users: must hold at least one user'],
    [
      'a text',
      'x',
      'users: must be a list of users, each with firstName, lastName, company and emailAddress',
    ],
    ['1,001', crowd(1001), 'users: must hold at most 1,000 users'],
  ])('%s are refused', (_what, users, says) => {
    expect(complaints('saq_create_users', { users })).toEqual([says])
  })

  test.each([[[null]], [[{}]]])('%j are refused', (users) => {
    for (const said of complaints('saq_create_users', { users })) expect(said).toMatch(/^users\.0(\.\w+)?: /)
    expect(complaints('saq_create_users', { users }).length).toBeGreaterThan(0)
  })

  test.each([
    ['100', {}, 100],
    ['the setting', { QUALYS_MAX_BULK: '2' }, 2],
  ])('are limited: %s', async (_what, limits, most) => {
    expect((await attemptInBothModes(nobody, 'saq_create_users', { users: crowd(most) }, limits)).sent).toBe(
      1,
    )
    expect(
      (await attemptInBothModes({}, 'saq_create_users', { users: crowd(most + 1) }, limits)).text,
    ).toMatch(new RegExp(`this call names ${most + 1} objects, and QUALYS_MAX_BULK is ${most}\\.`))
  })
})

test('removed recipients are limited', async () => {
  const replies: Replies = {
    saq_search_users: ({ id }) => (id as string[]).map((one) => ({ id: one })),
    saq_get_campaign: { id: '1', status: 'INACTIVE' },
  }
  const remove = (count: number) =>
    attemptInBothModes(
      replies,
      'saq_update_campaign',
      { campaignId: 1, removeRecipientIds: numbers(count) },
      { QUALYS_MAX_BULK: '3' },
    )
  expect((await remove(3)).sent).toBe(1)
  expect((await remove(4)).text).toMatch(/this call names 4 objects, and QUALYS_MAX_BULK is 3\./)
})
