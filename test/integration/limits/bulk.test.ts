import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import {
  changesAt,
  differing,
  expectOneSentence,
  otherRecipient,
  recipient,
  somebody,
} from '../effects/saq-ground.ts'

// QUALYS_MAX_BULK, and what a bulk call names: exactly these objects change, or nothing is sent.

type Row = Readonly<Record<string, unknown>>
type Sandbox = Awaited<ReturnType<typeof openSandbox>>

const open: Assistant[] = []
async function assistantWith(sandbox: Sandbox, settings: Readonly<Record<string, string>> = {}) {
  const assistant = await assistantOn(sandbox, {
    QUALYS_MODE: 'unattended',
    QUALYS_UNVERIFIED: 'all',
    ...settings,
  })
  open.push(assistant)
  return assistant
}

let sandbox: Sandbox
let assistant: Assistant
/** Users and templates of the sandbox, by id. */
let known: Readonly<Record<'users' | 'templates', readonly string[]>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  assistant = await assistantWith(sandbox)
  const idsOf = async (collection: string) =>
    (await sandbox.control.truth(collection)).map(({ id }) => String(id))
  known = { users: await idsOf('users'), templates: await idsOf('templates') }
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  for (const one of open) await one.close()
  await sandbox.close()
})

/** The tools that take ids, with the least that else they need. */
const bulk = [
  ['saq_update_users', 'users', { title: 'changed in bulk' }],
  ['saq_delete_users', 'users', {}],
  ['saq_update_templates', 'templates', { description: 'changed in bulk' }],
] as const

