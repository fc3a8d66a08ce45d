import { expect, test } from 'vitest'
import { type CarKind, carFields } from '../../../src/sandbox/data/car/fields.ts'
import { scriptForms } from './car/bodies.ts'
import { SandboxClient } from './sandbox-client.ts'

// The list of assumptions: test/unit/sandbox/evidence.test.ts.

function leaves(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, `${path}[]`))
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, item]) => leaves(item, path === '' ? name : `${path}.${name}`))
}

test('rows have exactly the fields of the tables', async () => {
  const visitor = await SandboxClient.arrive({ jobs: 2_000 })
  const search = async (path: string, body: object) =>
    (await visitor.post(path, { pageSize: 9_000, ...body })).list
  const data = (rows: Record<string, unknown>[]) => rows.map((row) => row['data'])
  for (const form of Object.values(scriptForms)) await visitor.post('/sm/v5/script', form)
  await visitor.post('/sm/v1/scripts/scheduler', await fullSchedule(visitor))
  const script = (await visitor.get('/sm/v1/scripts/export?ids=16515')).text
  const rows: Record<CarKind, unknown[]> = {
    scripts: [...(await search('/sm/v1/scripts/search', {})), ...JSON.parse(script)],
    jobs: data(await search('/sm/v2/jobs/search', {})),
    assetjobs: data(await search('/sm/v2/assetjobs/search', { includeScriptResult: true })),
    assets: (await search('/sm/v1/assets/search', {})).map(({ sortValues: _, ...row }) => row),
    tags: await search('/sm/v1/assettags/search', {}),
    schedules: await search('/sm/v1/scheduler/search', {}),
    'blocked-commands': await search('/sm/v1/block-commands/search', {}),
    reports: (await visitor.get('/sm/v1/reports')).json['list'] as unknown[],
  }
  await visitor.leave()
  for (const [kind, { documented, assumed }] of Object.entries(carFields)) {
    const seen = new Set(rows[kind as CarKind].flatMap((row) => leaves(row, '')))
    const expected = Object.keys({ ...documented, ...assumed?.names })
    expect([kind, ...[...seen].sort()]).toEqual([kind, ...expected.sort()])
  }
})

/** A schedule with every field. */
async function fullSchedule(visitor: SandboxClient) {
  const { title } = scriptForms.parameterized
  const [script] = (await visitor.dump<{ id: number; title: string }>('scripts')).filter(
    (one) => one.title === title,
  )
  const [asset] = await visitor.dump<{ id: number; uuid: string }>('assets')
  const midnight = (Math.floor((await visitor.advance(0)) / 864e5) + 1) * 864e5
  return {
    title: 'Full',
    scripts: [{ id: script?.id, title, params: scriptForms.parameterized.params }],
    scheduleType: 'ONE_TIME',
    startDate: String(midnight),
    startTime: String(midnight),
    assets: [{ id: asset?.id, UUId: asset?.uuid }],
    excludedAssets: [{ id: asset?.id, UUId: asset?.uuid }],
    rebootDelayInSeconds: 5,
    rebootDelayTimeUnit: 'minutes',
  }
}

test('evidence: documented serves nothing guessed', async () => {
  const visitor = await SandboxClient.arrive({ jobs: 100, evidence: 'documented' })
  const id = '23f97a1f-76f4-4e85-a7c2-566f120874fc'
  expect((await visitor.post('/sm/v1/scripts/search', {})).status).toBe(404)
  expect((await visitor.get('/sm/v1/scripts/19218')).status).toBe(404)
  expect((await visitor.get(`/sm/v1/scheduler/${id}`)).status).toBe(405)
  expect((await visitor.delete(`/sm/v1/scheduler/${id}`)).status).toBe(405)
  expect((await visitor.post(`/sm/v1/scheduler/${id}/activate`, '')).status).toBe(404)
  expect((await visitor.post(`/sm/v1/scheduler/${id}/deactivate`, '')).status).toBe(404)
  expect((await visitor.post('/sm/v1/assetjobs/delete', {})).status).toBe(404)
  expect((await visitor.post('/sm/v1/reports', {})).status).toBe(405)
  expect((await visitor.delete('/sm/v1/reports/x')).status).toBe(404)
  expect((await visitor.get('/sm/v1/reports/x/download')).json).toMatchObject({
    status: 404,
    error: 'Not Found',
  })
  expect((await visitor.get('/sm/v1/scripts/export?ids=19218')).status).toBe(200)
  expect((await visitor.post('/sm/v1/scheduler/search', {})).status).toBe(200)
  await visitor.leave()
})
