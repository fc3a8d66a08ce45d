import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSandbox } from '../../../support/sandbox.ts'
import { attemptInBothModes } from './both-modes.ts'

// An unreliable list of schedules lets no new content through: it might run on any number of hosts.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const rewrite = ['car_update_script', { scriptId: 19218, content: 'Get-Date', comment: 'why' }] as const
const row = { id: 'a1', title: 'Nightly', activate: true, created: { dateTime: 1_700_000_000_000 } }

/** The call while the list of schedules gets this answer. */
async function whenListed(body: object) {
  const { faults, clearRequests } = sandbox.control
  const listing = { route: 'POST /sm/v1/scheduler/search', kind: 'reply', body: { body } }
  await faults([listing])
  await clearRequests()
  return attemptInBothModes(sandbox, rewrite, { QUALYS_MAX_ASSETS_PER_RUN: '0' })
}

test.each([
  ['fewer rows than it counts', { totalCount: 5, list: [] }],
  ['no number to hold them against', { list: [] }],
  ['a row that runs nothing', { totalCount: 1, list: [{ ...row, scripts: [] }] }],
  ['a row that does not say what it runs', { totalCount: 1, list: [row] }],
])('%s', async (_what, body) => {
  const { sent, text } = await whenListed(body)
  expect(sent, text).toBe(0)
  expect(text).toMatch(/which active schedules run the script cannot be read/)
})

test('a complete list without the script permits it', async () => {
  const { sent, text } = await whenListed({
    totalCount: 1,
    list: [{ ...row, scripts: [{ id: 1, title: 'x' }] }],
  })
  expect(sent, text).toBe(1)
})
