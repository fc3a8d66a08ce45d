import { describe, expect } from 'vitest'
import { test } from './assistants.ts'
import { searches, sizesAsked } from './pages.ts'

// A call that reads ahead, and fails.

const jobs = 'POST /sm/v2/jobs/search'
const users = 'POST /qps/rest/1.0/search/saq/user'

describe('a larger call that fails', () => {
  test.for([
    { kind: 'status', status: 500, tries: 20 },
    { kind: 'reset', tries: 20 },
    { kind: 'truncate', tries: 20 },
    { kind: 'badJson', tries: 20 },
    { kind: 'html', tries: 20 },
    // These have nothing to do with how much was asked for.
    { kind: 'status', status: 403, tries: 40 },
    { kind: 'limit', toWaitSec: 600, tries: 40 },
  ])(
    '$kind $status: the error it is, and the same token works then',
    async ({ tries, ...fault }, { sandbox, assistant, another, opened }) => {
      const args = { pageSize: 20 }
      const tokens = await opened('car_search_jobs', args, 2)
      const page = { ...args, continuationToken: tokens[2] }
      const right = await (await another()).call('car_search_jobs', page, 'json')
      await sandbox.control.faults([{ route: jobs, ...fault }])
      const failed = await assistant.call('car_search_jobs', page, 'json')
      expect(failed.isError, failed.text).toBe(true)
      await sandbox.control.faults([])
      await sandbox.control.forget()
      expect((await assistant.call('car_search_jobs', page, 'json')).raw).toEqual(right.raw)
      // It may have been the size that was too much.
      expect(await sizesAsked(sandbox.control)).toEqual([tries])
      const next = { ...args, continuationToken: right.structured.continuationToken }
      expect((await assistant.call('car_search_jobs', next)).isError).toBe(false)
      expect(await sizesAsked(sandbox.control)).toEqual(tries === 20 ? [20, 20] : [40])
    },
  )

  test('a size that Qualys refuses: the page alone is asked for, and shown', async ({
    sandbox,
    assistant,
    another,
    opened,
  }) => {
    const args = { pageSize: 20 }
    const tokens = await opened('car_search_jobs', args, 2)
    const page = { ...args, continuationToken: tokens[2] }
    const right = await (await another()).call('car_search_jobs', page, 'json')
    await sandbox.control.forget()
    await sandbox.control.faults([{ route: jobs, kind: 'status', status: 400, times: 1 }])
    expect((await assistant.call('car_search_jobs', page, 'json')).raw).toEqual(right.raw)
    expect(await sizesAsked(sandbox.control)).toEqual([40, 20])
  })

  test('a refusal of the page as well is that refusal', async ({ sandbox, assistant, opened }) => {
    const args = { pageSize: 20 }
    const tokens = await opened('car_search_jobs', args, 2)
    await sandbox.control.faults([{ route: jobs, kind: 'status', status: 400 }])
    const { isError, error } = await assistant.call('car_search_jobs', {
      ...args,
      continuationToken: tokens[2],
    })
    expect([isError, error]).toMatchObject([true, { kind: 'input' }])
  })

  // What cannot be read must not stay there for a minute.
  test('rows without ids are not kept: the list works again as soon as Qualys sends it whole', async ({
    sandbox,
    assistant,
    opened,
  }) => {
    const args = { pageSize: 20 }
    const tokens = await opened('car_search_jobs', args, 2)
    const page = { ...args, continuationToken: tokens[2] }
    await sandbox.control.faults([{ route: jobs, kind: 'dropId' }])
    expect((await assistant.call('car_search_jobs', page)).error).toMatchObject({ kind: 'drift' })
    await sandbox.control.faults([])
    const { isError, text } = await assistant.call('car_search_jobs', page)
    expect(isError, text).toBe(false)
  })

  test('an expired token is renewed within the page', async ({ sandbox, assistant, opened }) => {
    const tokens = await opened('car_search_jobs', { pageSize: 20 }, 2)
    await sandbox.control.revoke()
    const args = { pageSize: 20, continuationToken: tokens[2] }
    expect((await assistant.call('car_search_jobs', args)).isError).toBe(false)
  })

  test('costs no rows that were kept before', async ({ sandbox, assistant, opened }) => {
    const args = { pageSize: 20 }
    const tokens = await opened('car_search_jobs', args, 7)
    await sandbox.control.faults([{ route: jobs, kind: 'status', status: 500 }])
    // Before what is kept: asked for, and refused. Within it: served.
    const before = await assistant.call('car_search_jobs', { ...args, continuationToken: tokens[1] })
    const within = await assistant.call('car_search_jobs', { ...args, continuationToken: tokens[6] })
    expect([before.isError, within.isError]).toEqual([true, false])
  })

  test('an answer beyond what is read: the page alone is asked for, and shown', async ({
    sandbox,
    another,
    opened,
  }) => {
    const args = { companyContains: 'Nimbus', pageSize: 20 }
    const tokens = await opened('saq_search_users', args, 3)
    const page = { ...args, continuationToken: tokens[2] }
    const right = await (await another()).call('saq_search_users', page, 'json')
    const fresh = await another({ QUALYS_MAX_WAIT_SECONDS: '0' })
    await sandbox.control.forget()
    await sandbox.control.faults([
      {
        route: users,
        kind: 'reply',
        times: 1,
        contentType: 'text/xml',
        body: `<a>${'x'.repeat(9 << 20)}</a>`,
      },
    ])
    expect((await fresh.call('saq_search_users', page, 'json')).raw).toEqual(right.raw)
    const limits = async (): Promise<unknown[]> =>
      (await searches(sandbox.control)).map(({ body }) => Number(/<limitResults>(\d+)/.exec(body)?.[1]))
    expect(await limits()).toEqual([40, 20])
    // For a while nothing larger is tried.
    const next = { ...args, continuationToken: right.structured.continuationToken }
    expect((await fresh.call('saq_search_users', next)).isError).toBe(false)
    expect(await limits()).toEqual([40, 20, 20])
  })
})
