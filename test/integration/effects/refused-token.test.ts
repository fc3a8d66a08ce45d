import { expect } from 'vitest'
import type { ToolReply } from '../../support/assistant.ts'
import { addressesOf, interceptedPlatform } from '../../support/effects/altered-platform.ts'
import { effectTest, executeOn } from '../../support/effects/fixtures.ts'
import { countRequests } from '../../support/effects/unattended.ts'

// A token that Qualys refuses: nothing was done, so that the request may be sent once more.

const effect = 'POST /sm/v1/scripts/19218/execute'
const route = 'POST /sm/v1/scripts/{scriptId}/execute'
const login = 'POST /auth'

interface Counts {
  readonly sent: number
  readonly logins: number
  readonly started: number
}

const test = effectTest()
  .extend<{ run: (host?: number) => Promise<ToolReply> }>({
    /** Starts a run on one host, from a server that is logged in. */
    run: async ({ sandbox, server, objects }, use) => {
      await sandbox.control.knobs({ jobDelayMs: 0 })
      expect((await server.call('car_list_script_types', {})).isError).toBe(false)
      await sandbox.control.clearRequests()
      await use((host = 0) => executeOn(server, objects, host))
    },
  })
  .extend<{ counts: () => Promise<Counts> }>({
    counts: async ({ sandbox: { control } }, use) => {
      expect(await control.dump('executions')).toEqual([])
      await use(async () => ({
        sent: await countRequests(control, effect),
        logins: await countRequests(control, login),
        started: (await control.dump('executions')).length,
      }))
    },
  })

test.for(['expired', 'unauthenticated'])(
  '%s: one login, one replay, one effect',
  async (kind, { sandbox, run, counts }) => {
    await sandbox.control.faults([{ route, kind, times: 1 }])
    const { text, isError } = await run()
    expect(isError, text).toBe(false)
    expect(await counts()).toEqual({ sent: 2, logins: 1, started: 1 })
  },
)

test('revoked while the request is in flight', async ({ sandbox, serve, objects, counts }) => {
  const { control } = sandbox
  const platform = await interceptedPlatform(sandbox, { [effect]: control.revoke })
  const server = await serve(addressesOf(platform))
  expect((await server.call('car_list_script_types', {})).isError).toBe(false)
  await control.clearRequests()
  const { text, isError } = await executeOn(server, objects)
  expect(isError, text).toBe(false)
  expect(await counts()).toEqual({ sent: 2, logins: 1, started: 1 })
})

test('two at once: one login, one replay each, two effects', async ({ sandbox, run, counts }) => {
  await sandbox.control.faults([{ route, kind: 'expired', times: 2 }])
  for (const { isError, text } of await Promise.all([run(0), run(1)])) expect(isError, text).toBe(false)
  expect(await counts()).toEqual({ sent: 4, logins: 1, started: 2 })
})

test('refused twice: a setup error, and nothing was done', async ({ sandbox, run, counts }) => {
  await sandbox.control.faults([{ route, kind: 'expired' }])
  const { text, error } = await run()
  expect(error).toMatchObject({ kind: 'setup', status: 401 })
  expect(text).toContain('also a fresh one')
  expect(await counts()).toEqual({ sent: 2, logins: 1, started: 0 })
})

test('and the login for a new one fails: nothing was done', async ({ sandbox, run, counts }) => {
  await sandbox.control.faults([
    { route, kind: 'expired' },
    { route: login, kind: 'reset' },
  ])
  const { text, error } = await run()
  expect(error, text).toMatchObject({ kind: 'vendor' })
  expect(text).not.toMatch(/not known|repeat/)
  expect(await counts()).toEqual({ sent: 1, logins: 1, started: 0 })
})

test('and the answer to the replay is lost: the outcome is unknown, and it is not sent a third time', async ({
  sandbox: { control },
  run,
  counts,
}) => {
  await control.faults([
    { route, kind: 'expired', times: 1 },
    { route, kind: 'resetAfterBody', skip: 1 },
  ])
  const { text, error } = await run()
  expect(error, text).toMatchObject({ kind: 'unclear' })
  expect(await counts()).toEqual({ sent: 2, logins: 1, started: 1 })
  const [, id] = /Probably it is run (\d+) "/.exec(text) ?? []
  expect((await control.dump('executions')).at(-1)?.['jobId']).toBe(id)
})
