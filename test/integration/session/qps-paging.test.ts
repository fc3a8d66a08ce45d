import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { searchQuestionnaires } from '../../../src/operations/saq/questionnaires.ts'
import { searchLibraryTemplates, searchTemplates } from '../../../src/operations/saq/templates.ts'
import { searchUsers } from '../../../src/operations/saq/users.ts'
import type { Session } from '../../../src/session/session.ts'
import type { Environment } from '../../../src/settings.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { sessionOn } from '../../support/session.ts'
import { callsFor, columnOf, expectSameIds, pagesOf, truthOf } from './walk.ts'

// Lists of SAQ from the first row to the last, by offset and by id: each row once, however the pages are cut.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let truth: ReturnType<typeof truthOf>
const open: { close: () => Promise<void> }[] = []
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  truth = truthOf(sandbox.control)
})
beforeEach(() => sandbox.control.reset())
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})
afterAll(() => sandbox.close())

async function assistant(extra: Environment = {}): Promise<Assistant> {
  const opened = await assistantOn(sandbox, extra)
  open.push(opened)
  return opened
}
function session(extra: Environment = {}): Session {
  const opened = sessionOn(sandbox, extra)
  open.push(opened)
  return opened
}
const bodies = async (): Promise<string[]> => (await sandbox.control.requests()).map(({ body }) => body)
const ways = ['offset', 'id'] as const
const by = (way: (typeof ways)[number]): Environment => ({ QUALYS_SAQ_PAGING: way })
const questionnaires = 'saq_search_questionnaires'

describe.each(ways)('by %s', (way) => {
  const lists = [
    ['saq_search_questionnaires', 'questionnaires', 200],
    ['saq_search_users', 'users', 200],
    ['saq_search_campaigns', 'campaigns', 7],
    ['saq_search_templates', 'templates', 7],
    ['saq_search_library_templates', 'librarytemplates', 1],
  ] as const
  test.each(lists)('%s: every id once', async (tool, kind, pageSize) => {
    const { length: count } = await truth(kind)
    const pages = await pagesOf(await assistant(by(way)), tool, { fields: ['id'], pageSize })
    expect(pages).toHaveLength(Math.ceil(count / pageSize))
    expectSameIds(columnOf(pages, 'id'), await truth(kind))
    expect(pages.map(({ total }) => total)).toEqual([...Array(pages.length - 1).fill(undefined), count])
    const tokens = pages.flatMap(({ continuationToken }) => continuationToken ?? [])
    expect(tokens).toHaveLength(pages.length - 1)
    expect(Math.max(...tokens.map(({ length }) => length))).toBeLessThanOrEqual(64)
    // Rows with all their questions are not read ahead.
    const heavy = kind.endsWith('templates')
    expect(await bodies()).toHaveLength(heavy ? pages.length : callsFor(count, pageSize))
  })

  test('page sizes that change on the way: every id once', async () => {
    const there = await assistant(by(way))
    const seen: string[] = []
    let continuationToken: string | undefined
    for (let call = 0; call === 0 || continuationToken !== undefined; call++) {
      const pageSize = [7, 200, 1, 20, 133, 2][call % 6]
      const fields = call % 2 === 0 ? ['id'] : ['id', 'state']
      const { structured } = await there.call(questionnaires, { pageSize, fields, continuationToken }, 'json')
      seen.push(...columnOf([structured], 'id'))
      ;({ continuationToken } = structured)
      expect(call).toBeLessThan(200)
    }
    expectSameIds(seen, await truth('questionnaires'))
  })

  test('the walk of the session: every id once, a thousand at a time', async () => {
    const ids: string[] = []
    for await (const { rows } of session(by(way)).walk(searchQuestionnaires, {}))
      ids.push(...rows.map(({ id }) => String(id)))
    expect(ids).toHaveLength(3_000)
    expectSameIds(ids, await truth('questionnaires'))
    const asked = await bodies()
    expect(asked).toHaveLength(3)
    expect(asked.every((body) => body.includes('<limitResults>1000</limitResults>'))).toBe(true)
  })

  test('with filters, which stay as they are', async () => {
    const args = {
      campaignId: 640002,
      state: ['CLOSED', 'REVIEW', 'INFORMATION_GATHERING', 'APPROVAL'],
      pageSize: 50,
    }
    const pages = await pagesOf(await assistant(by(way)), questionnaires, args)
    const isAsked = ({ campaignId, state }: Record<string, unknown>): boolean =>
      campaignId === 640002 && args.state.includes(String(state))
    expectSameIds(columnOf(pages, 'id'), await truth('questionnaires', isAsked))
    expect(pages.length).toBeGreaterThan(3)
    const filters = '<Criteria field="campaign.id" operator="EQUALS">640002</Criteria>'
    expect((await bodies()).every((body) => body.includes(filters))).toBe(true)
  })

  test('with ids that are asked for', async () => {
    const wanted = (await truth('users')).slice(100, 160)
    const pages = await pagesOf(await assistant(by(way)), 'saq_search_users', { id: wanted, pageSize: 25 })
    expect(pages).toHaveLength(3)
    expectSameIds(columnOf(pages, 'id'), wanted)
  })

  test.each([
    { hasMoreRecords: 'never' },
    { hasMoreRecords: 'whenMore' },
    { hasMoreRecords: 'never', lastId: false },
    { lastId: false },
    { tagLists: 'wrapped' },
  ])('%o: every id once', async (knobs) => {
    await sandbox.control.knobs(knobs)
    const pages = await pagesOf(await assistant(by(way)), 'saq_search_campaigns', {
      fields: ['id'],
      pageSize: 10,
    })
    expectSameIds(columnOf(pages, 'id'), await truth('campaigns'))
  })

  test('match looks through all of them, a thousand at a time', async () => {
    const args = { match: 'emea friends', fields: ['id', 'title'], pageSize: 30 }
    const pages = await pagesOf(await assistant(by(way)), questionnaires, args)
    const isMeant = ({ title }: Record<string, unknown>): boolean =>
      ['emea', 'friends'].every((word) => String(title).toLowerCase().includes(word))
    expectSameIds(columnOf(pages, 'id'), await truth('questionnaires', isMeant))
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.at(-1)?.summary).toContain('of 3,000 scanned')
    expect((await bodies()).every((body) => body.includes('<limitResults>1000</limitResults>'))).toBe(true)
  })

  test('rows that do not fit the reply come on the next page', async () => {
    const small = await assistant({ ...by(way), QUALYS_REPLY_CHARS: '2000' })
    const pages = await pagesOf(small, 'saq_search_campaigns', { fields: ['*'], pageSize: 40 })
    expect(pages.length).toBeGreaterThan(3)
    expectSameIds(columnOf(pages, 'id'), await truth('campaigns'))
  })
})

