import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import { listScriptLanguages, listScriptTypes } from '../../../src/operations/car/scripts.ts'
import { testOn } from '../../support/fixtures.ts'
import { deferred, noRows } from '../../support/session/gateway.ts'
import { waitOptions } from '../../support/waiting/fake-time.ts'
import { gatewayFor, sessionFor } from '../../support/waiting/gateway.ts'

// Calls that are cancelled at any stage.

const patience = { QUALYS_MAX_WAIT_SECONDS: '100' }
const test = testOn({ jobs: 100 }, { ...patience, QUALYS_CONCURRENCY: '1' })
const stop = new Error('the assistant gave up')

test.for([
  { name: 'before its answer', begin: () => undefined },
  { name: 'in the middle of its answer', begin: (response: ServerResponse) => response.write('{"body":[') },
])('cancelled $name: the request to Qualys is aborted, and its slot is free', async ({ begin }) => {
  const [arrived, ended] = [deferred(), deferred()]
  const seen: string[] = []
  const gateway = await gatewayFor(({ url = '' }, response) => {
    seen.push(url)
    if (url !== '/sm/v1/script-types') return void response.end(noRows)
    response.on('close', ended.resolve)
    begin(response)
    arrived.resolve()
  })
  const on = sessionFor(gateway, { ...patience, QUALYS_CONCURRENCY: '1' })
  const [running, waiting] = [new AbortController(), new AbortController()]
  const first = on.call(listScriptTypes, {}, { signal: running.signal })
  await arrived.promise
  const second = on.call(listScriptTypes, {}, { signal: waiting.signal })
  // The call waits for its answer.
  await turn()
  const third = on.call(listScriptLanguages, {})
  await turn()
  // The first one in the queue is cancelled, and never sent.
  waiting.abort(stop)
  await expect(second).rejects.toBe(stop)
  running.abort(stop)
  await expect(first).rejects.toBe(stop)
  await ended.promise
  await expect(third).resolves.toMatchObject({ rows: [] })
  expect(seen).toEqual(['/sm/v1/script-types', '/sm/v1/script-language'])
})

test('cancelled during a wait for a rate limit: no further request, and its slot is free', async ({
  sandbox,
  session,
}) => {
  await sandbox.control.faults([{ route: 'GET /sm/v1/script-types', kind: 'limit', toWaitSec: 90 }])
  const sent = async (): Promise<number> =>
    (await sandbox.control.requests()).filter(({ path }) => path === '/sm/v1/script-types').length
  const cancel = new AbortController()
  const limited = session.call(listScriptTypes, {}, { signal: cancel.signal })
  await vi.waitFor(async () => expect(await sent()).toBe(1), waitOptions)
  // Its place is free while it waits.
  await session.call(listScriptLanguages, {})
  cancel.abort(stop)
  await expect(limited).rejects.toBe(stop)
  await session.call(listScriptLanguages, {})
  expect(await sent()).toBe(1)
})

test('cancelled while others wait for the same login: it ends at once, and they get their token', async () => {
  const [asked, answered] = [deferred(), deferred()]
  let logins = 0
  const gateway = await gatewayFor(
    (_request, response) => response.end(noRows),
    async (_request, response) => {
      logins++
      asked.resolve()
      await answered.promise
      response.writeHead(201).end('header.payload.signature')
    },
  )
  const on = sessionFor(gateway, patience)
  const cancel = new AbortController()
  const first = on.call(listScriptTypes, {}, { signal: cancel.signal })
  const second = on.call(listScriptLanguages, {})
  await asked.promise
  cancel.abort(stop)
  await expect(first).rejects.toBe(stop)
  answered.resolve()
  await expect(second).resolves.toMatchObject({ kind: 'page' })
  expect(logins).toBe(1)
})

test('cancelled before it began: no request', async ({ sandbox, session }) => {
  await session.call(listScriptLanguages, {})
  await sandbox.control.clearRequests()
  const signal = AbortSignal.abort(stop)
  await expect(session.call(listScriptTypes, {}, { signal })).rejects.toBe(stop)
  expect(await sandbox.control.requests()).toEqual([])
})
