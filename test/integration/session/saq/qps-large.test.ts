import { describe, expect } from 'vitest'
import { testOn } from '../../../support/fixtures.ts'
import { row, success } from '../../../support/session/qps.ts'

// Answers that are too large are refused. Walks that request smaller parts: test/nightly/session/qps-large.test.ts.

const test = testOn({ jobs: 100 }, { QUALYS_MAX_WAIT_SECONDS: '0' })

const mebibyte = 1024 * 1024
/** A page of users of this size. */
const users = (size: number): string => {
  const one = row('User', 1, `<title>${'x'.repeat(1_000)}</title>`)
  return success(`<data>${one.repeat(Math.ceil(size / one.length))}</data>`)
}

describe('an answer that is too large', () => {
  const reply = (body: string) => ({ route: '*', kind: 'reply', body, contentType: 'text/xml' })

  test.for([
    [
      'beyond what is taken in',
      () => ({ route: '*', kind: 'huge' }),
      /larger than 64 MiB\. Ask for fewer rows/,
    ],
    ['XML just above that', () => reply(users(64 * mebibyte)), /larger than 64 MiB/],
  ] as const)('%s is refused, once', async ([, fault, says], { sandbox, assistant }) => {
    await sandbox.control.faults([fault()])
    const { text, error } = await assistant.call('saq_search_users')
    expect(text).toMatch(says)
    expect(error).toMatchObject({ kind: 'vendor' })
    expect(await sandbox.control.requests()).toHaveLength(1)
  })

  test('more than 8 MiB are accepted', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([reply(users(9 * mebibyte))])
    const { structured } = await assistant.call('saq_search_users', { pageSize: 200, fields: ['id'] }, 'json')
    expect(structured.returned).toBe(200)
  })
})
