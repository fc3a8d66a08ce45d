import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { temporary, timesSeen, type Unattended, unattended } from '../../support/effects/bench.ts'
import { groundOf } from '../../support/effects/calls.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'

// A token that is refused at the door: nothing was done, so the request may knock once more.

const folder = temporary()
const effect = 'POST /sm/v1/scripts/19218/execute'
const route = 'POST /sm/v1/scripts/{scriptId}/execute'
const login = 'POST /auth'
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let server: Unattended
let hosts: readonly string[]
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200, assets: 60 })
  server = await unattended(environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' }), folder.path)
  hosts = (await groundOf(sandbox.control)).hosts
})
let before: number
beforeEach(async () => {
  await sandbox.control.reset()
  await sandbox.control.knobs({ jobDelayMs: 0 })
  // With a token in hand, whatever the test before did to it.
  expect((await server.call('car_list_script_types', {})).isError).toBe(false)
  await sandbox.control.forget()
  before = (await sandbox.control.truth('executions')).length
})
afterAll(async () => {
  await server.close()
  await sandbox.close()
  folder.remove()
})

const run = (host = 0) =>
  server.call('car_execute_script', { scriptId: 19218, assetIds: hosts.slice(host, host + 1) })
const started = async () => (await sandbox.control.truth('executions')).length - before
const counts = async () => ({
  sent: await timesSeen(sandbox.control, effect),
  logins: await timesSeen(sandbox.control, login),
  started: await started(),
})

test.each(['expired', 'unauthenticated'])('%s: one login, one replay, one effect', async (kind) => {
  await sandbox.control.faults([{ route, kind, times: 1 }])
  const { text, isError } = await run()
  expect(isError, text).toBe(false)
  expect(await counts()).toEqual({ sent: 2, logins: 1, started: 1 })
})

test('revoked while the request is in flight', async () => {
  await sandbox.control.faults([{ route, kind: 'delay', ms: 100, times: 1 }])
  const call = run()
  await expect.poll(() => timesSeen(sandbox.control, effect), { interval: 2, timeout: 30_000 }).toBe(1)
  await sandbox.control.revoke()
  const { text, isError } = await call
  expect(isError, text).toBe(false)
  expect(await counts()).toEqual({ sent: 2, logins: 1, started: 1 })
})

test('two at once: one login, a replay each, two effects', async () => {
  await sandbox.control.faults([{ route, kind: 'expired', times: 2 }])
  for (const { isError, text } of await Promise.all([run(0), run(1)])) expect(isError, text).toBe(false)
  expect(await counts()).toEqual({ sent: 4, logins: 1, started: 2 })
})

test('refused twice: the operator can mend it, and nothing was done', async () => {
  await sandbox.control.faults([{ route, kind: 'expired' }])
  const { text, error } = await run()
  expect(error).toMatchObject({ kind: 'setup', status: 401 })
  expect(text).toContain('also a fresh one')
  expect(await counts()).toEqual({ sent: 2, logins: 1, started: 0 })
})

test('and the login that would replace it fails: nothing was done', async () => {
  await sandbox.control.faults([
    { route, kind: 'expired' },
    { route: login, kind: 'reset' },
  ])
  const { text, error } = await run()
  expect(error, text).toMatchObject({ kind: 'vendor' })
  expect(text).not.toMatch(/not known|repeat/)
  expect(await counts()).toEqual({ sent: 1, logins: 1, started: 0 })
})

test('and the answer to the replay is lost: nobody knows, and it is not sent a third time', async () => {
  await sandbox.control.faults([
    { route, kind: 'expired', times: 1 },
    { route, kind: 'resetAfterBody', skip: 1 },
  ])
  const { text, error } = await run()
  expect(error, text).toMatchObject({ kind: 'unclear' })
  expect(await counts()).toEqual({ sent: 2, logins: 1, started: 1 })
  const [, id] = /Probably it is run (\d+) "/.exec(text) ?? []
  expect((await sandbox.control.truth('executions')).at(-1)?.['jobId']).toBe(id)
})
