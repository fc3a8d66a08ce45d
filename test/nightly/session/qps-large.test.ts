import { afterEach, expect, test } from 'vitest'
import { searchUsers } from '../../../src/operations/saq/users.ts'
import type { Session } from '../../../src/session/session.ts'
import { openApi, pageOf, row } from '../../support/session/qps.ts'
import { sessionOn } from '../../support/session.ts'

// A walk over large rows requests smaller parts where an answer is too large.

const mebibyte = 1024 * 1024

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
