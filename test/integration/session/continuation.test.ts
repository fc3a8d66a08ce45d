import { describe, expect } from 'vitest'
import { type Assistant, openAssistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { columnOf } from './walk.ts'

// Continuation tokens of a server; what they are bound to is covered by the unit tests.

const tool = 'car_search_jobs'
const args = {
  scriptId: 19218,
  filter: 'platform:WINDOWS',
  startAt: '2023-01-01',
  sort: ['created.dateTime:asc'],
  match: 'auto',
  pageSize: 10,
}

interface Paged {
  /** Of the first page. */
  readonly token: string
  /** What the second page shows. */
  readonly nextIds: readonly string[]
  readonly on: (other: Assistant, changed?: object) => ReturnType<Assistant['call']>
}

const test = testOn({ jobs: 500 }).extend<{ paged: Paged }>({
  paged: async ({ assistant }, use) => {
    const { structured } = await assistant.call(tool, args, 'json')
    const token = structured.continuationToken ?? ''
    const on: Paged['on'] = (other, changed = {}) =>
      other.call(tool, { ...args, continuationToken: token, ...changed }, 'json')
    const nextIds = columnOf([(await on(assistant)).structured], 'id')
    expect(nextIds).toHaveLength(10)
    await use({ token, nextIds, on })
  },
})

test.for([
  { tool, args: {} },
  { tool: 'car_search_asset_jobs', args: {} },
  { tool: 'car_search_assets', args: {} },
  { tool: 'car_search_scripts', args: {} },
  { tool: 'car_list_reports', args: {} },
  { tool: 'car_search_asset_jobs', args: { outcome: 'failed', match: 'denied', pageSize: 2 } },
])('$tool $args: at most 64 characters', async ({ tool, args }, { assistant }) => {
  const { structured, raw } = await assistant.call(tool, args, 'json')
  expect(structured.continuationToken).toMatch(/^[\w-]{8,64}$/)
  expect((await assistant.call(tool, args)).text).toMatch(/continuationToken "[\w-]{8,64}"$/)
  expect(raw).not.toHaveProperty('isError')
})

describe('continues', () => {
  test('with another pageSize, other fields and the same times in another spelling', async ({
    assistant,
    paged: { on, nextIds },
  }) => {
    const changed = { pageSize: 3, fields: ['id'], scriptId: '19218', startAt: '2023-01-01T01:00:00+01:00' }
    const { structured } = await on(assistant, changed)
    expect(columnOf([structured], 'id')).toEqual(nextIds.slice(0, 3))
  })

  test.for([
    { name: 'a restarted server', extra: {} },
    { name: 'a server with another page budget', extra: { QUALYS_REPLY_CHARS: '9000' } },
  ])('on $name', async ({ extra }, { sandbox, paged: { on, nextIds } }) => {
    const other = await openAssistantOn(sandbox, extra)
    const { structured } = await on(other)
    await other.close()
    expect(columnOf([structured], 'id')).toEqual(nextIds)
  })

  test('on a second server', async ({ sandbox, assistant, paged: { on } }) => {
    const second = await openAssistantOn(sandbox)
    const [here, there] = await Promise.all([on(assistant), on(second)])
    expect(there.structured).toEqual(here.structured)
    const { continuationToken } = here.structured
    const further = await second.call(tool, { ...args, continuationToken }, 'json')
    await second.close()
    expect(columnOf([further.structured], 'id')).toHaveLength(10)
  })
})

describe('is refused before any request', () => {
  test.for([{ filter: 'platform:LINUX' }, { continuationToken: 'AAAA' }])(
    '%j',
    async (changed, { sandbox, assistant, paged: { on } }) => {
      await sandbox.control.clearRequests()
      const { error, text } = await on(assistant, changed)
      expect(error).toMatchObject({ kind: 'input', next: expect.stringContaining('leave it out to start') })
      expect(text).toContain('continuationToken does not fit')
      expect(await sandbox.control.requests()).toEqual([])
    },
  )

  test('from another tool', async ({ assistant, paged: { token } }) => {
    const { error } = await assistant.call('car_search_scripts', { continuationToken: token })
    expect(error).toMatchObject({ kind: 'input' })
  })

  test('by another account', async ({ sandbox, paged: { on } }) => {
    const other = await openAssistantOn(sandbox, {
      QUALYS_USERNAME: 'sandbox_cd2',
      QUALYS_PASSWORD: 'sandbox2',
    })
    const { error } = await on(other)
    await other.close()
    expect(error).toMatchObject({ kind: 'input' })
  })
})
