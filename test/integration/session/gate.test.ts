import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import { listScriptLanguages, listScriptTypes } from '../../../src/operations/car/scripts.ts'
import { testOn } from '../../support/fixtures.ts'
import { moment, noRows } from '../../support/session/gateway.ts'
import { gatewayFor, sessionFor } from '../../support/waiting/gateway.ts'
import { patiently } from '../../support/waiting/time.ts'

// Calls that are cancelled, wherever they are.

const patience = { QUALYS_MAX_WAIT_SECONDS: '100' }
const test = testOn({ jobs: 100 }, { ...patience, QUALYS_CONCURRENCY: '1' })
const stop = new Error('the assistant gave up')

test.for([
  { name: 'before its answer', begin: () => undefined },
  { name: 'in the middle of its answer', begin: (response: ServerResponse) => response.write('{"body":[') },
])('cancelled $name: the upstream request ends, and its place is free', async ({ begin }) => {
  const [arrived, ended] = [moment(), moment()]
  const seen: string[] = []
  const gateway = await gatewayFor(({ url = '' }, response) => {
    seen.push(url)
    if (url !== '/sm/v1/script-types') return void response.end(noRows)
    response.on('close', ended.now)
    begin(response)
    arrived.now()
  })
  const on = sessionFor(gateway, { ...patience, QUALYS_CONCURRENCY: '1' })
  const [running, waiting] = [new AbortController(), new AbortController()]
  const first = on.call(listScriptTypes, {}, { signal: running.signal })
  await arrived.come
  const second = on.call(listScriptTypes, {}, { signal: waiting.signal })
  // What was called has come as far as it can without an answer.
  await turn()
  const third = on.call(listScriptLanguages, {})
  await turn()
  // The one in front gives up, and is never sent.
  waiting.abort(stop)
  await expect(second).rejects.toBe(stop)
  running.abort(stop)
  await expect(first).rejects.toBe(stop)
  await ended.come
  await expect(third).resolves.toMatchObject({ rows: [] })
  expect(seen).toEqual(['/sm/v1/script-types', '/sm/v1/script-language'])
})

test('cancelled while waiting for a limit to pass: no further request, and its place is free', async ({
  sandbox,
  session,
}) => {
  await sandbox.control.faults([{ route: 'GET /sm/v1/script-types', kind: 'limit', toWaitSec: 90 }])
  const sent = async (): Promise<number> =>
    (await sandbox.control.requests()).filter(({ path }) => path === '/sm/v1/script-types').length
  const cancel = new AbortController()
  const limited = session.call(listScriptTypes, {}, { signal: cancel.signal })
  await vi.waitFor(async () => expect(await sent()).toBe(1), patiently)
  // Its place is free while it waits.
  await session.call(listScriptLanguages, {})
  cancel.abort(stop)
  await expect(limited).rejects.toBe(stop)
  await session.call(listScriptLanguages, {})
  expect(await sent()).toBe(1)
})

test('cancelled while others wait for the same login: at once, and they get it', async () => {
  const [asked, answered] = [moment(), moment()]
  let logins = 0
  const gateway = await gatewayFor(
    (_request, response) => response.end(noRows),
    async (_request, response) => {
      logins++
      asked.now()
      await answered.come
      response.writeHead(201).end('header.payload.signature')
    },
  )
  const on = sessionFor(gateway, patience)
  const cancel = new AbortController()
  const first = on.call(listScriptTypes, {}, { signal: cancel.signal })
  const second = on.call(listScriptLanguages, {})
  await asked.come
  cancel.abort(stop)
  await expect(first).rejects.toBe(stop)
  answered.now()
  await expect(second).resolves.toMatchObject({ kind: 'page' })
  expect(logins).toBe(1)
})

test('cancelled before it began: Qualys is not asked', async ({ sandbox, session }) => {
  await session.call(listScriptLanguages, {})
  await sandbox.control.forget()
  const signal = AbortSignal.abort(stop)
  await expect(session.call(listScriptTypes, {}, { signal })).rejects.toBe(stop)
  expect(await sandbox.control.requests()).toEqual([])
})
