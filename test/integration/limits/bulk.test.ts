import { describe, expect } from 'vitest'
import { type Assistant, openAssistantOn } from '../../support/assistant.ts'
import {
  changedIds,
  expectOneSentence,
  newUser,
  otherRecipient,
  recipient,
  saqChangeRequests,
} from '../../support/effects/saq/saq-objects.ts'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'

// QUALYS_MAX_BULK, and bulk calls: exactly the named objects change, or nothing is sent. (Every list of ids:
// test/unit/limits/bulk.test.ts.)

type Environment = Readonly<Record<string, string>>
type Collection = 'users' | 'templates'

interface BulkFixtures {
  /** Another assistant on the sandbox, closed after the test. */
  readonly open: (settings?: Environment) => Promise<Assistant>
  readonly idsOf: (collection: Collection) => Promise<readonly string[]>
  /** Expects a refusal in one sentence; nothing is sent. */
  readonly refused: (tool: string, args: object, says: RegExp, who?: Assistant) => Promise<void>
}

const test = testOn({ jobs: 100 }, unattendedSettings).extend<BulkFixtures>({
  open: async ({ sandbox }, use) => {
    const opened: Assistant[] = []
    await use(async (settings = {}) => {
      const assistant = await openAssistantOn(sandbox, { ...unattendedSettings, ...settings })
      opened.push(assistant)
      return assistant
    })
    for (const one of opened) await one.close()
  },
  idsOf: async ({ sandbox }, use) =>
    use(async (collection) => (await sandbox.control.dump(collection)).map(({ id }) => String(id))),
  refused: async ({ sandbox, assistant }, use) => {
    await use(async (tool, args, says, who = assistant) => {
      const { text, isError } = await who.call(tool, args)
      expect(text).toMatch(says)
      expectOneSentence(text)
      expect(isError).toBe(true)
      expect(await saqChangeRequests(sandbox.control)).toEqual([])
    })
  },
})

/** The tools that take ids, with the other arguments that they require. */
const bulk: readonly (readonly [tool: string, collection: Collection, rest: object])[] = [
  ['saq_update_users', 'users', { title: 'changed in bulk' }],
  ['saq_delete_users', 'users', {}],
  ['saq_update_templates', 'templates', { description: 'changed in bulk' }],
]
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

test.for(bulk)(
  '%s refuses a list that could mean more than its ids',
  async ([tool, collection, rest], { refused, idsOf }) => {
    for (const ids of [['*'], ['1</Criteria><Criteria field="id" operator="GREATER">0']])
      await refused(tool, { ids, ...rest }, /ids\.0: must be an id from saq_search_\w+/)
    await refused(tool, { ids: [], ...rest }, /ids: must be a list of 1 to 1,000 ids from saq_search_/)
    const ids = (await idsOf(collection)).slice(0, 1)
    await refused(tool, { ids, ...rest, filter: 'id GREATER 0' }, /there is no argument "filter"/)
  },
)

test.for(bulk)(
  '%s: 101 ids are too many, and are not even looked up',
  async ([tool, , rest], { sandbox, refused }) => {
    await refused(
      tool,
      { ids: numbers(101), ...rest },
      /^The operator’s limits forbid it: this call names 101 objects, and QUALYS_MAX_BULK is 100\. Tell the person: /,
    )
    expect(await sandbox.control.requests()).toEqual([])
  },
)

test.for(bulk)(
  '%s: an id that does not exist or is out of scope: no object is changed',
  async ([tool, collection, rest], { sandbox, refused, idsOf, open }) => {
    const before = await sandbox.control.dump(collection)
    const all = await idsOf(collection)
    await refused(
      tool,
      { ids: [...all.slice(0, 3), '999999999999'], ...rest },
      /^saq_search_\w+ shows no id 999999999999; it may lie outside the scope this user may see\./,
    )
    const scoped = await open({ QUALYS_USERNAME: 'saq-emea', QUALYS_PASSWORD: 'sandbox1' })
    const visible = await scoped.call(`saq_search_${collection}`, { pageSize: 200 }, 'json')
    const own = new Set(visible.structured.rows.map(({ id }) => String(id)))
    const [mine] = own
    const otherId = all.find((id) => !own.has(id))
    expect([mine, otherId].every((id) => id !== undefined)).toBe(true)
    await refused(tool, { ids: [mine, otherId], ...rest }, /shows no id \d+/, scoped)
    expect(await sandbox.control.dump(collection)).toEqual(before)
  },
)

