import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SettingsError } from '../../../src/settings.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { columnOf, pagesOf } from './walk.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
/** No waiting: what a retry would mend is shown as it is. */
const atOnce = { QUALYS_MAX_WAIT_SECONDS: '0' }
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200 })
  assistant = await assistantOn(sandbox, atOnce)
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

const jobs = { tool: 'car_search_jobs', args: {}, route: 'POST /sm/v2/jobs/search' }
const types = { tool: 'car_list_script_types', args: {}, route: 'GET /sm/v1/script-types' }

describe('success in every form', () => {
  const row = { id: 1, name: 'Custom Script' }
  const list = { totalCount: 1, list: [row] }
  test.each([
    { name: 'errorCode null', body: { errorCode: null, message: null, body: list } },
    { name: 'no errorCode', body: { body: list } },
    { name: 'errorCode "0"', body: { errorCode: '0', message: 'Done', body: list } },
    { name: 'errorCode 0', body: { errorCode: 0, body: list } },
    { name: 'no envelope', body: { ...list, message: 'Successfully list fetched.' } },
    { name: 'a bare array', body: [row] },
    { name: 'an array for a body', body: { body: [row] } },
    { name: 'a count as text', body: { body: { totalCount: '1', list: [row] } } },
    {
      name: 'rows that are wrapped',
      body: { body: { totalCount: 1, list: [{ sortValues: [1], data: row }] } },
    },
    { name: 'rows wrapped without sort values', body: { body: { totalCount: 1, list: [{ data: row }] } } },
    {
      name: 'rows with sort values beside',
      body: { body: { totalCount: 1, list: [{ sortValues: [1], ...row }] } },
    },
  ])('$name', async ({ body }) => {
    await sandbox.control.faults([{ route: types.route, kind: 'reply', body }])
    const { structured } = await assistant.call(types.tool, {}, 'json')
    expect(structured).toMatchObject({ rows: [row], returned: 1, total: 1 })
    expect(structured).not.toHaveProperty('note')
  })

  test('204 is a list without rows', async () => {
    await sandbox.control.faults([{ route: jobs.route, kind: 'empty' }])
    expect(await assistant.call('car_search_jobs')).toMatchObject({ isError: false, text: 'no jobs found' })
  })

  test('no count: the total is unknown, not guessed', async () => {
    await sandbox.control.faults([{ route: types.route, kind: 'reply', body: { body: { list: [row] } } }])
    const { structured } = await assistant.call(types.tool, {}, 'json')
    expect(structured).not.toHaveProperty('total')
    expect(structured.summary).toContain('unknown')
  })
})

describe('QUALYS_ROUTES', () => {
  async function routed<T>(routes: object, use: (other: Assistant) => Promise<T>): Promise<T> {
    const other = await assistantOn(sandbox, { ...atOnce, QUALYS_ROUTES: JSON.stringify(routes) })
    return use(other).finally(() => other.close())
  }
  const lastSeen = async () => (await sandbox.control.requests()).at(-1)

  test('another path is what goes on the wire, and is named when it is not there', async () => {
    const heard = await routed({ car_get_script: 'GET /sm/v9/script/{scriptId}/details' }, (other) =>
      other.call('car_get_script', { scriptId: 19218 }),
    )
    expect(await lastSeen()).toMatchObject({
      method: 'GET',
      path: '/sm/v9/script/19218/details',
      status: 404,
    })
    expect(heard.error).toMatchObject({ kind: 'setup' })
    expect(heard.text).toContain('GET /sm/v9/script/{scriptId}/details')
    expect(heard.text).not.toContain('not public')
  })

  test('an older version with plain rows still lists, by page number', async () => {
    const pages = await routed({ car_search_jobs: 'POST /sm/v1/jobs/search' }, (other) =>
      pagesOf(other, 'car_search_jobs', { scriptId: 19218 }),
    )
    expect(new Set(columnOf(pages, 'id')).size).toBe(80)
    expect(await lastSeen()).toMatchObject({ path: '/sm/v1/jobs/search', status: 200 })
  })

  test('GET for POST: everything goes into the query, the sort as JSON', async () => {
    await routed({ car_search_scripts: 'GET /sm/v1/scripts/search' }, (other) =>
      other.call('car_search_scripts', { filter: 'status:APPROVED', sort: ['title:asc'] }),
    )
    expect(await lastSeen()).toMatchObject({
      method: 'GET',
      body: '',
      query: {
        filter: 'status:APPROVED',
        pageSize: '20',
        pageNumber: '0',
        sort: '[{"title":"asc"},{"id":"asc"}]',
      },
    })
  })

  test('a hole that the tool cannot fill is for the operator to mend, not for the assistant', async () => {
    const outcome = await routed({ car_get_script: 'GET /sm/v1/scripts/{id}' }, (other) =>
      other.call('car_get_script', { scriptId: 19218 }),
    ).then(
      ({ error }) => error?.['kind'],
      (error: unknown) => error instanceof SettingsError && 'setup',
    )
    expect(outcome).toBe('setup')
  })
})
