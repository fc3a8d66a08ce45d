import { describe, expect } from 'vitest'
import { test } from './assistants.ts'
import { requestedSizes, searches } from './pages.ts'

// Failed calls that read ahead.

const jobs = 'POST /sm/v2/jobs/search'
const users = 'POST /qps/rest/1.0/search/saq/user'

describe('a read-ahead request that fails', () => {
  test.for([
    { kind: 'status', status: 500, tries: 20 },
    { kind: 'reset', tries: 20 },
    { kind: 'truncate', tries: 20 },
    { kind: 'badJson', tries: 20 },
    { kind: 'html', tries: 20 },
    // These failures do not depend on the number of requested rows.
    { kind: 'status', status: 403, tries: 40 },
    { kind: 'limit', toWaitSec: 600, tries: 40 },
  ])(
    '$kind $status: the call ends in that error, and the same token works afterwards',
    async ({ tries, ...fault }, { sandbox, assistant, another, openLists }) => {
      const args = { pageSize: 20 }
      const tokens = await openLists('car_search_jobs', args, 2)
      const page = { ...args, continuationToken: tokens[2] }
      const right = await (await another()).call('car_search_jobs', page, 'json')
      await sandbox.control.faults([{ route: jobs, ...fault }])
      const failed = await assistant.call('car_search_jobs', page, 'json')
      expect(failed.isError, failed.text).toBe(true)
      await sandbox.control.faults([])
      await sandbox.control.clearRequests()
      expect((await assistant.call('car_search_jobs', page, 'json')).raw).toEqual(right.raw)
      // The number of requested rows may have been the cause.
      expect(await requestedSizes(sandbox.control)).toEqual([tries])
      const next = { ...args, continuationToken: right.structured.continuationToken }
      expect((await assistant.call('car_search_jobs', next)).isError).toBe(false)
      expect(await requestedSizes(sandbox.control)).toEqual(tries === 20 ? [20, 20] : [40])
    },
  )

  test('a size that Qualys refuses: the page alone is requested and shown', async ({
    sandbox,
    assistant,
    another,
    openLists,
  }) => {
    const args = { pageSize: 20 }
    const tokens = await openLists('car_search_jobs', args, 2)
    const page = { ...args, continuationToken: tokens[2] }
    const right = await (await another()).call('car_search_jobs', page, 'json')
    await sandbox.control.clearRequests()
    await sandbox.control.faults([{ route: jobs, kind: 'status', status: 400, times: 1 }])
    expect((await assistant.call('car_search_jobs', page, 'json')).raw).toEqual(right.raw)
    expect(await requestedSizes(sandbox.control)).toEqual([40, 20])
  })

  test('if the page alone is refused as well, the call ends in that refusal', async ({
    sandbox,
    assistant,
    openLists,
  }) => {
    const args = { pageSize: 20 }
    const tokens = await openLists('car_search_jobs', args, 2)
    await sandbox.control.faults([{ route: jobs, kind: 'status', status: 400 }])
    const { isError, error } = await assistant.call('car_search_jobs', {
      ...args,
      continuationToken: tokens[2],
    })
    expect([isError, error]).toMatchObject([true, { kind: 'input' }])
  })

  // Unreadable rows must not be cached for a minute.
  test('rows without ids are not cached: the list works again as soon as Qualys sends complete rows', async ({
    sandbox,
    assistant,
    openLists,
  }) => {
    const args = { pageSize: 20 }
    const tokens = await openLists('car_search_jobs', args, 2)
    const page = { ...args, continuationToken: tokens[2] }
    await sandbox.control.faults([{ route: jobs, kind: 'dropId' }])
    expect((await assistant.call('car_search_jobs', page)).error).toMatchObject({ kind: 'drift' })
    await sandbox.control.faults([])
    const { isError, text } = await assistant.call('car_search_jobs', page)
    expect(isError, text).toBe(false)
  })

  test('an expired token is renewed within the page', async ({ sandbox, assistant, openLists }) => {
    const tokens = await openLists('car_search_jobs', { pageSize: 20 }, 2)
    await sandbox.control.revoke()
    const args = { pageSize: 20, continuationToken: tokens[2] }
    expect((await assistant.call('car_search_jobs', args)).isError).toBe(false)
  })

  test('rows cached before stay available', async ({ sandbox, assistant, openLists }) => {
    const args = { pageSize: 20 }
    const tokens = await openLists('car_search_jobs', args, 7)
    await sandbox.control.faults([{ route: jobs, kind: 'status', status: 500 }])
    // Before the cached rows: requested, and refused. Within them: served.
    const before = await assistant.call('car_search_jobs', { ...args, continuationToken: tokens[1] })
    const within = await assistant.call('car_search_jobs', { ...args, continuationToken: tokens[6] })
    expect([before.isError, within.isError]).toEqual([true, false])
  })

  test('an answer over the size limit: the page alone is requested and shown', async ({
    sandbox,
    another,
    openLists,
  }) => {
    const args = { companyContains: 'Nimbus', pageSize: 20 }
    const tokens = await openLists('saq_search_users', args, 3)
    const page = { ...args, continuationToken: tokens[2] }
    const right = await (await another()).call('saq_search_users', page, 'json')
    const fresh = await another({ QUALYS_MAX_WAIT_SECONDS: '0' })
    await sandbox.control.clearRequests()
    await sandbox.control.faults([{ route: users, kind: 'huge', times: 1 }])
    expect((await fresh.call('saq_search_users', page, 'json')).raw).toEqual(right.raw)
    const limits = async (): Promise<unknown[]> =>
      (await searches(sandbox.control)).map(({ body }) => Number(/<limitResults>(\d+)/.exec(body)?.[1]))
    expect(await limits()).toEqual([40, 20])
    // For a while, no larger request is tried.
    const next = { ...args, continuationToken: right.structured.continuationToken }
    expect((await fresh.call('saq_search_users', next)).isError).toBe(false)
    expect(await limits()).toEqual([40, 20, 20])
  })
})
