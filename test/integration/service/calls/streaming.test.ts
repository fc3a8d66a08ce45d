import { describe, expect } from 'vitest'
import type { Answer, Message } from '../../../support/service/answer.ts'
import { revisions } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { openWatchedGateway } from '../../../support/service/gateway.ts'

// A call with news streams, one without answers with JSON.

const test = serviceTestOn({ jobs: 3_000 })

const long = ['qualys_export', { tool: 'car_search_jobs', format: 'csv' }] as const
const progressIn = ({ messages }: Answer): readonly Message[] =>
  messages.filter(({ method }) => method === 'notifications/progress')

describe.each(revisions)('%s', (revision) => {
  test.for(['token-7', 7] as const)(
    'with the progress token %s progress comes before the answer, and increases',
    async (progressToken, { serve }) => {
      const service = await serve()
      const answer = await service.client('ada', { revision }).call(...long, { _meta: { progressToken } })
      expect(answer).toMatchObject({ status: 200, isStream: true, isError: false })
      expect(answer.headers['cache-control']).toContain('no-cache')
      expect(answer.headers['x-accel-buffering']).toBe('no')
      const progress = progressIn(answer)
      expect(progress.length).toBeGreaterThan(0)
      expect(progress).toEqual(answer.messages.slice(0, -1))
      expect(new Set(progress.map(({ params }) => params?.['progressToken']))).toEqual(
        new Set([progressToken]),
      )
      const values = progress.map(({ params }) => Number(params?.['progress']))
      expect(values).toEqual([...values].sort((a, b) => a - b))
      expect(new Set(values).size).toBe(values.length)
    },
  )

  test('progress is sent when it happens, not with the answer', async ({ serve, sandbox }) => {
    const route = 'POST /sm/v2/jobs/search'
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, route, { skip: 2 })
    const service = await serve({ settings: { QUALYS_GATEWAY_URL: gateway.url } })
    const client = service.client('ada', { revision })
    const message = client.messageOf('tools/call', {
      name: long[0],
      arguments: long[1],
      _meta: { progressToken: 'p' },
    })
    const came: string[] = []
    const answer = client.post(message, { onData: (text) => came.push(text) })
    await gateway.held
    await expect
      .poll(() => came.at(-1) ?? '', { interval: 10, timeout: 5_000 })
      .toContain('notifications/progress')
    expect(came.at(-1)).not.toContain('"result"')
    gateway.release()
    expect((await answer).isError).toBe(false)
  })

  test('without a token the same call answers with JSON', async ({ serve }) => {
    const service = await serve()
    const answer = await service.client('ada', { revision }).call(...long)
    expect(answer).toMatchObject({ status: 200, isStream: false, isError: false })
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.messages).toHaveLength(1)
  })

  test('lists, reads and errors answer with JSON', async ({ serve }) => {
    const client = (await serve()).client('ada', { revision })
    for (const answer of [
      await client.request('tools/list'),
      await client.request('resources/read', { uri: 'qualys://guides/qql' }),
      await client.request('resources/read', { uri: 'qualys://guides/none' }),
      await client.call('car_no_such_tool'),
      await client.call('car_search_jobs', { nonsense: 1 }),
    ])
      expect(answer.isStream).toBe(false)
  })

  test('an answer holds what only its caller may keep: no cache on the way keeps it', async ({ serve }) => {
    const client = (await serve()).client('ada', { revision })
    for (const answer of [await client.request('tools/list'), await client.call('car_list_script_types')])
      expect(answer.headers['cache-control']).toMatch(/no-store|private/)
  })
})

test('progress of two calls at once comes on the stream of its call', async ({ serve }) => {
  const service = await serve({ callers: { ada: { role: 'operator' }, eve: { role: 'operator' } } })
  const answers = await Promise.all(
    ['ada', 'eve', 'ada', 'eve'].map((name, at) =>
      service
        .client(name, { revision: revisions[at % 2] ?? '2025-11-25' })
        .call(...long, { _meta: { progressToken: `of ${at}` } }),
    ),
  )
  for (const [at, answer] of answers.entries()) {
    expect(progressIn(answer).length).toBeGreaterThan(0)
    expect(new Set(progressIn(answer).map(({ params }) => params?.['progressToken']))).toEqual(
      new Set([`of ${at}`]),
    )
  }
})
