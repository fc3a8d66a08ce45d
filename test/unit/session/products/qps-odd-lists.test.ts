import { describe, expect, test } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import { searchUsers } from '../../../../src/operations/saq/users.ts'
import { columnIn, pagesIn, saqList, serveUsers, usersOf } from '../../../support/session/lists.ts'
import { openInMemory, type QualysInMemory } from '../../../support/session/memory.ts'
import { pageOf, row, type SearchRequest } from '../../../support/session/qps-answers.ts'

// API servers that page in unusual ways: no row is shown twice, no row is lost without a note, and every walk ends.

type Answer = (asked: SearchRequest) => string

const assistantAt = (answer: Answer, extra: Environment = {}): QualysInMemory =>
  openInMemory(saqList(answer), { extra })

/** All rows of a walk of the session, and how it ends. */
async function walkAll(answer: Answer, extra: Environment = {}, batch = 5): Promise<string[]> {
  const { session } = assistantAt(answer, extra)
  const ids: string[] = []
  for await (const { rows } of session.walk(searchUsers, {}, { batchSize: batch }))
    ids.push(...rows.map(({ id }) => String(id)))
  return ids
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, place) => place + 1)
const texts = (ids: readonly number[]): string[] => ids.map(String)
const byId: Environment = { QUALYS_SAQ_PAGING: 'id' }
const sameRows = {
  kind: 'drift',
  message: expect.stringContaining('the same rows again'),
  next: expect.stringContaining('QUALYS_SAQ_PAGING'),
}

describe('the same rows again and again', () => {
  const first: Answer = ({ limit }) => pageOf(usersOf(upTo(limit)), true)
  const repeatingServers: readonly (readonly [name: string, answer: Answer, extra: Environment])[] = [
    ['the offset is ignored', first, {}],
    ['the cursor is ignored', first, byId],
    ['everything is ignored', () => pageOf(usersOf(upTo(100)), true), {}],
    ['nor said whether there is more', ({ limit }) => pageOf(usersOf(upTo(limit)), undefined), {}],
    ['newest first', ({ limit }) => pageOf(usersOf(upTo(limit).reverse()), true), {}],
    ['newest first, by id', ({ limit }) => pageOf(usersOf(upTo(limit).reverse()), true), byId],
    ['one row', () => pageOf(usersOf([7]), true), {}],
    [
      'two pages, one after the other',
      ({ limit, offset }) => pageOf(usersOf(upTo(limit).map((id) => id + (offset % 2) * limit)), true),
      {},
    ],
  ]

  test.each(repeatingServers)('%s: drift for a walk', async (_name, answer, extra) => {
    await expect(walkAll(answer, extra)).rejects.toMatchObject(sameRows)
  })

  // If two pages alternate, a single page does not show that it is a repetition.
  test.each(repeatingServers.filter(([name]) => !/everything|two pages/.test(name)))(
    '%s: drift on the second page',
    async (_name, answer, extra) => {
      const assistant = assistantAt(answer, extra)
      const { structured } = await assistant.call('saq_search_users', { pageSize: 5 })
      const { continuationToken } = structured
      expect(continuationToken).toEqual(expect.any(String))
      const { text, error } = await assistant.call('saq_search_users', { pageSize: 5, continuationToken })
      expect(error).toMatchObject({ kind: 'drift' })
      expect(text).toMatch(/same rows again.*QUALYS_SAQ_PAGING/)
    },
  )

  test('more rows than requested, always the first: each once, then drift', async () => {
    const assistant = assistantAt(() => pageOf(usersOf(upTo(12)), true))
    const seen: string[] = []
    let continuationToken: string | undefined
    for (;;) {
      const { structured, error } = await assistant.call('saq_search_users', {
        pageSize: 5,
        continuationToken,
      })
      if (error) {
        expect(error).toMatchObject({ kind: 'drift' })
        break
      }
      seen.push(...columnIn([structured]))
      ;({ continuationToken } = structured)
      expect(seen.length).toBeLessThan(100)
    }
    expect(seen).toEqual(texts(upTo(12)))
  })
})

describe('rows that overlap', () => {
  const again =
    (rows: number): Answer =>
    ({ limit, offset, afterId = 0 }) => {
      const from = Math.max(0, offset - 1 + afterId - rows)
      const page = upTo(100).slice(from, from + limit)
      return pageOf(usersOf(page), from + page.length < 100)
    }

  test.each([1, 3, 9])('the last %i of them are repeated by offset, and are seen once', async (rows) => {
    const pages = await pagesIn(assistantAt(again(rows)), 'saq_search_users', {
      pageSize: 10,
      fields: ['id'],
    })
    expect(columnIn(pages)).toEqual(texts(upTo(100)))
    expect(await walkAll(again(rows), {}, 10)).toEqual(texts(upTo(100)))
  })

  test('GREATER that includes the id: each is seen once', async () => {
    expect(await walkAll(again(1), byId, 10)).toEqual(texts(upTo(100)))
  })

  test('a row inserted between two pages moves the others: none twice', async () => {
    let calls = 0
    const growing: Answer = (asked) => serveUsers(calls++ === 0 ? upTo(40).slice(1) : upTo(40))(asked)
    expect(await walkAll(growing, {}, 10)).toEqual(texts(upTo(40).slice(1)))
  })

  test('rows deleted between two pages: by id none of the others is lost', async () => {
    let calls = 0
    const shrinking: Answer = (asked) => serveUsers(calls++ === 0 ? upTo(40) : upTo(40).slice(5))(asked)
    expect(await walkAll(shrinking, byId, 10)).toEqual(texts(upTo(40)))
  })
})

