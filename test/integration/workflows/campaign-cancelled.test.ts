import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { openGateway } from '../../support/session/gateway.ts'
import { today } from '../../support/workflows/campaigns.ts'
import { type AnswerOptions, answersFor } from '../../support/workflows/questionnaires.ts'
import { openStatusServer, type StatusServer } from '../../support/workflows/status-server.ts'

// A cancelled call sends no further requests to Qualys.

const open: { readonly close: () => Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

/** A server on an API with this number of questionnaires, which requests one page at a time. */
async function serverOn(count: number, manners: AnswerOptions): Promise<StatusServer> {
  const answers = answersFor(count, manners)
  const api = await openGateway(async (request, response) => {
    const { body } = answers({ path: request.url ?? '', body: await text(request) })
    response.writeHead(200, { 'content-type': 'application/xml' }).end(body)
  })
  const server = await openStatusServer(api, today, { QUALYS_CONCURRENCY: '1' })
  open.push(api, server)
  return server
}

/** A further request of the cancelled call would be sent first: the concurrency is one. */
const nextCall = (server: StatusServer): Promise<unknown> => server.ask({ campaignId: '1', late: 0 })

test('between pages', async () => {
  const stop = new AbortController()
  const pages: number[] = []
  const server = await serverOn(5_000, {
    onPage: ({ from }) => {
      pages.push(from)
      if (pages.length === 3) stop.abort(new Error('enough'))
    },
  })
  await expect(server.cancellable({ campaignId: '1' }, stop.signal)).rejects.toThrow('enough')
  await nextCall(server)
  expect(pages.slice(0, 4)).toEqual([0, 1_000, 2_000, 0])
})

test('between pages of users', async () => {
  const stop = new AbortController()
  let pages = 0
  const server = await serverOn(1_000, {
    users: 2_500,
    onUser: () => {
      pages++
      if (pages === 2) stop.abort(new Error('enough'))
    },
  })
  await expect(server.cancellable({ campaignId: '1', late: 200 }, stop.signal)).rejects.toThrow('enough')
  expect(pages).toBe(2)
  await nextCall(server)
  // All pages of the next call, and none of the cancelled one.
  expect(pages).toBe(2 + 3)
})

test('before it began', async () => {
  let pages = 0
  const server = await serverOn(10, { onPage: () => void pages++ })
  const never = AbortSignal.abort(new Error('never'))
  await expect(server.cancellable({ campaignId: '1' }, never)).rejects.toThrow('never')
  expect(pages).toBe(0)
})
