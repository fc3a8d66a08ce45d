import { describe, expect, vi } from 'vitest'
import { clientOn, type RealClient } from '../../support/counting/client.ts'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { jobs, requestBodies } from '../../support/workflows/runs.ts'

// Counts over several batches, through a real client: complete ones, and ones that end early. The note on an
// incomplete count: test/unit/counting/completeness.test.ts.

const test = testOn({ jobs: 3_500 }, { QUALYS_MAX_WAIT_SECONDS: '0' }).extend<{ client: RealClient }>({
  client: async ({ sandbox }, use) => {
    // One at a time: a request that is not cancelled would hold up the next.
    const client = await clientOn(sandbox, { QUALYS_CONCURRENCY: '1' })
    await use(client)
    await client.close()
  },
})

const byPlatform = { groupBy: ['platform'] }

/** The status of each search; 0 for one that was not answered. */
async function statuses({ control }: TestSandbox): Promise<number[]> {
  const searches = (await control.requests()).filter(({ path }) => path !== '/auth')
  return searches.map(({ status }) => status)
}

test('every row is counted once, even if a token expires half-way', async ({ sandbox, assistant }) => {
  await sandbox.control.faults([{ route: jobs, skip: 2, times: 1, kind: 'expired' }])
  const { structured } = await assistant.call('car_count_jobs', byPlatform, 'json')
  expect(structured.summary).toBe('3,500 jobs counted, all of them; 4 groups by platform')
  expect(structured.rows.reduce((sum, { count }) => sum + Number(count), 0)).toBe(3_500)
})

test.for([{ kind: 'limit', toWaitSec: 600 }, { kind: 'reset' }, { kind: 'truncate' }, { kind: 'html' }])(
  '$kind at the third call: the partial count is returned and marked as incomplete',
  async (fault, { sandbox, assistant }) => {
    await sandbox.control.faults([{ route: jobs, skip: 2, ...fault }])
    const { structured, isError, text } = await assistant.call('car_count_jobs', byPlatform, 'json')
    expect(isError, text).toBe(false)
    expect(structured.summary).toBe('2,000 jobs counted, NOT all of 3,500; 4 groups by platform')
    expect(structured.note).toMatch(/^Not all was looked at: \w/)
  },
)

describe('a client', () => {
  test('is notified of each batch: rising values, with the total, from the first to the last', async ({
    client,
  }) => {
    const notifications: { progress: number; total?: number | undefined }[] = []
    const text = await client.count('car_count_jobs', byPlatform, {
      onprogress: (one) => notifications.push(one),
    })
    expect(text).toContain('3,500 jobs counted')
    expect(notifications.map(({ total }) => total)).toEqual(Array(notifications.length).fill(3_500))
    const done = notifications.map(({ progress }) => progress)
    for (const [index, value] of done.entries()) expect(value).toBeGreaterThan(done[index - 1] ?? -1)
    // How many intermediate values are reported depends on how fast they arrive.
    expect([done[0], done.at(-1)]).toEqual([1_000, 3_500])
    for (const value of done) expect([0, 500]).toContain(Math.floor(value) % 1_000)
  })

  test('cancels while a request is under way: it is aborted, none follows, and the next count is complete', async ({
    sandbox,
    client,
  }) => {
    // A caller of this one would wait until the test is over.
    await sandbox.control.faults([{ route: jobs, skip: 2, times: 1, kind: 'delay', ms: 55_000 }])
    const cancel = new AbortController()
    const call = client.count('car_count_jobs', byPlatform, { signal: cancel.signal })
    const refused = expect(call).rejects.toThrow(/abort/i)
    await vi.waitUntil(async () => (await statuses(sandbox)).length === 3, { timeout: 15_000 })
    cancel.abort()
    await refused
    const text = await client.count('car_count_jobs', byPlatform)
    expect(text).toContain('3,500 jobs counted, all of them')
    expect(await statuses(sandbox)).toEqual([200, 200, 0, ...Array(4).fill(200)])
  })

  test('cancels between two requests: none follows', async ({ sandbox, client }) => {
    const cancel = new AbortController()
    const onprogress = (): void => cancel.abort()
    const call = client.count('car_count_jobs', byPlatform, { signal: cancel.signal, onprogress })
    await expect(call).rejects.toThrow(/abort/i)
    // Another call completes meanwhile.
    await client.count('car_count_jobs', { ...byPlatform, filter: 'test:true' })
    const whole = (await requestBodies(sandbox.control)).filter(({ filter }) => filter === undefined)
    expect(whole.length).toBeLessThanOrEqual(3)
  })

  test('cancels before the first answer', async ({ sandbox, client }) => {
    await sandbox.control.faults([{ route: jobs, times: 1, kind: 'delay', ms: 50_000 }])
    const cancel = new AbortController()
    const call = client.count('car_count_jobs', {}, { signal: cancel.signal })
    cancel.abort()
    await expect(call).rejects.toThrow(/abort/i)
    await sandbox.control.faults([])
    expect(await client.count('car_count_jobs', {})).toContain('3,500 jobs')
  })
})
