import { expect, test } from 'vitest'
import { openAssistant, openAssistantOn } from '../../support/assistant.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { openGateway } from '../../support/session/gateway.ts'
import { requestBodies } from '../../support/workflows/runs.ts'

// Thousands of hosts, and megabytes of output. Fewer of them: test/unit/workflows/many-hosts.test.ts.

test('5,000 hosts are read in batches of 50 with outputs, 1,000 without', async () => {
  const sandbox = await openSandbox({ jobs: 100, assets: 12_000 })
  const assistant = await openAssistantOn(sandbox)
  const { control, gatewayUrl, username, password } = sandbox
  await control.knobs({ executionOutcome: 'mixed', offlineShare: 0, hostSeconds: 0, jobDelayMs: 0 })
  const scripts = await control.dump('scripts')
  const script = scripts.find(
    (row) => row['status'] === 'APPROVED' && row['platform'] === 'WINDOWS' && !row['hasParameters'],
  )
  const assets = (await control.dump('assets')).filter(({ platform }) => platform === 'WINDOWS')
  const assetIds = assets.slice(0, 5_000).map(({ id }) => id)
  expect(assetIds).toHaveLength(5_000)
  const login = new URLSearchParams({ username, password, token: 'true' })
  const token = await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body: login })).text()
  const answer = await fetch(`${gatewayUrl}/sm/v1/scripts/${script?.['id']}/execute`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ assetIds: assetIds.join(',') }),
  })
  expect(answer.status).toBeLessThan(300)
  const [execution] = await control.dump('executions')
  const jobId = execution?.['jobId']
  await control.clearRequests()
  const { text, structured } = await assistant.call('car_follow_run', { jobId, waitSeconds: 0 }, 'json')
  const bodies = await requestBodies(control)
  const sizes = (heavy: boolean): unknown[] =>
    bodies
      .filter(({ includeScriptResult }) => (includeScriptResult === true) === heavy)
      .map(({ pageSize }) => pageSize)
  expect(sizes(false)).toEqual(Array(5).fill(1_000))
  expect(sizes(true)).toEqual(Array(100).fill(50))
  const rows = (await control.dump('assetjobs')).filter((row) => (row['job'] as { id: unknown }).id === jobId)
  const succeeded = rows.filter(({ outcome }) => outcome === 'succeeded').length
  const number = (value: number): string => value.toLocaleString('en')
  expect(text).toContain(
    `run ${jobId} so far: 5,000 of 5,000 hosts done; ${number(succeeded)} succeeded, ${number(5_000 - succeeded)} failed;`,
  )
  // Differences between hosts are removed: a handful of kinds remain.
  expect(structured.returned).toBeLessThan(20)
  expect(structured.rows.reduce((sum, { count }) => sum + Number(count), 0)).toBe(5_000)
  await assistant.close()
  await sandbox.close()
})

test('a batch beyond 64 MiB is requested again in halves', async () => {
  const sizes: number[] = []
  const padding = 'x'.repeat(8_000_000)
  const gateway = await openGateway(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { pageSize, includeScriptResult, searchAfter } = JSON.parse(text)
    const from = searchAfter === undefined ? 0 : Number(searchAfter[0])
    const ids = Array.from({ length: Math.min(pageSize, 14 - from) }, (_, index) => from + index + 1)
    if (includeScriptResult) sizes.push(pageSize)
    const row = (id: number): string =>
      `{"sortValues":[${id}],"data":{"id":"${id}","created":{"dateTime":1},"output":{"code":0,"text":"SUCCESS"}${includeScriptResult ? `,"scriptResult":"eA==","padding":"${padding}"` : ''}}}`
    response.end(`{"body":{"totalCount":14,"list":[${ids.map(row).join(',')}]}}`)
  })
  const assistant = await openAssistant(environmentFor(gateway))
  const { text } = await assistant.call('car_follow_run', { jobId: 1, waitSeconds: 0 })
  expect(text).toMatch(/^run 1 so far: 14 of 14 hosts done; 14 succeeded\n/)
  expect(text).toContain('14 hosts, succeeded')
  expect(sizes).toEqual([50, 25, 13, 7, 7])
  await assistant.close()
  await gateway.close()
})