describe('pages of another length', () => {
  test.each([1, 3, 7])('never more than %i, whatever is requested: each row once', async (most) => {
    const stingy: Answer = (asked) => serveUsers(upTo(50))({ ...asked, limit: Math.min(asked.limit, most) })
    expect(await walkAll(stingy, {}, 20)).toEqual(texts(upTo(50)))
    expect(await walkAll(stingy, byId, 20)).toEqual(texts(upTo(50)))
  })

  test('always a hundred: each row once', async () => {
    const generous: Answer = (asked) => serveUsers(upTo(250))({ ...asked, limit: 100 })
    const pages = await pagesIn(assistantAt(generous), 'saq_search_users', {
      pageSize: 20,
      fields: ['id'],
    })
    expect(columnIn(pages)).toEqual(texts(upTo(250)))
    expect(await walkAll(generous, {}, 20)).toEqual(texts(upTo(250)))
  })

  test('exactly full, without hasMoreRecords: one empty page ends it', async () => {
    const silent: Answer = ({ limit, offset }) =>
      pageOf(usersOf(upTo(20).slice(offset - 1, offset - 1 + limit)), undefined)
    const pages = await pagesIn(assistantAt(silent), 'saq_search_users', {
      pageSize: 10,
      fields: ['id'],
    })
    expect(pages.map(({ returned }) => returned)).toEqual([10, 10, 0])
    expect(pages.at(-1)).toMatchObject({ total: 20 })
  })

  test('more is announced, and nothing sent: the end, with a note', async () => {
    const promising: Answer = ({ limit, offset }) =>
      pageOf(usersOf(upTo(20).slice(offset - 1, offset - 1 + limit)), true)
    expect(await walkAll(promising)).toEqual(texts(upTo(20)))
    const pages = await pagesIn(assistantAt(promising), 'saq_search_users', { pageSize: 10 })
    expect(pages.at(-1)).toMatchObject({
      returned: 0,
      note: expect.stringContaining('there are more rows, but sent none'),
    })
  })
})

// No page says that a search answers in the order of ids.
describe('another order, by offset', () => {
  const downward = upTo(45).reverse()
  const shuffled = upTo(45).map((place) => (place * 17) % 46)

  test.each([
    ['newest first', downward, 10],
    ['by name', shuffled, 10],
  ])('%s: each row once, while no page looks like another order', async (_name, ids, batch) => {
    expect(new Set(ids).size).toBe(45)
    expect(await walkAll(serveUsers(ids.slice(0, 40)), {}, batch)).toEqual(texts(ids.slice(0, 40)))
  })

  // Ids that happen to ascend on one page prove nothing about the others.
  test.each([
    ['newest first, and one row on the last page', downward.slice(0, 41), 10],
    ['newest first, one by one', downward, 1],
    ['by name, two by two', shuffled, 2],
  ])('%s: each row once', async (_name, ids, batch) => {
    expect(await walkAll(serveUsers(ids), {}, batch)).toEqual(texts(ids))
  })

  test('newest first: an assistant pages through', async () => {
    const assistant = assistantAt(serveUsers(upTo(21).reverse()))
    const pages = await pagesIn(assistant, 'saq_search_users', { fields: ['id'] })
    expect(columnIn(pages)).toEqual(texts(upTo(21).reverse()))
  })
})

describe('ids', () => {
  test('of other lengths are compared as numbers', async () => {
    const ids = [8, 9, 10, 99, 100, 101, 999, 1_000]
    expect(await walkAll(serveUsers(ids), byId, 2)).toEqual(texts(ids))
    expect(await walkAll(serveUsers(ids), {}, 2)).toEqual(texts(ids))
  })

  test('of nineteen digits keep them in cursor and token', async () => {
    const ids = upTo(6).map((place) => `922337203685477580${place}`)
    const answer: Answer = ({ body, limit }) => {
      const beyond = /GREATER">(\d+)</.exec(body)?.[1] ?? ''
      const found = ids.filter((id) => id > beyond)
      return pageOf(
        found.slice(0, limit).map((id) => row('User', id)),
        found.length > limit,
      )
    }
    const pages = await pagesIn(assistantAt(answer, byId), 'saq_search_users', { pageSize: 2 })
    expect(columnIn(pages)).toEqual(ids)
    for (const { continuationToken = '' } of pages) expect(continuationToken.length).toBeLessThanOrEqual(64)
  })

  test('that are missing make a list unusable, and the error says so', async () => {
    const assistant = assistantAt(() => pageOf(['<User><firstName>a</firstName></User>'], true))
    const { text, error } = await assistant.call('saq_search_users')
    expect(error).toMatchObject({ kind: 'drift' })
    expect(text).toContain("Qualys' answer to saq_search_users has rows without an id")
  })
})
