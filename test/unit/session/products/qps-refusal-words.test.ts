import { describe, expect, test } from 'vitest'
import { type Answer, openInMemory } from '../../../support/session/memory.ts'
import { refusal } from '../../../support/session/qps-answers.ts'

// What the words of a refusal mean, and how they are quoted.

const xml = (body: unknown, status = 200): Answer => ({
  status,
  body,
  headers: { 'content-type': 'text/xml' },
})
const list = { tool: 'saq_search_users' }
const one = { tool: 'saq_get_user', args: { userId: 1 } }
const count = { tool: 'saq_count_users' }

// qualys-platform.md 4.3: INVALID_REQUEST also for "no results corresponding to your request".
describe('a refusal because there are no results', () => {
  const nothing = xml(refusal('INVALID_REQUEST', 'There are no results corresponding to your request.'))

  test('is an empty list', async () => {
    const { text, isError } = await openInMemory(nothing).call(list.tool)
    expect([text, isError]).toEqual(['no users found', false])
  })

  test('is not, with a status of its own', async () => {
    expect((await openInMemory({ ...nothing, status: 400 }).call(list.tool)).error).toMatchObject({
      kind: 'input',
    })
  })

  test('is not, for a record or a count', async () => {
    expect((await openInMemory(nothing).call(one.tool, one.args)).error).toMatchObject({ kind: 'input' })
    expect((await openInMemory(nothing).call(count.tool)).error).toMatchObject({ kind: 'input' })
  })

  test('another refusal with that code is an error', async () => {
    const body = refusal('INVALID_REQUEST', 'Criteria: Invalid value.')
    expect((await openInMemory(xml(body)).call(list.tool)).error).toMatchObject({ kind: 'input' })
  })

  test('a code without a text has no meaning', async () => {
    const body = '<ServiceResponse><responseCode/><count>0</count></ServiceResponse>'
    expect((await openInMemory(xml(body)).call(list.tool)).error).toMatchObject({ kind: 'drift' })
  })

  // saq-api.md 1.5.
  test.each([
    ['The maximum number of concurrent running scans has been reached.', 'busy'],
    ['Please wait until your previous scans have completed.', 'busy'],
    ['The SAQ module is not enabled for this subscription.', 'setup'],
    ['This feature has not been enabled.', 'setup'],
    ['The criteria are not enabled.', 'input'],
  ])('%s: %s', async (message, kind) => {
    const { error } = await openInMemory(xml(refusal('INVALID_REQUEST', message))).call(list.tool)
    expect(error).toMatchObject({ kind })
  })
})

describe('the error', () => {
  test('passes status and code on, for programs', async () => {
    const { error } = await openInMemory(xml(refusal('CA_1001_DUPLICATE_KEY', 'Dup'))).call(list.tool)
    expect(error).toMatchObject({ kind: 'vendor', status: 200, code: 'CA_1001_DUPLICATE_KEY' })
  })

  test('quotes the vendor on one line, truncated, without hidden characters', async () => {
    const message = `a&#x9b;31m b&#x202e;&#10;c "${'long '.repeat(200)}`
    const body = refusal(`X&#10;Y&#x9b;0m${'Z'.repeat(100)}`, message, '&lt;b&gt;mend it&lt;/b&gt;')
    const { text, error } = await openInMemory(xml(body)).call(list.tool)
    expect(text).toMatch(/\("X Y 0mZ{30,40}…": "a b c 'long [^"\n]{100,200}…"\)/)
    expect(String(error?.['code']).length).toBeLessThanOrEqual(40)
  })

  test('letters of ISO-8859-1 in it cause no error', async () => {
    const body = Buffer.from(refusal('INVALID_REQUEST', 'Ungültig'), 'latin1')
    expect((await openInMemory(xml(body)).call(list.tool)).text).toContain('"Ungültig"')
  })
})
