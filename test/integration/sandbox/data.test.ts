import { expect, test } from 'vitest'
import { SandboxClient } from './sandbox-client.ts'

// The data themselves: test/unit/sandbox/data.test.ts.

const kinds = ['scripts', 'jobs', 'assetjobs', 'assets', 'tags', 'schedules', 'blocked-commands', 'reports']

test('the same seed gives the same data, regardless of what is read first', async () => {
  const [one, two] = [
    await SandboxClient.arrive({ jobs: 500, seed: 7 }),
    await SandboxClient.arrive({ jobs: 500, seed: 7 }),
  ]
  await two.dump('reports')
  await two.post('/sm/v2/assetjobs/search', {})
  for (const kind of kinds) expect(await two.dump(kind)).toEqual(await one.dump(kind))
  const body = { filter: 'output.code > 0', includeScriptResult: true, sort: [{ id: 'asc' }] }
  expect((await two.post('/sm/v2/assetjobs/search', body)).json).toEqual(
    (await one.post('/sm/v2/assetjobs/search', body)).json,
  )
  await Promise.all([one.leave(), two.leave()])
})
