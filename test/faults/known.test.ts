import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callOn, callsOn, freshSandbox, type OpenSandbox, requestsAt } from './ground.ts'

// What the matrix found, until it is mended. These fail once it is: then they become plain tests.

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

  // Each look-up of the call logs in anew (design 6: one login, shared by all callers): 5 for 1.
  test('is not asked for by each look-up of the call', async () => {
    expect(await loginsUnder({ kind: 'status', status: 500 })).toBe(1)
  })

  // walk.ts takes it for a batch that is too large, and halves that: 45 logins for 1.
  test('with a body over 64 MiB is no batch of rows to be halved', async () => {
    expect(await loginsUnder({ kind: 'bomb' })).toBe(1)
  })
})

// gateway.ts parses a JSON file for an error inside, and shows one that is cut as whole.
test('a JSON file that ends too early is no file', async () => {
  await sandbox.control.reset()
  await sandbox.control.faults([{ route: 'GET /sm/v1/scripts/export', kind: 'badJson' }])
  const args = calls.get('car_export_scripts') ?? {}
  expect((await callOn(sandbox, 'client', {}, 'car_export_scripts', args)).isError).toBe(true)
})
