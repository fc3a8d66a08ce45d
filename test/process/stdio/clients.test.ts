import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { generations, type Peer, textOf } from '../../support/stdio/peers.ts'

// The built server over stdio, called by real MCP clients.

/** Enough for a search of several batches. */
const jobs = 3_000
let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await openSandbox({ jobs })
})
beforeEach(() => sandbox.control.reset())
afterAll(() => sandbox.close())

const tokenIn = (text: string): string => /continuationToken "([^"]+)"/.exec(text)?.[1] ?? ''

describe.each(Object.entries(generations))('%s', (_name, connect) => {
  let peer: Peer

  // One server for all: none of its answers depends on earlier calls.
  beforeAll(async () => {
    peer = await connect(environmentFor(sandbox, { QUALYS_CONCURRENCY: '1' }))
  })
  afterAll(() => peer.close())

  test('reads the list and the instructions', async () => {
    const { tools } = await peer.listTools()
    expect(tools.map(({ name }) => name)).toContain('car_search_jobs')
    expect(peer.instructions()).toMatch(/continuationToken/)
  })

  test('continues with the token', async () => {
    const first = textOf(await peer.callTool({ name: 'car_search_jobs', arguments: { pageSize: 3 } }))
    expect(first).toMatch(/^jobs 1-3 of 3,000, newest first/)
    const again = { pageSize: 3, continuationToken: tokenIn(first) }
    const second = textOf(await peer.callTool({ name: 'car_search_jobs', arguments: again }))
    expect(second).toMatch(/^jobs 4-6 of 3,000/)
  })

  test('gets rows as objects on request, and the summary as text', async () => {
    const result = await peer.callTool({
      name: 'car_search_jobs',
      arguments: { pageSize: 2 },
      _meta: { 'qualys-mcp/reply': 'json' },
    })
    expect(result.structuredContent).toMatchObject({
      returned: 2,
      total: jobs,
      rows: [{ id: expect.any(String) }, {}],
    })
    expect(textOf(result)).toBe(`${result.structuredContent?.['summary']}\nrows and token: structuredContent`)
  })

  test('gets a wrong argument as an error result', async () => {
    const result = await peer.callTool({ name: 'car_search_jobs', arguments: { pageSize: 0 } })
    expect(result.isError).toBe(true)
    expect(textOf(result)).toMatch(/pageSize: must be a whole number from 1 to 200/)
  })

  test('gets a refusal of Qualys as an error result', async () => {
    const result = await peer.callTool({ name: 'car_search_jobs', arguments: { filter: '(' } })
    expect(result.isError).toBe(true)
    expect(textOf(result)).toMatch(/^Qualys refuses the request \(400/)
  })

  test('gets an error for a tool that does not exist', async () => {
    const call = peer.callTool({ name: 'car_search_job' }).then(
      (result) => `${result.isError} ${textOf(result)}`,
      (error: Error) => `true ${error.message}`,
    )
    expect(await call).toMatch(/^true .*car_search_job/)
  })

  test('gets the progress of a long search', async () => {
    const seen: { progress: number; total?: number | undefined }[] = []
    const result = await peer.callTool(
      { name: 'car_search_jobs', arguments: { match: 'nothingofthatname' } },
      { onprogress: (progress) => seen.push(progress) },
    )
    expect(textOf(result)).toMatch(/^jobs: 0 matches in 3,000 of 3,000 scanned/)
    // Some clients drop notifications that arrive just before the answer.
    expect(seen.slice(0, 2)).toEqual(
      [1_000, 2_000].map((progress) => expect.objectContaining({ progress, total: jobs })),
    )
    expect(seen.length).toBeLessThanOrEqual(3)
  })

  test('cancels a call: the request to Qualys is aborted, and the server continues', async () => {
    await peer.callTool({ name: 'car_list_script_types' })
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'stall', times: 1 }])
    await sandbox.control.clearRequests()
    const stop = new AbortController()
    const call = peer.callTool({ name: 'car_search_jobs' }, { signal: stop.signal })
    await expect
      .poll(async () => (await sandbox.control.requests()).length, { interval: 5, timeout: 30_000 })
      .toBe(1)
    stop.abort()
    await expect(call).rejects.toThrow()
    // With the stalled request still open, QUALYS_CONCURRENCY 1 would block this one.
    expect(textOf(await peer.callTool({ name: 'car_search_jobs', arguments: { pageSize: 1 } }))).toMatch(
      /^jobs 1-1/,
    )
    expect(
      (await sandbox.control.requests()).filter(({ path }) => path.endsWith('jobs/search')),
    ).toHaveLength(2)
  })

  test('with QUALYS_REPLY=json validates every structured answer against its output schema', async () => {
    const programs = await connect(environmentFor(sandbox, { QUALYS_REPLY: 'json' }))
    try {
      const { tools } = await programs.listTools()
      expect(tools.filter(({ outputSchema }) => outputSchema === undefined)).toEqual([])
      for (const name of [
        'car_search_asset_jobs',
        'car_list_reports',
        'qualys_status',
        'car_list_script_types',
      ]) {
        expect((await programs.callTool({ name })).structuredContent, name).toMatchObject({
          summary: expect.any(String),
        })
      }
    } finally {
      await programs.close()
    }
  })

  test('lists tools without any setting, and the first call says what to set', async () => {
    const bare = await connect({})
    try {
      expect((await bare.listTools()).tools.length).toBeGreaterThan(10)
      const result = await bare.callTool({ name: 'car_search_jobs' })
      expect(result.isError).toBe(true)
      expect(textOf(result)).toMatch(/No Qualys platform is set\. .*QUALYS_PLATFORM/)
    } finally {
      await bare.close()
    }
  })
})

test('every client generation sees the same list, the same in every process', async () => {
  const lists = await Promise.all(
    Object.values(generations).flatMap((connect) =>
      [1, 2].map(async () => {
        const peer = await connect({})
        const { tools } = await peer.listTools()
        await peer.close()
        return JSON.stringify(tools.map(({ name, inputSchema }) => ({ name, inputSchema })))
      }),
    ),
  )
  expect(new Set(lists).size).toBe(1)
})
