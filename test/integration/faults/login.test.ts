import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callOn, callsOn, freshSandbox, type OpenSandbox, requestsAt } from '../../nightly/faults/fixtures.ts'

// Details that the fault matrix does not count: how many logins and batches one fault causes.

let sandbox: OpenSandbox
let calls: ReadonlyMap<string, object>
beforeAll(async () => {
  sandbox = await freshSandbox()
  calls = await callsOn(sandbox.control)
})
afterAll(() => sandbox.close())

const route = 'POST /auth/oidc'

describe('a login that fails', () => {
  const loginsUnder = async (fault: object): Promise<number> => {
    await sandbox.control.reset()
    await sandbox.control.faults([{ route, ...fault }])
    const reply = await callOn(
      sandbox,
      'client',
      {},
      'car_create_script',
      calls.get('car_create_script') ?? {},
    )
    expect(reply.isError).toBe(true)
    return requestsAt(route, await sandbox.control.requests()).length
  }

  // One login serves all callers, and fails for all of them.
  test('is not repeated for each look-up of the call', async () => {
    expect(await loginsUnder({ kind: 'status', status: 500 })).toBe(1)
  })

  test('with a body over 64 MiB is not retried in halves, as a batch of rows is', async () => {
    expect(await loginsUnder({ kind: 'bomb' })).toBe(1)
  })
})

test('truncated JSON is not accepted as a file', async () => {
  await sandbox.control.reset()
  await sandbox.control.faults([{ route: 'GET /sm/v1/scripts/export', kind: 'badJson' }])
  const args = calls.get('car_export_scripts') ?? {}
  expect((await callOn(sandbox, 'client', {}, 'car_export_scripts', args)).isError).toBe(true)
})
