import { describe, expect } from 'vitest'
import { SettingsError } from '../../../src/shared/errors.ts'
import { type Assistant, openAssistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { columnOf, pagesOf } from './walk.ts'

/** Without retries: a retry would hide the failure. */
const atOnce = { QUALYS_MAX_WAIT_SECONDS: '0' }
const test = testOn({ jobs: 200 }, atOnce)

// All forms of a success are covered by the unit tests.
describe('success', () => {
  const row = { id: 1, name: 'Custom Script' }
  test.for([
    {
      name: 'in the envelope',
      body: { errorCode: '0', message: 'Done', body: { totalCount: 1, list: [row] } },
    },
    { name: 'as a bare array', body: [row] },
  ])('$name', async ({ body }, { sandbox, assistant }) => {
    await sandbox.control.faults([{ route: 'GET /sm/v1/script-types', kind: 'reply', body }])
    const { structured } = await assistant.call('car_list_script_types', {}, 'json')
    expect(structured).toMatchObject({ rows: [{ ...row, id: '1' }], returned: 1, total: 1 })
    expect(structured).not.toHaveProperty('note')
  })

  test('204 is a list without rows', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'empty' }])
    expect(await assistant.call('car_search_jobs')).toMatchObject({ isError: false, text: 'no jobs found' })
  })
})

describe('QUALYS_ROUTES', () => {
  async function routed<T>(
    sandbox: TestSandbox,
    routes: object,
    use: (other: Assistant) => Promise<T>,
  ): Promise<T> {
    const other = await openAssistantOn(sandbox, { ...atOnce, QUALYS_ROUTES: JSON.stringify(routes) })
    return use(other).finally(() => other.close())
  }
  const lastSeen = async ({ control }: TestSandbox) => (await control.requests()).at(-1)

  test('another path is requested, and is named when it does not exist', async ({ sandbox }) => {
    const result = await routed(
      sandbox,
      { car_get_script: 'GET /sm/v9/script/{scriptId}/details' },
      (other) => other.call('car_get_script', { scriptId: 19218 }),
    )
    expect(await lastSeen(sandbox)).toMatchObject({
      method: 'GET',
      path: '/sm/v9/script/19218/details',
      status: 404,
    })
    expect(result.error).toMatchObject({ kind: 'setup' })
    expect(result.text).toContain('GET /sm/v9/script/{scriptId}/details')
    expect(result.text).not.toContain('not public')
  })

  test('an older version with plain rows still lists, by page number', async ({ sandbox }) => {
    const pages = await routed(sandbox, { car_search_jobs: 'POST /sm/v1/jobs/search' }, (other) =>
      pagesOf(other, 'car_search_jobs', { scriptId: 19218 }),
    )
    expect(new Set(columnOf(pages, 'id')).size).toBe(80)
    expect(await lastSeen(sandbox)).toMatchObject({ path: '/sm/v1/jobs/search', status: 200 })
  })

  test('GET for POST: everything goes into the query, the sort as JSON', async ({ sandbox }) => {
    await routed(sandbox, { car_search_scripts: 'GET /sm/v1/scripts/search' }, (other) =>
      other.call('car_search_scripts', { filter: 'status:APPROVED', sort: ['title:asc'] }),
    )
    expect(await lastSeen(sandbox)).toMatchObject({
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

  test('a placeholder that the tool cannot fill is a setup error, not an input error', async ({
    sandbox,
  }) => {
    const outcome = await routed(sandbox, { car_get_script: 'GET /sm/v1/scripts/{id}' }, (other) =>
      other.call('car_get_script', { scriptId: 19218 }),
    ).then(
      ({ error }) => error?.['kind'],
      (error: unknown) => error instanceof SettingsError && 'setup',
    )
    expect(outcome).toBe('setup')
  })
})
