import { expect } from 'vitest'
import type { Assistant } from '../../../support/assistant.ts'
import { newUser } from '../../../support/effects/saq/saq-objects.ts'
import { testOn, unattendedSettings } from '../../../support/fixtures.ts'
import { effectRequests } from '../../../support/sandbox.ts'

// A list of new users with one person who exists, over the whole way: wrong rows, the answer of Qualys, and what exists
// afterwards. (Every rule: test/unit/operations/addresses.test.ts, test/unit/effects/new-users.test.ts.)

const creating = 'POST /qps/rest/1.0/create/saq/user'
const test = testOn({ jobs: 100 }, unattendedSettings)

/** Twelve new users of one domain; the fifth has an address that exists. */
async function listWithOneExisting(assistant: Assistant) {
  const known = newUser()
  const { isError, text } = await assistant.call('saq_create_users', { users: [known] })
  expect(isError, text).toBe(false)
  const users = Array.from({ length: 12 }, (_, at) => (at === 4 ? { ...known } : newUser()))
  return { users, addresses: users.map((user) => String(user['emailAddress'])) }
}

test('a list that Qualys refuses as a whole', async ({ assistant }) => {
  const { users, addresses } = await listWithOneExisting(assistant)
  const { text, isError } = await assistant.call('saq_create_users', { users })
  expect(isError).toBe(true)
  expect(text).toContain(
    `Looked up since, of 12 addresses: 1 there before (${addresses[4]}); 11 not there. Leave out those that exist.`,
  )
})

test('a list that Qualys takes in part', async ({ assistant, sandbox }) => {
  const { users, addresses } = await listWithOneExisting(assistant)
  await sandbox.control.knobs({ userLists: 'inOrder' })
  const { text } = await assistant.call('saq_create_users', { users })
  expect(text).toContain(
    `of 12 addresses: 4 created (${addresses.slice(0, 4).join(', ')}); 1 there before (${addresses[4]}); 7 not there (${addresses.slice(5).join(', ')}).`,
  )
})

test('a list whose answer is lost', async ({ assistant, sandbox }) => {
  const users = [newUser(), newUser()]
  await sandbox.control.faults([{ route: creating, kind: 'resetAfterBody' }])
  const { text } = await assistant.call('saq_create_users', { users })
  expect(text).toContain(
    `Looked up since, of 2 addresses: 2 created (${users.map((user) => user['emailAddress']).join(', ')}). Do not repeat it: all of them are there.`,
  )
})

test('a list with wrong rows: all are named, and nothing is sent', async ({ assistant, sandbox }) => {
  const users = [
    newUser(),
    newUser({ emailAddress: 'Jane Roe <jane@vendor.example>' }),
    newUser({ emailAddress: 'info@müller-söhne.de' }),
    newUser({ firstName: '' }),
  ]
  const { text } = await assistant.call('saq_create_users', { users })
  expect(text).toBe(
    [
      'Input validation error: Invalid arguments for tool saq_create_users: ',
      'users.1.emailAddress: must be an e-mail address: "Jane Roe <jane@vendor.example>" is not one address alone; pass "jane@vendor.example", ',
      'users.2.emailAddress: must be an e-mail address: "info@müller-söhne.de" has a domain in letters beyond ASCII, as look-alikes have; let a person look at it, then pass "info@xn--mller-shne-kcb9d.de", ',
      'users.3.firstName: must not be empty: Qualys requires firstName and lastName; pass a single name as both, and share out the words of a mailbox ("Security" and "Team")',
    ].join(''),
  )
  expect(await effectRequests(sandbox.control)).toEqual([])
})
