import type { ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { getScript, listScriptLanguages, listScriptTypes } from '../../../src/operations/car/scripts.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import type { Session } from '../../../src/session/session.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { moment, noRows, openGateway } from '../../support/session/gateway.ts'
import { sessionOn } from '../../support/session.ts'

const open: { close: () => Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

function session(on: Sandbox, width: number): Session {
  const opened = sessionOn(on, { QUALYS_CONCURRENCY: String(width), QUALYS_MAX_WAIT_SECONDS: '100' })
  open.push(on, opened)
  return opened
}

/** What was called has come as far as it can without an answer. */
const inLine = (): Promise<void> => new Promise(setImmediate)
const stop = new Error('the assistant gave up')

test.each([1, 2, 5])('at most %i requests at a time, and as many', async (width) => {
  let most = 0
  const held: ServerResponse[] = []
  const gateway = await openGateway((_request, response) => {
    most = Math.max(most, held.push(response))
    // Later, so that one too many would have come by then.
    if (held.length === width) setTimeout(() => held.splice(0).map((each) => each.end(noRows)), 15)
  })
  const on = session(gateway, width)
  await Promise.all(Array.from({ length: width * 4 }, () => on.call(listScriptTypes, {})))
  expect(most).toBe(width)
})

test('first come, first served', async () => {
  const order: string[] = []
  const gateway = await openGateway(({ url = '' }, response) => {
    order.push(url.split('/').at(-1) ?? '')
    response.end('{"body":{"id":1}}')
  })
  const on = session(gateway, 1)
  const ids = Array.from({ length: 12 }, (_, place) => String(place))
  await Promise.all(ids.map((scriptId) => on.call(getScript, { scriptId })))
  expect(order).toEqual(ids)
})

test.each([
  { name: 'before its answer', begin: () => undefined },
  { name: 'in the middle of its answer', begin: (response: ServerResponse) => response.write('{"body":[') },
])('cancelled $name: the upstream request ends, and its place is free', async ({ begin }) => {
  const [arrived, ended] = [moment(), moment()]
  const seen: string[] = []
  const gateway = await openGateway(({ url = '' }, response) => {
    seen.push(url)
    if (url !== '/sm/v1/script-types') return void response.end(noRows)
    response.on('close', ended.now)
    begin(response)
    arrived.now()
  })
  const on = session(gateway, 1)
  const [running, waiting] = [new AbortController(), new AbortController()]
  const first = on.call(listScriptTypes, {}, { signal: running.signal })
  await arrived.come
  const second = on.call(listScriptTypes, {}, { signal: waiting.signal })
  await inLine()
  const third = on.call(listScriptLanguages, {})
  await inLine()
  // The one in front gives up, and is never sent.
  waiting.abort(stop)
  await expect(second).rejects.toBe(stop)
  running.abort(stop)
  await expect(first).rejects.toBe(stop)
  await ended.come
  await expect(third).resolves.toMatchObject({ rows: [] })
  expect(seen).toEqual(['/sm/v1/script-types', '/sm/v1/script-language'])
})

test('cancelled while waiting for a limit to pass: no further request, and its place is free', async () => {
  const sandbox = await openSandbox({ jobs: 100 })
  const on = session(sandbox, 1)
  await sandbox.control.faults([{ route: 'GET /sm/v1/script-types', kind: 'limit', toWaitSec: 90 }])
  const sent = async (): Promise<number> =>
    (await sandbox.control.requests()).filter(({ path }) => path === '/sm/v1/script-types').length
  const cancel = new AbortController()
  const limited = on.call(listScriptTypes, {}, { signal: cancel.signal })
  await expect.poll(sent).toBe(1)
  // Its place is free while it waits.
  await on.call(listScriptLanguages, {})
  cancel.abort(stop)
  await expect(limited).rejects.toThrow()
  await on.call(listScriptLanguages, {})
  expect(await sent()).toBe(1)
})

test('cancelled while others wait for the same login: at once, and they get it', async () => {
  const [asked, answered] = [moment(), moment()]
  let logins = 0
  const gateway = await openGateway(
    (_request, response) => response.end(noRows),
    async (_request, response) => {
      logins++
      asked.now()
      await answered.come
      response.writeHead(201).end('header.payload.signature')
    },
  )
  const on = session(gateway, 2)
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

test('cancelled before it began: Qualys is not asked', async () => {
  const sandbox = await openSandbox({ jobs: 100 })
  const on = session(sandbox, 2)
  await on.call(listScriptLanguages, {})
  await sandbox.control.forget()
  await expect(on.call(listScriptTypes, {}, { signal: AbortSignal.abort(stop) })).rejects.toBe(stop)
  expect(await sandbox.control.requests()).toEqual([])
})
