import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { columnOf } from './walk.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200 })
  assistant = await assistantOn(sandbox)
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

const lists = operations
  .filter(({ returns }) => returns === 'rows')
  .map(({ name, route, columns }) => ({ tool: name, route, columns }))
/** These name their rows by another field, which changes its name like the others. */
const withoutId = ['car_list_reports', 'car_search_blocked_commands']
const withId = lists.filter(({ tool }) => !withoutId.includes(tool))
const notes = (text: string): number => text.match(/^Note: /gm)?.length ?? 0

describe('every field but id renamed', () => {
  test.each(lists)('$tool still shows rows and values, with one note', async ({ tool, route }) => {
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
    for (const value of Object.values(after.rows[0] ?? {})) expect(text).toContain(String(value).slice(0, 40))
  })

  test.each(withId)('$tool keeps its ids', async ({ tool, route }) => {
    const before = await assistant.call(tool, {}, 'json')
    await sandbox.control.faults([{ route, kind: 'rename' }])
    const after = await assistant.call(tool, {}, 'json')
    expect(columnOf([after.structured], 'id')).toEqual(columnOf([before.structured], 'id'))
    expect(after.structured.rows.every(({ id }) => id !== undefined)).toBe(true)
  })

  test('a record shows what it has', async () => {
    await sandbox.control.faults([{ route: 'GET /sm/v1/scripts/{scriptId}', kind: 'rename' }])
    const { text, isError } = await assistant.call('car_get_script', { scriptId: 19218 })
    expect(isError).toBe(false)
    expect(text).toContain('id: 19218')
    expect(text).toContain('xTitle: Auto_script_22062022_074300047')
  })
})

describe('numbers become strings, numeric strings numbers', () => {
  test.each(lists)('$tool shows the same values', async ({ tool, route }) => {
    const before = (await assistant.call(tool, {}, 'json')).structured
    await sandbox.control.faults([{ route, kind: 'retype' }])
    const { structured: after, text } = await assistant.call(tool, {}, 'json')
    expect(after.rows, text).toHaveLength(before.returned)
    const plain = (rows: typeof before.rows): object[] =>
      rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)])))
    expect(plain(after.rows)).toEqual(plain(before.rows))
    expect(notes((await assistant.call(tool)).text)).toBeLessThanOrEqual(1)
  })

  test('the outcome of a host stays what it was', async () => {
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

/** The value without its type; dates and flags are spelled the same in either. */
function cell(value: unknown): string {
  return JSON.stringify(value).replaceAll('"', '')
}

describe('rows without ids', () => {
  const needing = withId.filter(({ tool }) => !tool.startsWith('car_list_'))
  test.each(needing)('$tool cannot be used, and says so by name', async ({ tool, route }) => {
    await sandbox.control.faults([{ route, kind: 'dropId' }])
    const { error, text } = await assistant.call(tool)
    expect(error).toMatchObject({ kind: 'drift' })
    expect(text).toContain(`Qualys' answer to ${tool} has rows without an id`)
  })

  test('a scan for some rows ends there too', async () => {
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'dropId' }])
    expect((await assistant.call('car_search_jobs', { match: 'nothing' })).error).toMatchObject({
      kind: 'drift',
    })
  })
})

describe('one job, as served', () => {
  const whole = {
    id: '25943',
    title: 'Auto',
    created: { dateTime: 1674216006119 },
    platform: 'WINDOWS',
    executionType: 'Manual',
    scriptId: 19218,
    test: false,
    isTest: false,
  }
  async function serve(...rows: object[]): Promise<void> {
    const list = rows.map((data) => ({ sortValues: [1, '1'], data }))
    const body = { errorCode: null, message: null, body: { totalCount: rows.length, list } }
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'reply', body }])
  }
  const ask = async (fields?: string[]) =>
    (await assistant.call('car_search_jobs', { ...(fields && { fields }) }, 'json')).structured

  test('without its optional fields: no note', async () => {
    await serve(whole)
    expect(await ask()).not.toHaveProperty('note')
    await serve({ ...whole, category: null, schedulerId: null, threshold: null })
    expect(await ask()).not.toHaveProperty('note')
  })

  test('with fields that no page names: kept, reachable, no note', async () => {
    const added = { brandNew: 'x', nested: { deep: { er: 7 } }, list: [1, 'two'], UPPER: true }
    await serve({ ...whole, ...added })
    const page = await ask(['*'])
    expect(page).not.toHaveProperty('note')
    expect(page.rows).toEqual([
      {
        id: '25943',
        title: 'Auto',
        'created.dateTime': '2023-01-20T12:00:06Z',
        platform: 'WINDOWS',
        executionType: 'Manual',
        scriptId: 19218,
        test: false,
        brandNew: 'x',
        'nested.deep.er': 7,
        list: [1, 'two'],
        UPPER: true,
      },
    ])
    expect((await ask(['brandNew', 'nested'])).rows).toEqual([{ brandNew: 'x', 'nested.deep.er': 7 }])
  })

  test.each([
    {
      name: 'a field that every sample has is missing',
      row: { ...whole, title: undefined },
      note: /title \(missing\)/,
    },
    {
      name: 'a time that is none',
      row: { ...whole, created: { dateTime: 'soon' } },
      note: /created\.dateTime \(another type\)/,
    },
    {
      name: 'an object for a text',
      row: { ...whole, platform: { name: 'WINDOWS' } },
      note: /platform \(another type\)/,
    },
    { name: 'a text for a flag', row: { ...whole, test: 'maybe' }, note: /test \(another type\)/ },
  ])('$name: the row is shown, one note for any number of rows', async ({ row, note }) => {
    await serve(whole, row, row)
    const page = await ask()
    expect(page.returned).toBe(3)
    expect(columnOf([page], 'id')).toEqual(['25943', '25943', '25943'])
    expect(page.note).toMatch(note)
    expect(page.note?.match(/\(/g)).toHaveLength(1)
  })

  test('isTest alone counts as test', async () => {
    await serve({ ...whole, test: undefined, isTest: true })
    expect((await ask(['test', 'isTest'])).rows).toEqual([{ test: true }])
  })

  test.each([{ row: 'text' }, { row: 7 }, { row: null }, { row: ['a'] }])(
    'rows that are no objects, such as $row, do not break the list',
    async ({ row }) => {
      const body = { errorCode: null, message: null, body: { totalCount: 1, list: [row] } }
      await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'reply', body }])
      const { error, structured } = await assistant.call('car_search_jobs', {}, 'json')
      expect(error?.['kind'] ?? structured.note).toMatch(/drift|Qualys' rows/)
    },
  )
})
