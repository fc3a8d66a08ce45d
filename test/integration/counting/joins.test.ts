import { describe, expect } from 'vitest'
import { byColumn, type Fact, valueAt } from '../../support/counting/brute-force.ts'
import { compare, namedCases } from '../../support/counting/comparison.ts'
import {
  inputCases,
  joinedResults,
  joinedRuns,
  resultCases,
  runCases,
} from '../../support/counting/joined-cases.ts'
import { testOn } from '../../support/fixtures.ts'
import type { Control } from '../../support/sandbox.ts'
import { requestBodies } from '../../support/workflows/runs.ts'

// Counts by what other lists hold, compared with brute force over the sandbox's rows, each kind of column and
// input once; all cases: test/nightly/counting/joins.test.ts. Records of other forms, and lists that cannot be read: joins-in-part.test.ts.

const test = testOn({ jobs: 250, assets: 300 }, { QUALYS_REPLY_CHARS: '400000' })
const scriptsRoute = 'POST /sm/v1/scripts/search'

/** A script and a host with results, which are those of the newest run. */
async function newest(control: Control): Promise<readonly [script: string, host: string]> {
  const row = (await control.dump('assetjobs')).at(-3) ?? {}
  return [String(valueAt(row, 'script.id')), String(valueAt(row, 'asset.id'))]
}

describe('results per host', () => {
  test.for(namedCases(resultCases.filter((_, at) => at % 2 === 0)))(
    '%s',
    async ([, one], { sandbox, assistant }) =>
      compare(assistant, 'car_count_asset_jobs', await joinedResults(sandbox.control), one),
  )

  test.for([0, 1, 2, 3])(
    'with a script or a host as an input, case %i',
    async (at, { sandbox, assistant }) => {
      const rows = await joinedResults(sandbox.control)
      const one = inputCases(...(await newest(sandbox.control)))[at]
      if (!one) throw new Error('there is no such case')
      expect(rows.filter(one.keep ?? (() => true)).length).toBeGreaterThan(0)
      await compare(assistant, 'car_count_asset_jobs', rows, one)
    },
  )

  test('the list finds the same ones', async ({ sandbox, assistant }) => {
    const [script, host] = await newest(sandbox.control)
    const rows = await sandbox.control.dump('assetjobs')
    for (const [args, path] of [
      [{ scriptId: script }, 'script.id'],
      [{ assetId: host }, 'asset.id'],
    ] as const) {
      const expected = rows.filter((row) => String(valueAt(row, path)) === Object.values(args)[0])
      const { structured } = await assistant.call('car_search_asset_jobs', { ...args, pageSize: 200 }, 'json')
      expect(structured.rows.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort())
    }
  })

  test('a host by its UUID', async ({ sandbox, assistant }) => {
    const [, host] = await newest(sandbox.control)
    const uuid = (await sandbox.control.dump('assets')).find(({ id }) => String(id) === host)?.['uuid']
    const [byNumber, byUuid] = await Promise.all(
      [host, String(uuid).toUpperCase()].map((assetId) =>
        assistant.call('car_count_asset_jobs', { assetId }),
      ),
    )
    expect(byUuid?.text).toBe(byNumber?.text)
  })

  test('runs are read once, and those of the period and the month before alone', async ({
    sandbox,
    assistant,
  }) => {
    await sandbox.control.clearRequests()
    const args = {
      groupBy: ['job.platform', 'job.executionType'],
      startAt: '2026-10-01',
      endAt: '2026-10-31',
    }
    await assistant.call('car_count_asset_jobs', args)
    const bodies = await requestBodies(sandbox.control)
    expect(bodies.map(({ startAt, endAt }) => [startAt, endAt])).toEqual([
      ['2026-10-01T00:00:00.000Z', '2026-10-31T23:59:59.999Z'],
      ['2026-08-31T00:00:00.000Z', '2026-10-31T23:59:59.999Z'],
    ])
  })

  test('each tag of a host is a group', async ({ sandbox, assistant }) => {
    const expected = new Map<string, number>()
    for (const row of await joinedResults(sandbox.control))
      for (const { id, name } of (valueAt(row, 'ofHost.tags') ?? []) as { id: string; name: string }[])
        expected.set(`${name} (${id})`, (expected.get(`${name} (${id})`) ?? 0) + 1)
    const { structured } = await assistant.call(
      'car_count_asset_jobs',
      { groupBy: ['asset.tags'], top: 500 },
      'json',
    )
    const shown = structured.rows.filter((row) => row['asset.tags'] !== '')
    expect(new Map(shown.map((row) => [row['asset.tags'], row['count']]))).toEqual(expected)
    expect(structured.note).toMatch(/asset jobs with several values: counted once under each\./)
  })
})