async function expectRefused(tool: string, args: object, says: RegExp, who = assistant): Promise<void> {
  const { text, isError } = await who.call(tool, args)
  expect(text).toMatch(says)
  expectOneSentence(text)
  expect(isError).toBe(true)
  expect(await changesAt(sandbox.control)).toEqual([])
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

describe.each(bulk)('%s', (tool, collection, rest) => {
  const list = /ids: must be a list of 1 to 1,000 ids from saq_search_/
  const one = /ids\.\d+: must be an id from saq_search_\w+/
  const wrong: Readonly<Record<string, readonly [ids: unknown, says: RegExp]>> = {
    'no ids': [undefined, list],
    null: [null, list],
    'an empty list': [[], list],
    'an object': [{ 0: recipient }, list],
    'everything, as a star': [['*'], one],
    'an empty id': [[''], one],
    'a blank id': [[recipient, ' '], one],
    'an id with blanks': [[`${recipient} `], one],
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
    'the same twice': [[recipient, recipient], /ids: names an id twice; name each once/],
    'the same as number and text': [[recipient, Number(recipient)], /ids: names an id twice/],
    'more than any setting allows': [numbers(1001), list],
  }

  test.each(Object.entries(wrong))('%s: nothing is sent', (_what, [ids, says]) =>
    expectRefused(tool, { ids, ...rest }, says),
  )

  test('a filter beside the ids is no argument', () =>
    expectRefused(
      tool,
      { ids: known[collection].slice(0, 1), ...rest, filter: 'id GREATER 0' },
      /there is no argument "filter"/,
    ))

  test('101 are one too many: nothing is sent, and not even looked up', async () => {
    await expectRefused(
      tool,
      { ids: numbers(101), ...rest },
      /^The operator’s limits forbid it: this call names 101 objects, and QUALYS_MAX_BULK is 100\. Pass them in several calls/,
    )
    expect(await sandbox.control.requests()).toEqual([])
  })

  test.each(['1', '2', '7'])('QUALYS_MAX_BULK %s holds', async (most) => {
    const who = await assistantWith(sandbox, { QUALYS_MAX_BULK: most })
    const ids = known[collection].slice(-1 - Number(most))
    await expectRefused(tool, { ids, ...rest }, new RegExp(`QUALYS_MAX_BULK is ${most}\\.`), who)
  })

  test('one id that is not there: nobody is touched', async () => {
    const before = await sandbox.control.truth(collection)
    await expectRefused(
      tool,
      { ids: [...known[collection].slice(0, 3), '999999999999'], ...rest },
      /^saq_search_\w+ shows no id 999999999999; it may lie outside the scope this user may see\./,
    )
    expect(await sandbox.control.truth(collection)).toEqual(before)
  })

  test('an id out of the scope of the caller: nobody is touched', async () => {
    const scoped = await assistantWith(sandbox, { QUALYS_USERNAME: 'saq-emea', QUALYS_PASSWORD: 'sandbox1' })
    const visible = await scoped.call(`saq_search_${collection}`, { pageSize: 200 }, 'json')
    const own = new Set(visible.structured.rows.map(({ id }) => String(id)))
    const foreign = known[collection].find((id) => !own.has(id))
    const [mine] = own
    await expectRefused(tool, { ids: [mine, foreign], ...rest }, /shows no id \d+/, scoped)
  })
})

describe('as many as are allowed', () => {
  /** A sandbox of its own, since much goes. */
  const changed = async (tool: string, collection: string, count: number, rest: object, most?: string) => {
    const own = await openSandbox({ jobs: 100 })
    const who = await assistantWith(own, most === undefined ? {} : { QUALYS_MAX_BULK: most })
    const before = await own.control.truth(collection)
    // From everywhere, so that a range that happens to hold them would hold others too.
    const step = Math.floor(before.length / count)
    const ids = before
      .filter((_, at) => at % step === 0)
      .slice(0, count)
      .map(({ id }) => String(id))
    const { text, isError } = await who.call(tool, { ids, ...rest })
    const sent = await changesAt(own.control)
    const after = await own.control.truth(collection)
    await own.close()
    expect(isError, text).toBe(false)
    expect(sent).toHaveLength(1)
    expect(sent[0]?.body).toContain(`<Criteria field="id" operator="IN">${ids.join(',')}</Criteria>`)
    expect(differing(before, after)).toEqual([...ids].sort())
    return { text, ids, before, after }
  }

  test('100 users are updated, and nobody else', async () => {
    const { text, ids, after } = await changed('saq_update_users', 'users', 100, { company: 'One Roof' })
    expect(text).toMatch(/^100 users updated/)
    const moved = after.filter(({ company }) => company === 'One Roof').map(({ id }) => String(id))
    expect(moved.sort()).toEqual([...ids].sort())
  })

  test('100 users are deleted, and nobody else', async () => {
    const { text, before, after } = await changed('saq_delete_users', 'users', 100, {})
    expect(text).toMatch(/^100 users deleted/)
    expect(after).toHaveLength(before.length - 100)
  })

  test('20 templates are updated, and no other', async () => {
    const { text } = await changed('saq_update_templates', 'templates', 20, { category: 'Moved' })
    expect(text).toMatch(/^20 templates updated/)
  })

  test('1,000 with the highest setting', async () => {
    const { text } = await changed('saq_update_users', 'users', 1000, { title: 'x' }, '1000')
    expect(text).toMatch(/^1000 users updated/)
  })
})

test('one id alone is a list of one', async () => {
  const { text, isError } = await assistant.call('saq_update_users', { ids: recipient, title: 'Alone' })
  expect(isError, text).toBe(false)
  const [request] = await changesAt(sandbox.control)
  expect(request?.body).toContain(`<Criteria field="id" operator="EQUALS">${recipient}</Criteria>`)
})

// user-changes.ts: the noun is always in the plural.
test('and is told as one', async () => {
  const { text } = await assistant.call('saq_update_users', { ids: recipient, title: 'Alone' })
  expect(text).toMatch(/^1 user updated/)
})

describe('new users', () => {
  const crowd = (count: number): Row[] => Array.from({ length: count }, () => somebody())

  test('100 are created in one request, and nobody else changes', async () => {
    const before = await sandbox.control.truth('users')
    const users = crowd(100)
    const { text, isError } = await assistant.call('saq_create_users', { users })
    expect(isError, text).toBe(false)
    expect(text).toMatch(/^100 users sent; Qualys counts 100 created/)
    expect(await changesAt(sandbox.control)).toHaveLength(1)
    const after = await sandbox.control.truth('users')
    const added = differing(before, after)
    expect(added).toHaveLength(100)
    expect(before.every(({ id }) => !added.includes(String(id)))).toBe(true)
    const addresses = after.map(({ emailAddress }) => emailAddress)
    for (const { emailAddress } of users) expect(addresses).toContain(emailAddress)
  })

  test('101 are one too many', () =>
    expectRefused(
      'saq_create_users',
      { users: crowd(101) },
      /names 101 objects, and QUALYS_MAX_BULK is 100\./,
    ))

  test('1,001 are too many under any setting', () =>
    expectRefused('saq_create_users', { users: crowd(1001) }, /users: must hold at most 1,000 users/))

  test('QUALYS_MAX_BULK holds for them too', async () => {
    const who = await assistantWith(sandbox, { QUALYS_MAX_BULK: '2' })
    await expectRefused('saq_create_users', { users: crowd(3) }, /QUALYS_MAX_BULK is 2\./, who)
  })

  test.each([[undefined], [[]], ['x'], [[null]], [[{}]]])('%j: nothing is sent', (users) =>
    expectRefused('saq_create_users', { users }, /users(\.0[\w.]*)?: must /),
  )
})

// The list was read a minute ago, and somebody has deleted the user since: Qualys no longer shows it.
describe('an id that was there a minute ago', () => {
  const gone = async (): Promise<string> => {
    const users = [somebody(), somebody()]
    await assistant.call('saq_create_users', { users })
    const found = await assistant.call(
      'saq_search_users',
      { emailAddress: users[0]?.['emailAddress'] },
      'json',
    )
    const id = String(found.structured.rows[0]?.['id'])
    const other = await assistantWith(sandbox)
    expect((await other.call('saq_delete_user', { userId: id })).isError).toBe(false)
    await sandbox.control.forget()
    return id
  }

  test.each(bulk.filter(([, collection]) => collection === 'users'))(
    '%s: nothing is sent',
    async (tool, _collection, rest) => {
      const id = await gone()
      await expectRefused(tool, { ids: [recipient, id], ...rest }, /shows no id/)
    },
  )
})
