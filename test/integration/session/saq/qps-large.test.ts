import { afterEach, describe, expect } from 'vitest'
import { searchUsers } from '../../../../src/operations/saq/users.ts'
import type { Session } from '../../../../src/session/session.ts'
import { testOn } from '../../../support/fixtures.ts'
import { openApi, pageOf, row, success } from '../../../support/session/qps.ts'
import { sessionOn } from '../../../support/session.ts'

// Answers that are too large: each is refused early, or requested again in smaller parts.

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

describe('a walk over large rows', () => {
  const sessions: Session[] = []
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()))
  })

  /** Walks users of this size each, on an API server of its own; returns the ids seen and the requested limits. */
  async function walked(count: number, size: number) {
    const text = `<title>${'x'.repeat(size)}</title>`
    const all = Array.from({ length: count }, (_, place) => row('User', place + 1, text))
    const api = await openApi(({ limit, offset }) =>
      pageOf(all.slice(offset - 1, offset - 1 + limit), offset - 1 + limit < count),
    )
    const session = sessionOn(api)
    sessions.push(session)
    const ids: unknown[] = []
    try {
      for await (const { rows } of session.walk(searchUsers, {})) ids.push(...rows.map(({ id }) => id))
    } finally {
      await api.close()
    }
    return { ids, limits: api.asked.map(({ limit }) => limit) }
  }

  test('requests half as many, then half of that, and continues with that', async () => {
    const { ids, limits } = await walked(600, 400_000)
    expect(ids).toEqual(Array.from({ length: 600 }, (_, place) => String(place + 1)))
    expect(limits).toEqual([1000, 500, 250, 125, 125, 125, 125, 125])
  })

  test('ends where a single row is too large', async () => {
    await expect(walked(1, 65 * mebibyte)).rejects.toMatchObject({
      kind: 'vendor',
      message: expect.stringContaining('larger than 64 MiB'),
    })
  })
})
