import { afterAll, beforeAll, expect, test } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { searchUsers } from '../../../src/operations/saq/users.ts'
import { QualysError } from '../../../src/shared/errors.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { sessionOn } from '../../support/session.ts'
import { SeededRandom } from '../fuzz/seeded-random.ts'
import { canJoin, type Fault, faultKinds, faultOf, fits, isFor } from './fault-kinds.ts'

// The soak accepts an error if one of the active faults allows it. That is sound only if no two faults together
// cause an error that neither of them allows. This tries each ordered pair once per product, without retries.

type Open = Awaited<ReturnType<typeof openSandbox>>

const lanes = 4
const open: Open[] = []
beforeAll(async () => {
  for (let lane = 0; lane < lanes; lane++) open.push(await openSandbox({ jobs: 100, assets: 100 }))
})
afterAll(() => Promise.all(open.map((sandbox) => sandbox.close())))

/** The error of one read under these faults, if neither of them allows it. */
async function unexpectedError(
  sandbox: Open,
  operation: Operation,
  faults: readonly Fault[],
): Promise<string | undefined> {
  await sandbox.control.faults(faults)
  const session = sessionOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', QUALYS_BODY_TIMEOUT_SECONDS: '1' })
  const allowed = faults.flatMap((fault) => fits(fault, false))
  try {
    await session.call(operation, { pageSize: 20 })
    return undefined
  } catch (error) {
    const kind = error instanceof QualysError ? error.kind : 'none'
    // Each of the two refuses a token.
    const isRefused = kind === 'setup' && faults.every((fault) => /expired|unauth/.test(fault.kind))
    if (allowed.includes(kind) || isRefused) return undefined
    return `${faults.map((fault) => JSON.stringify(fault)).join(' and ')}: ${kind}: ${String(error)}`
  } finally {
    await session.close()
  }
}

const random = new SeededRandom(1)

test.each(faultKinds)('%s, followed by each fault', { timeout: 120_000 }, async (first) => {
  const products: readonly [Operation, string][] = [
    [searchJobs, 'POST /sm/v2/jobs/search'],
    [searchUsers, 'POST /qps/rest/1.0/search/saq/user'],
  ]
  const pairs = products.flatMap(([operation, route]) =>
    faultKinds.flatMap((second) => {
      if (!isFor(route, first) || !isFor(route, second)) return []
      const [one, other] = [faultOf(random, first, [route]), faultOf(random, second, [route])]
      return canJoin(other, [one]) ? [{ operation, faults: [one, other] }] : []
    }),
  )
  const wrong: string[] = []
  const queue = pairs.values()
  await Promise.all(
    open.map(async (sandbox) => {
      for (const { operation, faults } of queue) {
        const error = await unexpectedError(sandbox, operation, faults)
        if (error !== undefined) wrong.push(error)
      }
    }),
  )
  expect(pairs.length).toBeGreaterThan(10)
  expect(wrong).toEqual([])
})