describe('on the wire', () => {
  const args = { campaignId: 640002, fields: ['id'], pageSize: 200 }
  const filter = '<Criteria field="campaign.id" operator="EQUALS">640002</Criteria>'
  const request = (preferences: string, criteria = filter): string =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<ServiceRequest><preferences>${preferences}</preferences><filters>${criteria}</filters></ServiceRequest>`
  const limit = '<limitResults>200</limitResults>'
  /** As many as were seen. */
  const ahead = '<limitResults>400</limitResults>'

  test('by offset: rows are counted from 1', async () => {
    await pagesOf(await assistant(), questionnaires, args)
    expect(await bodies()).toEqual([
      request(limit),
      request(`<startFromOffset>201</startFromOffset>${limit}`),
      request(`<startFromOffset>401</startFromOffset>${ahead}`),
    ])
  })

  test('by id: behind the last one seen', async () => {
    const pages = await pagesOf(await assistant(by('id')), questionnaires, args)
    const cursor = (page: number): string =>
      `${filter}<Criteria field="id" operator="GREATER">${columnOf(pages.slice(page, page + 1), 'id').at(-1)}</Criteria>`
    expect(await bodies()).toEqual([request(limit), request(limit, cursor(0)), request(ahead, cursor(1))])
  })
})

describe('a token', () => {
  const first = { company: 'Contoso Cloud', pageSize: 5 }
  async function tokenOf(there: Assistant, args: object = first, tool = 'saq_search_users'): Promise<string> {
    const { structured } = await there.call(tool, args, 'json')
    return structured.continuationToken ?? ''
  }
  const expected = async () => truth('users', ({ company }) => company === 'Contoso Cloud')

  test.each([
    ['offset', 'id'],
    ['id', 'offset'],
  ] as const)('made by %s goes on by %s', async (from, to) => {
    const [before, behind] = [await assistant(by(from)), await assistant(by(to))]
    const { structured: page } = await before.call('saq_search_users', first, 'json')
    const others: (typeof page)[] = [page]
    for (let turn = 0, { continuationToken } = page; continuationToken !== undefined; turn++) {
      const there = turn % 2 === 0 ? behind : before
      const { structured } = await there.call('saq_search_users', { ...first, continuationToken }, 'json')
      others.push(structured)
      ;({ continuationToken } = structured)
      expect(turn).toBeLessThan(100)
    }
    expect(others.length).toBeGreaterThan(3)
    expectSameIds(columnOf(others, 'id'), await expected())
  })

  test('is good for another assistant of the same account, with pageSize and fields of its own', async () => {
    const continuationToken = await tokenOf(await assistant())
    const { structured } = await (await assistant()).call(
      'saq_search_users',
      { ...first, pageSize: 2, fields: ['id'], continuationToken },
      'json',
    )
    expect(columnOf([structured], 'id')).toEqual((await expected()).slice(5, 7))
  })

  const misfit =
    /continuationToken does not fit this call.*same arguments.*leave it out to start at the first row/
  test.each([
    ['another company', 'saq_search_users', { company: 'Acme Holding' }],
    ['one filter more', 'saq_search_users', { ...first, title: 'x' }],
    ['one filter less', 'saq_search_users', {}],
    ['CONTAINS for EQUALS', 'saq_search_users', { companyContains: 'Contoso Cloud' }],
    ['another list', 'saq_search_campaigns', {}],
    ['a list of CAR', 'car_search_assets', {}],
  ])('does not fit %s, and nothing is sent', async (_name, tool, args) => {
    const there = await assistant()
    const continuationToken = await tokenOf(there)
    await sandbox.control.forget()
    const { text, error } = await there.call(tool, { ...args, continuationToken })
    expect(text).toMatch(misfit)
    expect(error).toMatchObject({ kind: 'input' })
    expect((await sandbox.control.requests()).filter(({ path }) => path !== '/auth')).toEqual([])
  })

  test('does not fit another account', async () => {
    const continuationToken = await tokenOf(await assistant())
    const other = await assistant({ QUALYS_USERNAME: 'sandbox_cd2', QUALYS_PASSWORD: 'sandbox2' })
    expect((await other.call('saq_search_users', { ...first, continuationToken })).text).toMatch(misfit)
  })

  // Whatever opens the gateway: SAQ is asked as the user.
  test('fits the same user beside a client id', async () => {
    const continuationToken = await tokenOf(await assistant())
    const { clientId, clientSecret } = sandbox
    const other = await assistant({ QUALYS_CLIENT_ID: clientId, QUALYS_CLIENT_SECRET: clientSecret })
    expect((await other.call('saq_search_users', { ...first, continuationToken })).isError).toBe(false)
  })

  test('the order of ids does not matter to it, the ids do', async () => {
    const there = await assistant()
    const ids = (await truth('users')).slice(0, 20)
    const continuationToken = await tokenOf(there, { id: ids, pageSize: 5 })
    const go = (id: readonly string[]) =>
      there.call('saq_search_users', { id, pageSize: 5, continuationToken })
    expect((await go(ids)).isError).toBe(false)
    expect((await go(ids.slice(1))).text).toMatch(misfit)
  })

  test.each(['', 'x', 'AAAA', 'A'.repeat(64), 'A'.repeat(100_000)])('%.20s is damaged', async (damaged) => {
    const { text, isError } = await (await assistant()).call('saq_search_users', {
      continuationToken: damaged,
    })
    expect(isError).toBe(true)
    expect(text).toMatch(/continuationToken/)
    expect(await bodies()).toEqual([])
  })

  test('that lost a character, anywhere, is damaged', async () => {
    const there = await assistant()
    const token = await tokenOf(there)
    for (let at = 0; at < token.length; at++) {
      const continuationToken = token.slice(0, at) + (token[at] === 'x' ? 'y' : 'x') + token.slice(at + 1)
      const { isError, structured } = await there.call(
        'saq_search_users',
        { ...first, continuationToken },
        'json',
      )
      // The last character may hold bits that mean nothing.
      expect(isError || structured.returned <= 5, `${at}`).toBe(true)
      if (at < token.length - 1) expect(isError, `${at}`).toBe(true)
    }
  })
})

describe('a Qualys that takes no cursor', () => {
  test('is walked by offset', async () => {
    await sandbox.control.knobs({ idGreater: false })
    const pages = await pagesOf(await assistant(), 'saq_search_campaigns', { fields: ['id'], pageSize: 10 })
    expectSameIds(columnOf(pages, 'id'), await truth('campaigns'))
  })

  // It is the operator's setting that is refused, not an argument.
  test('by id, the refusal names the setting', async () => {
    await sandbox.control.knobs({ idGreater: false })
    const there = await assistant(by('id'))
    const { continuationToken } = (await there.call('saq_search_campaigns', { pageSize: 10 }, 'json'))
      .structured
    const { text } = await there.call('saq_search_campaigns', { pageSize: 10, continuationToken })
    expect(text).toContain('QUALYS_SAQ_PAGING')
  })
})

test('rows by id are asked for at once, as many as a call may name', async () => {
  const wanted = (await truth('users')).slice(0, 1_500)
  const found = await session().find(searchUsers, wanted)
  expectSameIds([...found.keys()], wanted)
  const named = (await bodies()).map((body) => />([\d,]+)<\/Criteria>/.exec(body)?.[1]?.split(',').length)
  expect(named).toEqual([1_000, 500])
})

test('templates, which may hold hundreds of questions, are walked in small steps', async () => {
  const on = session()
  for (const list of [searchTemplates, searchLibraryTemplates])
    for await (const { rows } of on.walk(list, {})) expect(rows.length).toBeGreaterThan(0)
  expect((await bodies()).map((body) => /<limitResults>(\d+)</.exec(body)?.[1])).toEqual(['50', '50'])
})
