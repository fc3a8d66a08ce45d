import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { searches } from './pages.ts'

// Runs are started while somebody pages through them.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
let run: () => Promise<void>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 500 })
  assistant = await assistantOn(sandbox)
  run = await runner()
})
beforeEach(async () => {
  await sandbox.control.reset()
  await sandbox.control.knobs({ jobDelayMs: 0, hostSeconds: 0 })
})
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

/** Somebody else, who runs a script on one host: a job more. */
async function runner(): Promise<() => Promise<void>> {
  const { control, gatewayUrl, username, password } = sandbox
  const scripts = await control.truth('scripts')
  const script = scripts.find(
    ({ status, platform, hasParameters }) =>
      status === 'APPROVED' && platform === 'WINDOWS' && hasParameters !== true,
  )
  const asset = (await control.truth('assets')).find(({ platform }) => platform === 'WINDOWS')
  const form = new URLSearchParams({ username, password, token: 'true' })
  const token = await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body: form })).text()
  return async () => {
    const answer = await fetch(`${gatewayUrl}/sm/v1/scripts/${script?.['id']}/execute`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ assetIds: String(asset?.['id']) }),
    })
    expect(answer.status, await answer.text()).toBeLessThan(300)
  }
}

const jobIds = async (): Promise<unknown[]> => (await sandbox.control.truth('jobs')).map(({ id }) => id)

test.each([
  ['newest first', undefined],
  ['oldest first', ['created.dateTime:asc']],
  ['by title', ['title:asc']],
  ['by id, as text', ['id:desc']],
])('%s: no run twice, none missing that there was at the first page', async (_, sort) => {
  const before = await jobIds()
  const seen: unknown[] = []
  let continuationToken: string | undefined
  let pages = 0
  do {
    const args = { sort, pageSize: 20, fields: ['id'], continuationToken }
    const { structured, isError, text } = await assistant.call('car_search_jobs', args, 'json')
    expect(isError, text).toBe(false)
    seen.push(...structured.rows.map(({ id }) => id))
    continuationToken = structured.continuationToken
    pages++
    if (pages < 20) await run()
  } while (continuationToken !== undefined)
  const after = await jobIds()
  expect(after).toHaveLength(before.length + 19)
  expect(new Set(seen).size).toBe(seen.length)
  const shown = new Set(seen)
  expect(before.filter((id) => !shown.has(id))).toEqual([])
  // And they came from a few batches: this is not the list page by page.
  const calls = (await searches(sandbox.control)).filter(({ path }) => path === '/sm/v2/jobs/search')
  expect(pages).toBeGreaterThan(20)
  expect(calls.length).toBeLessThan(12)
})

test('the first page shows a run that began after it was shown last', async () => {
  const args = { pageSize: 5, fields: ['id'] }
  let continuationToken: string | undefined
  for (let page = 0; page < 6; page++)
    continuationToken = (await assistant.call('car_search_jobs', { ...args, continuationToken }, 'json'))
      .structured.continuationToken
  await run()
  const newest = (await jobIds()).at(-1)
  const { structured } = await assistant.call('car_search_jobs', args, 'json')
  expect(structured.rows[0]).toEqual({ id: newest })
})
