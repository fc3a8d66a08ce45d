import { expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import { searches } from './pages.ts'

// Runs are started while an assistant pages through them.

interface Fixtures {
  /** Another user runs a script on one host: one more job. */
  readonly run: () => Promise<void>
  readonly jobIds: () => Promise<unknown[]>
}

const test = testOn({ jobs: 500 }).extend<Fixtures>({
  run: async ({ sandbox }, use) => {
    const { control, gatewayUrl, username, password } = sandbox
    await control.knobs({ jobDelayMs: 0, hostSeconds: 0 })
    const scripts = await control.dump('scripts')
    const script = scripts.find(
      ({ status, platform, hasParameters }) =>
        status === 'APPROVED' && platform === 'WINDOWS' && hasParameters !== true,
    )
    const asset = (await control.dump('assets')).find(({ platform }) => platform === 'WINDOWS')
    const form = new URLSearchParams({ username, password, token: 'true' })
    const token = await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body: form })).text()
    await use(async () => {
      const answer = await fetch(`${gatewayUrl}/sm/v1/scripts/${script?.['id']}/execute`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ assetIds: String(asset?.['id']) }),
      })
      expect(answer.status, await answer.text()).toBeLessThan(300)
    })
  },
  jobIds: ({ sandbox }, use) => use(async () => (await sandbox.control.dump('jobs')).map(({ id }) => id)),
})

test.for([
  ['newest first', undefined],
  ['oldest first', ['created.dateTime:asc']],
  ['by title', ['title:asc']],
  ['by id, as text', ['id:desc']],
] as const)(
  '%s: no run appears twice, and none of the first page’s total is missing',
  async ([_name, sort], { sandbox, assistant, run, jobIds }) => {
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
    // The pages came from a few batches, not from one request each.
    const calls = (await searches(sandbox.control)).filter(({ path }) => path === '/sm/v2/jobs/search')
    expect(pages).toBeGreaterThan(20)
    expect(calls.length).toBeLessThan(12)
  },
)

test('the first page shows a run that started after the page was last shown', async ({
  assistant,
  run,
  jobIds,
}) => {
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
