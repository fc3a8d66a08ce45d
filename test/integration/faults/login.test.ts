import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callOn, callsOn, freshSandbox, type OpenSandbox, requestsAt } from '../../nightly/faults/ground.ts'

// What the fault matrix found and does not count: how many logins and batches one fault brings about.

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
    const told = await callOn(
      sandbox,
      'client',
      {},
      'car_create_script',
      calls.get('car_create_script') ?? {},
    )
    expect(told.isError).toBe(true)
    return requestsAt(route, await sandbox.control.requests()).length
  }

  // One login serves all callers, and fails for all of them.
  test('is not asked for by each look-up of the call', async () => {
    expect(await loginsUnder({ kind: 'status', status: 500 })).toBe(1)
  })

  test('with a body over 64 MiB is no batch of rows to be halved', async () => {
    expect(await loginsUnder({ kind: 'bomb' })).toBe(1)
  })
})

test('a JSON file that ends too early is no file', async () => {
  await sandbox.control.reset()
  await sandbox.control.faults([{ route: 'GET /sm/v1/scripts/export', kind: 'badJson' }])
  const args = calls.get('car_export_scripts') ?? {}
  expect((await callOn(sandbox, 'client', {}, 'car_export_scripts', args)).isError).toBe(true)
})