test('QUALYS_MAX_BULK is enforced', async ({ refused, idsOf, open }) => {
  const who = await open({ QUALYS_MAX_BULK: '2' })
  const ids = (await idsOf('users')).slice(-3)
  await refused('saq_update_users', { ids, title: 'x' }, /QUALYS_MAX_BULK is 2\./, who)
})

describe('as many as are allowed', () => {
  test.for<readonly [string, Collection, number, object, Environment, RegExp]>([
    ['saq_update_users', 'users', 100, { company: 'One Roof' }, {}, /^100 users updated/],
    ['saq_delete_users', 'users', 100, {}, {}, /^100 users deleted/],
    ['saq_update_templates', 'templates', 20, { category: 'Moved' }, {}, /^20 templates updated/],
    ['saq_update_users', 'users', 1000, { title: 'x' }, { QUALYS_MAX_BULK: '1000' }, /^1,000 users updated/],
  ])(
    '%s: %s, %i of them and no other',
    async ([tool, collection, count, rest, settings, says], { sandbox: { control }, open }) => {
      const who = await open(settings)
      const before = await control.dump(collection)
      // Ids from distant positions: a range that includes them would include other ids too.
      const step = Math.floor(before.length / count)
      const ids = before
        .filter((_, at) => at % step === 0)
        .slice(0, count)
        .map(({ id }) => String(id))
      expect(ids).toHaveLength(count)
      const { text, isError } = await who.call(tool, { ids, ...rest })
      expect(isError, text).toBe(false)
      expect(text).toMatch(says)
      const sent = await saqChangeRequests(control)
      expect(sent).toHaveLength(1)
      expect(sent[0]?.body).toContain(`<Criteria field="id" operator="IN">${ids.join(',')}</Criteria>`)
      const after = await control.dump(collection)
      expect(changedIds(before, after)).toEqual([...ids].sort())
      expect(after).toHaveLength(before.length - (tool === 'saq_delete_users' ? count : 0))
    },
  )

  test('a single id is a list of one, and is reported as one', async ({ sandbox, assistant }) => {
    const { text, isError } = await assistant.call('saq_update_users', { ids: recipient, title: 'Alone' })
    expect(isError, text).toBe(false)
    expect(text).toMatch(/^1 user updated/)
    const [request] = await saqChangeRequests(sandbox.control)
    expect(request?.body).toContain(`<Criteria field="id" operator="EQUALS">${recipient}</Criteria>`)
  })
})

describe('new users', () => {
  const crowd = (count: number): Readonly<Record<string, unknown>>[] =>
    Array.from({ length: count }, () => newUser())

  test('100 are created in one request, and nobody else changes', async ({ sandbox, assistant }) => {
    const { control } = sandbox
    const before = await control.dump('users')
    const users = crowd(100)
    const { text, isError } = await assistant.call('saq_create_users', { users })
    expect(isError, text).toBe(false)
    expect(text).toMatch(/^100 users sent; Qualys counts 100 created/)
    expect(await saqChangeRequests(control)).toHaveLength(1)
    const after = await control.dump('users')
    const added = changedIds(before, after)
    expect(added).toHaveLength(100)
    expect(before.every(({ id }) => !added.includes(String(id)))).toBe(true)
    const addresses = after.map(({ emailAddress }) => emailAddress)
    for (const { emailAddress } of users) expect(addresses).toContain(emailAddress)
  })

  test('101 are too many', async ({ refused }) => {
    const users = crowd(101)
    await refused('saq_create_users', { users }, /names 101 objects, and QUALYS_MAX_BULK is 100\./)
  })

  test('an empty list, or something else, is refused', async ({ refused }) => {
    await refused('saq_create_users', { users: [{}] }, /users\.0[\w.]*: must /)
  })
})

// The list was read a minute ago, and another user has deleted the user since: Qualys no longer shows it.
test('an id that existed a minute ago: nothing is sent', async ({ sandbox, assistant, open, refused }) => {
  const users = [newUser(), newUser()]
  await assistant.call('saq_create_users', { users })
  const { emailAddress } = users[0] ?? {}
  const found = await assistant.call('saq_search_users', { emailAddress }, 'json')
  const id = String(found.structured.rows[0]?.['id'])
  expect((await (await open()).call('saq_delete_user', { userId: id })).isError).toBe(false)
  await sandbox.control.clearRequests()
  await refused('saq_update_users', { ids: [recipient, id], title: 'x' }, /shows no id/)
  await refused('saq_delete_users', { ids: [otherRecipient, id] }, /shows no id/)
})
