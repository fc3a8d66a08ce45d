import { expect, test } from 'vitest'
import { Visitor } from './visitor.ts'

// The data themselves: test/unit/sandbox/data.test.ts.

const kinds = ['scripts', 'jobs', 'assetjobs', 'assets', 'tags', 'schedules', 'blocked-commands', 'reports']

test('the same seed gives the same data, whatever is looked at first', async () => {
  const [one, two] = [
    await Visitor.arrive({ jobs: 500, seed: 7 }),
    await Visitor.arrive({ jobs: 500, seed: 7 }),
  ]
  await two.truth('reports')
  await two.post('/sm/v2/assetjobs/search', {})
  for (const kind of kinds) expect(await two.truth(kind)).toEqual(await one.truth(kind))
  const body = { filter: 'output.code > 0', includeScriptResult: true, sort: [{ id: 'asc' }] }
  expect((await two.post('/sm/v2/assetjobs/search', body)).json).toEqual(
    (await one.post('/sm/v2/assetjobs/search', body)).json,
  )
  await Promise.all([one.leave(), two.leave()])
})