describe('runs', () => {
  test.for(namedCases(runCases))('%s', async ([, one], { sandbox, assistant }) =>
    compare(assistant, 'car_count_jobs', await joinedRuns(sandbox.control), one),
  )

  const titled = async (control: Control): Promise<readonly [title: string, runs: readonly Fact[]]> => {
    const rows = await joinedRuns(control)
    const title = String(valueAt(rows.at(-1) ?? {}, 'ofScript.title'))
    return [title, rows.filter((row) => valueAt(row, 'ofScript.title') === title)]
  }

  test('of a script by its exact title', async ({ sandbox, assistant }) => {
    const [scriptTitle, expected] = await titled(sandbox.control)
    const { structured } = await assistant.call('car_search_jobs', { scriptTitle, pageSize: 200 }, 'json')
    expect(structured.rows.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort())
    const count = await assistant.call('car_count_jobs', { scriptTitle }, 'json')
    expect(count.structured.rows).toEqual([{ count: expected.length }])
  })

  test('of a script by its title, where the list of scripts cannot be read', async ({
    sandbox,
    assistant,
  }) => {
    const [scriptTitle, expected] = await titled(sandbox.control)
    await sandbox.control.faults([{ route: scriptsRoute, kind: 'status', status: 404 }])
    const { structured } = await assistant.call('car_count_jobs', { scriptTitle }, 'json')
    expect(structured.rows).toEqual([{ count: expected.length }])
    expect(structured.note).toMatch(/list of scripts cannot be read .*compared by their own title/)
  })

  test('a part of a title is no title: the reply names those that hold it', async ({
    sandbox,
    assistant,
  }) => {
    const [title] = await titled(sandbox.control)
    const { structured } = await assistant.call('car_count_jobs', { scriptTitle: title.slice(0, 8) }, 'json')
    expect(structured.rows).toEqual([{ count: 0 }])
    expect(structured.note).toMatch(/shows no script with exactly this title \(but "/)
  })
})

describe('different values, least sizes and the largest', () => {
  /** For each script the hosts that its results are of. */
  const hostsByScript = (rows: readonly Fact[]): Map<string, Set<unknown>> => {
    const hosts = new Map<string, Set<unknown>>()
    for (const row of rows) {
      const script = String(valueAt(row, 'script.id'))
      hosts.set(script, (hosts.get(script) ?? new Set()).add(valueAt(row, 'asset.id')))
    }
    return hosts
  }

  test('different hosts of each script, and of all', async ({ sandbox, assistant }) => {
    const rows = await sandbox.control.dump('assetjobs')
    const expected = hostsByScript(rows)
    const args = { groupBy: ['script.id'], distinct: 'asset.id', top: 500 }
    const { structured } = await assistant.call('car_count_asset_jobs', args, 'json')
    expect(new Map(structured.rows.map((row) => [row['script.id'], row['different asset.id']]))).toEqual(
      new Map([...expected].map(([script, hosts]) => [script, hosts.size])),
    )
    const all = new Set(rows.map((row) => valueAt(row, 'asset.id'))).size
    expect(structured.summary).toContain(`; ${all.toLocaleString('en')} different asset.id`)
    const whole = await assistant.call('car_count_asset_jobs', { distinct: 'asset.id' }, 'json')
    expect(whole.structured.rows).toEqual([{ count: rows.length, 'different asset.id': all }])
  })

  test('min keeps what has at least so many different hosts', async ({ sandbox, assistant }) => {
    const expected = [...hostsByScript(await sandbox.control.dump('assetjobs'))]
    const kept = expected.filter(([, hosts]) => hosts.size >= 15)
    expect(kept.length).toBeGreaterThan(0)
    const args = { groupBy: ['script.id'], distinct: 'asset.id', min: 15, top: 500 }
    const { structured } = await assistant.call('car_count_asset_jobs', args, 'json')
    expect(structured.rows.map((row) => row['script.id']).sort()).toEqual(
      kept.map(([script]) => script).sort(),
    )
    expect(structured.note).toContain(`min 15 leaves out ${expected.length - kept.length} groups`)
  })

  test('top with a time shows the largest months, without it the latest', async ({ assistant }) => {
    const groupBy = ['created.dateTime:month']
    const all = await assistant.call('car_count_asset_jobs', { groupBy, top: 500 }, 'json')
    const sizes = all.structured.rows.map(({ count }) => Number(count))
    const { structured } = await assistant.call('car_count_asset_jobs', { groupBy, top: 3 }, 'json')
    expect(structured.rows.map(({ count }) => count)).toEqual([...sizes].sort((a, b) => b - a).slice(0, 3))
    const latest = await assistant.call('car_count_asset_jobs', { groupBy }, 'json')
    const months = latest.structured.rows.map((row) => String(row['created.dateTime:month']))
    expect(months.length).toBeGreaterThan(5)
    expect(months).toEqual([...months].sort().reverse())
  })
})

describe('titles stand beside ids', () => {
  test.for([
    ['car_count_jobs', 'scriptId', 'script.title', 'ofScript.title'],
    ['car_count_jobs', 'schedulerId', 'schedulerName', 'schedulerName'],
    ['car_count_asset_jobs', 'job.scriptId', 'script.title', 'ofScript.title'],
    ['car_count_asset_jobs', 'script.id', 'script.title', 'ofScript.title'],
    ['car_count_asset_jobs', 'job.id', 'job.title', 'job.title'],
    ['car_count_asset_jobs', 'asset.id', 'asset.name', 'asset.name'],
  ] as const)('%s by %s: %s', async ([tool, label, title, path], { sandbox, assistant }) => {
    const rows = await (tool === 'car_count_jobs' ? joinedRuns : joinedResults)(sandbox.control)
    const source = label.replace('job.scriptId', 'ofRun.scriptId')
    const expected = new Map(rows.map((row) => [String(valueAt(row, source) ?? ''), byColumn(path)(row)]))
    await sandbox.control.clearRequests()
    const { structured } = await assistant.call(tool, { groupBy: [label] }, 'json')
    expect(structured.rows.length).toBeGreaterThan(5)
    for (const row of structured.rows)
      expect([row[label], row[title]]).toEqual([row[label], expected.get(String(row[label]))])
    const lookups = (await sandbox.control.requests()).filter(({ path }) => path.endsWith('scripts/search'))
    expect(lookups.length).toBeLessThanOrEqual(1)
  })
})

describe('a column that no list has', () => {
  test.for([
    ['car_count_asset_jobs', 'job.plattform', 'The nearest is job.platform; '],
    ['car_count_asset_jobs', 'asset.operatingSytem', 'The nearest is asset.operatingSystem; '],
    ['car_count_jobs', 'script.titel', 'The nearest is script.title; '],
  ] as const)('%s by %s', async ([tool, label, advice], { assistant }) => {
    const { isError, text } = await assistant.call(tool, { groupBy: [label] })
    expect(isError).toBe(true)
    expect(text).toContain(advice)
    const { text: other } = await assistant.call(tool, { distinct: label })
    expect(other).toContain(advice)
  })
})
