import { describe, expect } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { columnOf } from '../../integration/session/walk.ts'
import { testOn } from '../../support/fixtures.ts'

// Rows of every list whose fields have another name or type, or are missing.

const test = testOn({ jobs: 200 })
const lists = operations
  .filter(({ returns }) => returns === 'rows')
  .map(({ name, route, columns }) => ({ tool: name, route, columns }))
/** Their rows are identified by another field, whose name changes like the others. */
const withoutId = ['car_list_reports', 'car_search_blocked_commands']
const withId = lists.filter(({ tool }) => !withoutId.includes(tool))
const notes = (text: string): number => text.match(/^Note: /gm)?.length ?? 0

describe('every field but id renamed', () => {
  test.for(lists)(
    '$tool still shows rows and values, with one note',
    async ({ tool, route }, { sandbox, assistant }) => {
      const before = (await assistant.call(tool, {}, 'json')).structured
      await sandbox.control.faults([{ route, kind: 'rename' }])
      const { structured: after, isError } = await assistant.call(tool, {}, 'json')
      const { text } = await assistant.call(tool)
      expect(isError).toBe(false)
      expect(after.returned).toBe(before.returned)
      expect(after.total).toBe(before.total)
      expect(after.continuationToken).toBe(before.continuationToken)
      for (const row of after.rows) {
        expect(Object.keys(row).filter((name) => /^x[A-Z]/.test(name)).length).toBeGreaterThan(0)
      }
      expect(after.note?.split("Qualys' rows")).toHaveLength(2)
      expect(notes(text)).toBe(1)
      for (const value of Object.values(after.rows[0] ?? {}))
        expect(text).toContain(String(value).slice(0, 40))
    },
  )

  test.for(withId)('$tool keeps its ids', async ({ tool, route }, { sandbox, assistant }) => {
    const before = await assistant.call(tool, {}, 'json')
    await sandbox.control.faults([{ route, kind: 'rename' }])
    const after = await assistant.call(tool, {}, 'json')
    expect(columnOf([after.structured], 'id')).toEqual(columnOf([before.structured], 'id'))
    expect(after.structured.rows.every(({ id }) => id !== undefined)).toBe(true)
  })

  test('a record shows what it has', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([{ route: 'GET /sm/v1/scripts/{scriptId}', kind: 'rename' }])
    const { text, isError } = await assistant.call('car_get_script', { scriptId: 19218 })
    expect(isError).toBe(false)
    expect(text).toContain('id: 19218')
    expect(text).toContain('xTitle: Auto_script_22062022_074300047')
  })
})

describe('numbers become strings, numeric strings numbers', () => {
  test.for(lists)('$tool shows the same values', async ({ tool, route }, { sandbox, assistant }) => {
    const before = (await assistant.call(tool, {}, 'json')).structured
    await sandbox.control.faults([{ route, kind: 'retype' }])
    const { structured: after, text } = await assistant.call(tool, {}, 'json')
    expect(after.rows, text).toHaveLength(before.returned)
    const plain = (rows: typeof before.rows): object[] =>
      rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)])))
    expect(plain(after.rows)).toEqual(plain(before.rows))
    expect(notes((await assistant.call(tool)).text)).toBeLessThanOrEqual(1)
  })

  test('the outcome of a host does not change', async ({ sandbox, assistant }) => {
    const counts = async (): Promise<(number | undefined)[]> =>
      Promise.all(
        ['succeeded', 'failed', 'open'].map(async (outcome) => {
          const args = { outcome, pageSize: 200, fields: ['id'], startAt: '2026-11-01' }
          return (await assistant.call('car_search_asset_jobs', args, 'json')).structured.returned
        }),
      )
    const before = await counts()
    await sandbox.control.faults([{ route: 'POST /sm/v2/assetjobs/search', kind: 'retype' }])
    expect(await counts()).toEqual(before)
  })
})

/** The value without its type; dates and flags have the same text in either form. */
function cell(value: unknown): string {
  return JSON.stringify(value).replaceAll('"', '')
}

describe('rows without ids', () => {
  const needing = withId.filter(({ tool }) => !tool.startsWith('car_list_'))
  test.for(needing)(
    '$tool cannot be used, and the error names it',
    async ({ tool, route }, { sandbox, assistant }) => {
      await sandbox.control.faults([{ route, kind: 'dropId' }])
      const { error, text } = await assistant.call(tool)
      expect(error).toMatchObject({ kind: 'drift' })
      expect(text).toContain(`Qualys' answer to ${tool} has rows without an id`)
    },
  )

  test('a search for matching rows ends there too', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'dropId' }])
    expect((await assistant.call('car_search_jobs', { match: 'nothing' })).error).toMatchObject({
      kind: 'drift',
    })
  })
})
