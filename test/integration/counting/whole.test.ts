import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { Groups, keyOf } from '../../../src/tools/workflows/groups.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { asked, jobs } from '../../support/workflows/runs.ts'
import { clientOn, type RealClient } from './client.ts'

// Whether all was counted, and how a count may end early. 10,500 jobs are 11 batches, and more than page numbers reach.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
let client: RealClient
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 10_500 })
  assistant = await assistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' })
  // One at a time: a request that was not stopped would hold up the next.
  client = await clientOn(sandbox, { QUALYS_CONCURRENCY: '1' })
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await client.close()
  await assistant.close()
  await sandbox.close()
})

const byPlatform = { groupBy: ['platform'] }

/** How each search was answered; 0 when it was not. */
async function statuses(): Promise<number[]> {
  const searches = (await sandbox.control.requests()).filter(({ path }) => path !== '/auth')
  return searches.map(({ status }) => status)
}

/** How many the groups of a text come to. */
const sumOf = (rows: readonly Record<string, unknown>[]): number =>
  rows.reduce((sum, { count }) => sum + Number(count), 0)

describe('upstream calls', () => {
  test('without groupBy Qualys counts: one call for one row', async () => {
    const { structured, text } = await assistant.call('car_count_jobs', {}, 'json')
    expect(text).toBe('10,500 jobs, as Qualys counts them')
    expect(structured).toMatchObject({ rows: [{ count: 10_500 }], total: 10_500 })
    expect(await asked(sandbox.control)).toMatchObject([{ pageSize: 1 }])
  })

  test('with groupBy a thousand rows a call, each behind the one before', async () => {
    const { structured } = await assistant.call('car_count_jobs', byPlatform, 'json')
    expect(structured.summary).toBe('10,500 jobs counted, all of them; 4 groups by platform')
    expect(sumOf(structured.rows)).toBe(10_500)
    const bodies = await asked(sandbox.control)
    expect(bodies.map(({ pageSize }) => pageSize)).toEqual(Array(11).fill(1_000))
    expect(new Set(bodies.map(({ searchAfter }) => JSON.stringify(searchAfter))).size).toBe(11)
  })

  test('what is sifted is looked at whole, also without groupBy', async () => {
    const { structured } = await assistant.call('car_count_jobs', { match: 'no-such-word' }, 'json')
    expect(structured.summary).toBe('0 of 10,500 jobs match; looked at all of them')
    expect(structured.rows).toEqual([{ count: 0 }])
    expect(await asked(sandbox.control)).toHaveLength(11)
  })
})

describe('not all', () => {
  test('rows without sort values: the wall is said, with advice', async () => {
    await sandbox.control.knobs({ sortValues: false })
    const { structured, isError } = await assistant.call('car_count_jobs', byPlatform, 'json')
    expect(isError).toBe(false)
    expect(structured.summary).toBe('9,999 jobs counted, NOT all of 10,500; 4 groups by platform')
    expect(structured.note).toMatch(/^Not all was looked at: .*first 9,999 rows.*Narrow the filter/)
    expect(sumOf(structured.rows)).toBe(9_999)
    expect(structured.total).toBe(10_500)
  })

  test('the same with match', async () => {
    await sandbox.control.knobs({ sortValues: false })
    const { structured } = await assistant.call('car_count_jobs', { match: 'linux' }, 'json')
    expect(structured.summary).toMatch(/^[\d,]+ of 9,999 jobs match; looked at NOT all of 10,500$/)
  })

  test.each([
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'limit', toWaitSec: 600 },
    { kind: 'reset' },
    { kind: 'truncate' },
    { kind: 'html' },
  ])('$kind $status at the fourth call: what is counted is told, and that it is not all', async (fault) => {
    await sandbox.control.faults([{ route: jobs, skip: 3, ...fault }])
    const { structured, isError, text } = await assistant.call('car_count_jobs', byPlatform, 'json')
    expect(isError, text).toBe(false)
    expect(structured.summary).toBe('3,000 jobs counted, NOT all of 10,500; 4 groups by platform')
    expect(sumOf(structured.rows)).toBe(3_000)
    expect(structured.note).toMatch(/^Not all was looked at: \w/)
  })

  test('Qualys counts more rows than it sends: as many are missing', async () => {
    const reply = (list: readonly object[]) => ({
      route: jobs,
      kind: 'reply',
      body: { body: { totalCount: 5, list } },
    })
    const rows = ['LINUX', 'MAC'].map((platform, at) => ({
      sortValues: [at],
      data: { id: String(at), created: { dateTime: 1_700_000_000_000 }, platform },
    }))
    await sandbox.control.faults([{ ...reply(rows), times: 1 }, reply([])])
    const { structured } = await assistant.call('car_count_jobs', byPlatform, 'json')
    expect(structured.summary).toBe('2 jobs counted, NOT all of 5; 2 groups by platform')
    expect(structured.note).toMatch(/^Not all was looked at: Qualys counts 3 more rows/)
  })

  test('the text says it as the JSON form does', async () => {
    await sandbox.control.faults([{ route: jobs, skip: 2, kind: 'status', status: 500 }])
    const { text } = await assistant.call('car_count_jobs', byPlatform)
    expect(text).toMatch(/^2,000 jobs counted, NOT all of 10,500; 4 groups by platform\nplatform\tcount\n/)
    expect(text).toMatch(/\nNote: Not all was looked at: /)
  })

  test.each([
    { kind: 'status', status: 500, says: 'vendor' },
    { kind: 'limit', toWaitSec: 600, says: 'busy' },
    { kind: 'status', status: 403, says: 'setup' },
    { kind: 'status', status: 400, says: 'input' },
  ])('$kind $status at the first call is the error it is', async ({ says, ...fault }) => {
    await sandbox.control.faults([{ route: jobs, ...fault }])
    for (const args of [byPlatform, {}, { match: 'linux' }]) {
      const { isError, error } = await assistant.call('car_count_jobs', args)
      expect(isError).toBe(true)
      expect(error).toMatchObject({ kind: says })
    }
  })

  test('a permission that goes away half-way is an error: no time mends it', async () => {
    await sandbox.control.faults([{ route: jobs, skip: 3, kind: 'status', status: 403 }])
    const { isError, error } = await assistant.call('car_count_jobs', byPlatform)
    expect([isError, error]).toMatchObject([true, { kind: 'setup' }])
  })

  test('a token that expires half-way is replaced, and nothing is counted twice', async () => {
    await sandbox.control.faults([{ route: jobs, skip: 3, times: 1, kind: 'expired' }])
    const { structured } = await assistant.call('car_count_jobs', byPlatform, 'json')
    expect(structured.summary).toBe('10,500 jobs counted, all of them; 4 groups by platform')
  })
})

