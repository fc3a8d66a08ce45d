import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SandboxClient } from './sandbox-client.ts'

// The rows as https://docs.qualys.com/en/car/api/get_started/getting_started.htm prints them.
const page = JSON.parse(readFileSync(new URL('./getting-started.json', import.meta.url), 'utf8'))

let visitor: SandboxClient
beforeAll(async () => {
  visitor = await SandboxClient.arrive()
})
afterAll(() => visitor.leave())

test('step 1 returns the printed rows', async () => {
  const { json, list } = await visitor.post('/sm/v2/jobs/search', page.step1.request)
  expect(json).toMatchObject({ errorCode: null, message: null, body: { totalCount: 80 } })
  expect(list).toHaveLength(10)
  expect(list.slice(0, 2)).toEqual(page.step1.rows)
})

test.each([
  ['as in the curl call', (sort: unknown) => sort],
  ['as in the request body box', (sort: unknown) => JSON.stringify(sort, undefined, 9)],
])('step 2 returns the printed rows, sort %s', async (_, written) => {
  const request = { ...page.step2.request, sort: written(page.step2.request.sort) }
  const { json, list } = await visitor.post('/sm/v2/jobs/search', request)
  expect(json.body?.totalCount).toBe(80)
  expect(list.slice(0, 4)).toEqual(page.step2.rows)
})

test('the row that step 2 continues after is in step 1', async () => {
  const { list } = await visitor.post('/sm/v2/jobs/search', page.step1.request)
  expect(list.map((row) => row['sortValues'])).toContainEqual(page.step2.request.searchAfter)
})

test('the page finds the script by its status', async () => {
  const request = { filter: 'status:APPROVED', pageSize: 30, pageNumber: 0 }
  const { json, list } = await visitor.post('/sm/v1/scripts/search', request)
  expect(list).toHaveLength(30)
  expect(list.every((row) => row['status'] === 'APPROVED')).toBe(true)
  expect(json.body?.totalCount).toBeLessThan(120)
})

test('other ids from vendor samples exist', async () => {
  expect((await visitor.get('/sm/v1/scripts/export?ids=16515,61179,86174')).status).toBe(200)
  expect(
    (await visitor.post('/sm/v2/jobs/search', { filter: 'scriptId: 19218' })).json.body?.totalCount,
  ).toBe(80)
  const body = { filter: 'job.id:80507', includeScriptResult: true, sort: '[{"created.dateTime":"desc"}]' }
  expect((await visitor.post('/sm/v1/assetjobs/search', body)).json.body?.totalCount).toBeGreaterThan(0)
  const lab = await visitor.post('/sm/v1/assettags/search', { filter: 'labTag:true' })
  expect(lab.list[0]).toMatchObject({ id: '7512812' })
})
