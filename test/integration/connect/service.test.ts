import { describe, expect } from 'vitest'
import { connectAs, type Message, textOf } from '../../support/connect/stdio-client.ts'
import { serviceTestOn } from '../../support/service/fixture.ts'

// A client here, the real service there: what one revision says, the other one gets.

/** Enough for a search of several batches. */
const test = serviceTestOn({ jobs: 3_000 })

const tokenIn = (message: Message): string => /continuationToken "([^"]+)"/.exec(textOf(message))?.[1] ?? ''

/** Members that the revisions of 2025 do not know, anywhere at the top of a result. */
const newsIn = (messages: readonly Message[]): string[] =>
  messages.flatMap(({ result = {} }) =>
    Object.keys({ ...result, ...(result['_meta'] as object) }).filter((name) =>
      ['resultType', 'ttlMs', 'cacheScope', 'io.modelcontextprotocol/serverInfo'].includes(name),
    ),
  )

describe('a client of 2025', () => {
  test.for([
    ['2025-11-25', '2025-11-25'],
    ['2025-06-18', '2025-06-18'],
    ['2024-11-05', '2024-11-05'],
    ['2023-01-01', '2025-11-25'],
  ])('begins with %s and gets %s', async ([asked, given], { serve }) => {
    const client = connectAs(await serve())
    const { result } = await client.initialize({}, asked)
    expect(result).toEqual({
      protocolVersion: given,
      capabilities: expect.objectContaining({ tools: { listChanged: false } }),
      serverInfo: expect.objectContaining({ name: 'qualys-mcp', title: expect.any(String) }),
      instructions: expect.stringContaining('continuationToken'),
    })
  })

  test('gets what the service gives, and nothing of 2026', async ({ serve }) => {
    const client = connectAs(await serve())
    await client.initialize()
    const { result: list } = await client.request('tools/list')
    expect(list?.['tools']).toContainEqual(expect.objectContaining({ name: 'car_search_jobs' }))
    const first = await client.call('car_search_jobs', { pageSize: 3 })
    expect(textOf(first)).toMatch(/^jobs 1-3 of 3,000, newest first/)
    const again = { pageSize: 3, continuationToken: tokenIn(first) }
    expect(textOf(await client.call('car_search_jobs', again))).toMatch(/^jobs 4-6 of 3,000/)
    const json = await client.call('car_search_jobs', { pageSize: 1 }, { 'qualys-mcp/reply': 'json' })
    expect(json.result?.['structuredContent']).toMatchObject({ returned: 1 })
    const { result: guide } = await client.request('resources/read', { uri: 'qualys://guides/qql' })
    expect(guide?.['contents']).toHaveLength(1)
    const { result: prompts } = await client.request('prompts/list')
    expect(prompts?.['prompts']).not.toEqual([])
    expect(newsIn(client.messages)).toEqual([])
  })

  test('gets the errors of the service under its own ids', async ({ serve }) => {
    const client = connectAs(await serve())
    await client.initialize()
    expect(await client.call('car_search_job')).toMatchObject({
      error: { code: -32_602, message: expect.stringContaining('car_search_job') },
    })
    const odd = await client.request('no/such/method', undefined, 'an id of text')
    expect(odd).toMatchObject({ id: 'an id of text', error: { code: -32_601 } })
    const wrong = await client.call('car_search_jobs', { pageSize: 0 })
    expect(wrong.result?.['isError']).toBe(true)
    expect(textOf(wrong)).toMatch(/pageSize: must be a whole number from 1 to 200/)
  })

  test('is answered a ping by the program itself, and knows no server/discover', async ({ serve }) => {
    const service = await serve()
    const client = connectAs(service)
    expect((await client.request('ping')).result).toEqual({})
    expect((await client.request('server/discover')).error).toMatchObject({ code: -32_601 })
    expect(service.lines().filter(({ route }) => route === 'mcp')).toEqual([])
  })

  test('gets the progress of a long call under its own token', async ({ serve }) => {
    const service = await serve()
    const client = connectAs(service)
    await client.initialize()
    const search = { match: 'nothingofthatname' }
    const result = await client.call('car_search_jobs', search, { progressToken: 'mine' })
    expect(textOf(result)).toMatch(/^jobs: 0 matches in 3,000 of 3,000 scanned/)
    const progress = client.notifications('notifications/progress').map(({ params }) => params)
    expect(progress.slice(0, 2)).toEqual(
      [1_000, 2_000].map((done) => expect.objectContaining({ progressToken: 'mine', progress: done })),
    )
    // The stream was read to its end: to the service, a client that hangs up cancels.
    const ended = () => service.lines().filter(({ method }) => method === 'tools/call')
    await expect.poll(() => ended().map(({ outcome }) => outcome)).toEqual(['ok'])
  })

  test('cancels a call: its request to Qualys is aborted, and it gets no answer', async ({
    serve,
    sandbox,
  }) => {
    const client = connectAs(await serve({ settings: { QUALYS_CONCURRENCY: '1' } }))
    await client.initialize()
    await client.call('car_list_script_types')
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'stall', times: 1 }])
    await sandbox.control.clearRequests()
    void client.request('tools/call', { name: 'car_search_jobs' }, 'slow')
    await expect.poll(async () => (await sandbox.control.requests()).length).toBe(1)
    client.send({ method: 'notifications/cancelled', params: { requestId: 'slow' } })
    // With the stalled request still open, QUALYS_CONCURRENCY 1 would block this one.
    expect(textOf(await client.call('car_search_jobs', { pageSize: 1 }))).toMatch(/^jobs 1-1 of 3,000/)
    expect(client.messages.filter(({ id }) => id === 'slow')).toEqual([])
  })

  test('may call before it begins', async ({ serve }) => {
    const client = connectAs(await serve())
    expect(textOf(await client.call('car_search_jobs', { pageSize: 1 }))).toMatch(/^jobs 1-1 of 3,000/)
  })
})

describe('a client of 2026', () => {
  test('is passed on as it is', async ({ serve }) => {
    const client = connectAs(await serve())
    const { result } = await client.currentRequest('server/discover')
    expect(result).toMatchObject({ supportedVersions: ['2026-07-28'], resultType: 'complete' })
    const list = await client.currentRequest('tools/list')
    expect(list.result).toMatchObject({ resultType: 'complete', ttlMs: expect.any(Number) })
    const params = { name: 'car_search_jobs', arguments: { pageSize: 2 } }
    expect(textOf(await client.currentRequest('tools/call', params))).toMatch(/^jobs 1-2 of 3,000/)
  })

  test('gets the refusal of another revision from the service', async ({ serve }) => {
    const client = connectAs(await serve())
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2031-01-01',
      'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    const answer = await client.request('tools/list', { _meta: meta })
    expect(answer).toMatchObject({ id: 1, error: { code: -32_022 } })
  })

  test('gets its subscription under its own id', async ({ serve }) => {
    const client = connectAs(await serve())
    const notifications = { toolsListChanged: true }
    // The service announces no changes, so it ends the subscription at once.
    const { result } = await client.currentRequest('subscriptions/listen', { notifications })
    const meta = { _meta: expect.objectContaining({ 'io.modelcontextprotocol/subscriptionId': 1 }) }
    expect(result).toMatchObject(meta)
    const [acknowledged] = client.notifications('notifications/subscriptions/acknowledged')
    expect(acknowledged?.params).toMatchObject(meta)
  })
})