describe('groups without end', () => {
  test('more than 10,000 of them are refused, with what to do', async () => {
    const { isError, text, error } = await assistant.call('car_count_jobs', { groupBy: ['id'] })
    expect([isError, error]).toMatchObject([true, { kind: 'input' }])
    expect(text).toMatch(/^id: more than 10,000 different groups\. Group by a column with fewer values/)
  })

  test('10,000 are not, however many rows they have', () => {
    const groups = new Groups(searchJobs, [keyOf('id')], (text) => text)
    for (let round = 0; round < 2; round++) for (let id = 0; id < 10_000; id++) groups.add({ id: String(id) })
    expect(groups.sorted()).toHaveLength(10_000)
    expect(groups.rows).toBe(20_000)
    expect(() => groups.add({ id: 'one more' })).toThrow('more than 10,000 different groups')
  })
})

describe('a client', () => {
  test('hears of batches: rising, with the total, from the first to the last', async () => {
    const heard: { progress: number; total?: number | undefined }[] = []
    const text = await client.count('car_count_jobs', byPlatform, { onprogress: (one) => heard.push(one) })
    expect(text).toContain('10,500 jobs counted')
    expect(heard.map(({ total }) => total)).toEqual(Array(heard.length).fill(10_500))
    const done = heard.map(({ progress }) => progress)
    for (const [index, value] of done.entries()) expect(value).toBeGreaterThan(done[index - 1] ?? -1)
    // How many of those between are told depends on how fast they come.
    expect([done[0], done.at(-1)]).toEqual([1_000, 10_500])
    for (const value of done) expect([0, 500]).toContain(Math.floor(value) % 1_000)
  })

  test('cancels while a request is under way: it is stopped, none follows, and the next count is whole', async () => {
    // Whoever waited for this one would wait until the test is over.
    await sandbox.control.faults([{ route: jobs, skip: 2, times: 1, kind: 'delay', ms: 55_000 }])
    const cancel = new AbortController()
    const call = client.count('car_count_jobs', byPlatform, { signal: cancel.signal })
    const refused = expect(call).rejects.toThrow(/abort/i)
    await vi.waitUntil(async () => (await statuses()).length === 3, { timeout: 30_000 })
    cancel.abort()
    await refused
    const text = await client.count('car_count_jobs', byPlatform)
    expect(text).toContain('10,500 jobs counted, all of them')
    expect(await statuses()).toEqual([200, 200, 0, ...Array(11).fill(200)])
  })

  test('cancels between two requests: none follows', async () => {
    const cancel = new AbortController()
    const onprogress = (): void => cancel.abort()
    const call = client.count('car_count_jobs', byPlatform, { signal: cancel.signal, onprogress })
    await expect(call).rejects.toThrow(/abort/i)
    // Another call goes all its way meanwhile.
    await client.count('car_count_jobs', { ...byPlatform, filter: 'test:true' })
    const whole = (await asked(sandbox.control)).filter(({ filter }) => filter === undefined)
    expect(whole.length).toBeLessThanOrEqual(3)
  })

  test('cancels before anything was answered', async () => {
    await sandbox.control.faults([{ route: jobs, times: 1, kind: 'delay', ms: 50_000 }])
    const cancel = new AbortController()
    const call = client.count('car_count_jobs', {}, { signal: cancel.signal })
    cancel.abort()
    await expect(call).rejects.toThrow(/abort/i)
    await sandbox.control.reset()
    expect(await client.count('car_count_jobs', {})).toContain('10,500 jobs')
  })
})
