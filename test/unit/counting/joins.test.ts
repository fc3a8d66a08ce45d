import { beforeEach, describe, expect, test } from 'vitest'
import { Counter, hostsWith, runOf } from '../../support/counting/memory.ts'
import type { CannedAnswer } from '../../support/workflows/memory.ts'
import { jobs } from '../../support/workflows/runs.ts'

// Counts by what other lists hold, where results name their run, script and host in many ways, or not at all.

const scriptsRoute = 'POST /sm/v1/scripts/search'
const hostsRoute = 'POST /sm/v1/assets/search'
const uuid = '0a1b2c3d-0000-4000-8000-00000000000f'

/** Runs 1 to 3 of two scripts. */
const runs: CannedAnswer = {
  route: jobs,
  body: {
    body: {
      totalCount: 3,
      list: [
        runOf({ id: '1', platform: 'LINUX', scriptId: 7 }, 1),
        runOf({ id: '2', platform: 'WINDOWS', scriptId: 7 }, 2),
        runOf({ id: '3', platform: 'MAC', scriptId: 8 }, 3),
      ],
    },
  },
}
const scripts: CannedAnswer = {
  route: scriptsRoute,
  body: { body: { totalCount: 2, list: [{ id: 7, title: 'Seven' }, { id: '8' }] } },
}
const hosts: CannedAnswer = {
  route: hostsRoute,
  body: {
    body: {
      totalCount: 2,
      list: [
        { sortValues: ['1'], id: 11, operatingSystem: 'Windows 11', uuid },
        { sortValues: ['2'], id: '12', operatingSystem: '(not shown)', tags: ['a', 'b', 'a'] },
      ],
    },
  },
}

let counter: Counter
beforeEach(() => {
  counter = new Counter()
})

/** Counts results with these parts. */
async function count(parts: readonly object[], args: object, ...lists: readonly CannedAnswer[]) {
  counter.serve(hostsWith(parts), ...(lists.length > 0 ? lists : [runs, scripts, hosts]))
  const { structured, isError, text } = await counter.assetJobs(args)
  expect(isError, text).toBe(false)
  return structured
}

/** The groups by one column: its value and the number of rows. */
async function groups(parts: readonly object[], label: string, ...lists: readonly CannedAnswer[]) {
  const { rows, note } = await count(parts, { groupBy: label }, ...lists)
  return { groups: Object.fromEntries(rows.map((row) => [row[label], row['count']])), note }
}

describe('a result leads to its run', () => {
  test.each<[string, object]>([
    ['by the id in job', { job: { id: '2' } }],
    ['by a number', { job: { id: 2 } }],
    ['by jobId', { jobId: '2' }],
  ])('%s', async (_, part) => {
    expect(await groups([part], 'job.platform')).toEqual({ groups: { WINDOWS: 1 }, note: undefined })
  })

  test.each<[string, object, string]>([
    ['without job', {}, 'None of the 1 result names its run: pass jobId or scriptId'],
    ['with null', { job: null }, 'None of the 1 result names its run'],
    ['with an object as the id', { job: { id: {} } }, 'None of the 1 result names its run'],
    [
      'with a run that is not shown',
      { job: { id: '99' } },
      '1 result: car_search_jobs does not show the runs',
    ],
  ])('%s: it is a group of its own', async (_, part, sentence) => {
    const { groups: found, note } = await groups([part], 'job.platform')
    expect(found).toEqual({ '(not shown)': 1 })
    expect(note).toContain(sentence)
  })

  test('some do and some do not: each is counted, and each reason has its number', async () => {
    const parts = [{ job: { id: '1' } }, {}, {}, { job: { id: '99' } }]
    const { rows, note } = await count(parts, { groupBy: ['job.platform', 'job.executionType'] })
    expect(rows.map(({ count: size }) => size)).toEqual([3, 1])
    expect(note).toMatch(/2 of 4 results name no run: .*1 result: car_search_jobs does not show/)
  })
})

describe('the own column of a result wins', () => {
  test('where it is there, and no other list is read', async () => {
    const { groups: found } = await groups([{ job: { id: '1', platform: 'own' } }], 'job.platform')
    expect(found).toEqual({ own: 1 })
    expect(counter.upstream.sent).toHaveLength(1)
  })

  test('null is not there', async () => {
    const { groups: found } = await groups([{ job: { id: '1', platform: null } }], 'job.platform')
    expect(found).toEqual({ LINUX: 1 })
  })
})

describe('a result leads to its script', () => {
  test.each<[string, object]>([
    ['by its own id', { script: { id: 7 } }],
    ['by scriptId', { scriptId: '7' }],
    ['through its run', { job: { id: '2' } }],
  ])('%s', async (_, part) => {
    expect(await groups([part], 'script.title')).toEqual({ groups: { Seven: 1 }, note: undefined })
  })

  test('a script without a title has the group without a name', async () => {
    const { groups: found } = await groups([{ scriptId: 8 }, { scriptId: 7 }], 'script.title')
    expect(found).toEqual({ '': 1, Seven: 1 })
  })

  test('neither script nor run', async () => {
    const { groups: found, note } = await groups([{}, { scriptId: 7 }], 'script.title')
    expect(found).toEqual({ '(not shown)': 1, Seven: 1 })
    expect(note).toContain('1 of 2 results name no script, nor a run that car_search_jobs shows.')
  })

  test('through runs that cannot be read', async () => {
    const parts = [{ job: { id: '2' } }]
    const { groups: found, note } = await groups(
      parts,
      'script.title',
      { ...runs, status: 403, body: '' },
      scripts,
    )
    expect(found).toEqual({ '(not shown)': 1 })
    expect(note).toContain('The list of runs cannot be read; car_search_jobs says why')
  })
})

describe('a result leads to its host', () => {
  test.each<[string, object]>([
    ['by a number', { asset: { id: 11 } }],
    ['by a number as text', { asset: { id: '11' } }],
    ['by the UUID', { asset: { uuid } }],
    ['by the UUID of the agent, in capitals', { asset: { agentUuid: uuid.toUpperCase() } }],
    ['by a UUID as its id', { asset: { id: uuid, assetId: 11 } }],
    ['by assetId beside', { assetId: 11 }],
    ['by the UUID of the agent beside', { agentUuid: uuid }],
  ])('%s', async (_, part) => {
    expect(await groups([part], 'asset.operatingSystem')).toEqual({
      groups: { 'Windows 11': 1 },
      note: undefined,
    })
  })

  test('not by the id of the result itself', async () => {
    const { groups: found, note } = await groups([{ id: '11' }], 'asset.operatingSystem')
    expect(found).toEqual({ '(not shown)': 1 })
    expect(note).toContain('None of the 1 result names its host.')
  })

  test('the platform of a record that shows its system alone', async () => {
    expect((await groups([{ asset: { id: 11 } }], 'asset.platform')).groups).toEqual({ WINDOWS: 1 })
  })

  test('a value that reads like our word for none is in quotes', async () => {
    const { groups: found } = await groups([{ asset: { id: 12 } }, {}], 'asset.operatingSystem')
    expect(found).toEqual({ '"(not shown)"': 1, '(not shown)': 1 })
  })

  test('several values: once under each', async () => {
    const { groups: found, note } = await groups([{ asset: { id: 12 } }], 'asset.tags')
    expect(found).toEqual({ a: 1, b: 1 })
    expect(note).toContain('1 asset job with several values: counted once under each.')
  })
})

describe('with scriptId', () => {
  const clause = (): unknown =>
    JSON.parse(counter.upstream.sent.find(({ path }) => path.includes('asset'))?.body ?? '{}').filter
  const ofScript = (many: number): CannedAnswer => ({
    route: jobs,
    body: {
      body: {
        totalCount: many,
        list: Array.from({ length: many }, (_, at) =>
          runOf({ id: String(at + 1), scriptId: 7, platform: 'LINUX' }, at),
        ),
      },
    },
  })

  test('Qualys filters by its runs, and a result without a run is one of them', async () => {
    const { rows } = await count([{}, { job: { id: '2' } }], { scriptId: '7' }, ofScript(2))
    expect(rows).toEqual([{ count: 2 }])
    expect(clause()).toBe('job.id:1 OR job.id:2')
  })

  test('a result of another run is dropped, in case the filter is not kept', async () => {
    const { rows } = await count([{ job: { id: '2' } }, { job: { id: '3' } }], { scriptId: '7' }, ofScript(2))
    expect(rows).toEqual([{ count: 1 }])
  })

  test('of more than 100 runs results are told by their run, and those without one are unknown', async () => {
    const parts = [{ job: { id: '101' } }, { job: { id: '102' } }, {}, { script: { id: 7 } }]
    const { rows, note, summary } = await count(parts, { scriptId: '7' }, ofScript(101))
    expect(clause()).toBeUndefined()
    expect(rows).toEqual([{ count: 2, unknown: 1 }])
    expect(summary).toBe('2 of 4 asset jobs match, 1 unknown; looked at all of them')
    expect(note).toContain('1 row does not show their run or script')
  })

  test('the runs are read once, for the filter and for their columns', async () => {
    const args = { scriptId: '7', groupBy: ['job.platform', 'job.title'] }
    const { rows } = await count([{ job: { id: '1' } }, { job: { id: '2' } }], args, ofScript(2), hosts)
    expect(rows).toHaveLength(1)
    const asked = counter.upstream.sent.filter(({ path }) => path.endsWith('/v2/jobs/search'))
    expect(asked).toHaveLength(1)
  })

  test('without a run there is no result, and the reply says so', async () => {
    const { rows, note } = await count([], { scriptId: '7' }, ofScript(0))
    expect(rows).toEqual([{ count: 0 }])
    expect(clause()).toBe('job.id:0')
    expect(note).toContain('car_search_jobs shows no run of script 7.')
  })

  test('runs that cannot be read: what does not show its script is unknown', async () => {
    const refused = { route: jobs, status: 403, body: '' }
    const { rows, note } = await count(
      [{ script: { id: 7 } }, { job: { id: '1' } }],
      { scriptId: '7' },
      refused,
    )
    expect(rows).toEqual([{ count: 1, unknown: 1 }])
    expect(note).toMatch(/1 row does not show .* could not be read to their end: car_search_jobs says why\./)
  })

  test('runs that differ in a column: it is unknown which of them a result is of', async () => {
    const list = [runOf({ id: '1', platform: 'LINUX' }, 1), runOf({ id: '2', platform: 'MAC' }, 2)]
    const args = { scriptId: '7', groupBy: 'job.platform' }
    const { rows, note } = await count([{}], args, { route: jobs, body: { body: { totalCount: 2, list } } })
    expect(rows).toEqual([{ 'job.platform': '(not shown)', count: 1 }])
    expect(note).toContain('None of the 1 result names its run: pass jobId.')
  })
})

describe('with assetId', () => {
  test.each<[string, object, number, number]>([
    ['its number', { asset: { id: '11' } }, 1, 0],
    ['its UUID alone', { asset: { uuid } }, 1, 0],
    ['another number', { asset: { id: 12 } }, 0, 0],
    ['another UUID', { asset: { uuid: uuid.replace('f', 'e') } }, 0, 0],
    ['no host', {}, 0, 1],
    ['a name alone', { asset: { name: 'ws-1' } }, 0, 1],
  ])('%s', async (_, part, matches, unknown) => {
    const { rows, summary } = await count([part], { assetId: '11' })
    expect(rows).toEqual([{ count: matches, ...(unknown > 0 && { unknown }) }])
    expect(summary.includes('1 unknown')).toBe(unknown === 1)
  })

  test('a host that the list does not show: a UUID alone cannot be compared with it', async () => {
    const { summary, note } = await count([{ asset: { uuid } }, { asset: { id: 99 } }], { assetId: '99' })
    expect(summary).toContain('1 of 2 asset jobs match, 1 unknown')
    expect(note).toContain('car_search_assets shows no host 99.')
  })

  test('hosts that cannot be read', async () => {
    const refused = { route: hostsRoute, status: 403, body: '' }
    const { rows, note } = await count([{ asset: { id: 11 } }], { assetId: '11' }, refused)
    expect(rows).toEqual([{ count: 1 }])
    expect(note).toContain('The list of hosts cannot be read (car_search_assets says why)')
  })
})

describe('runs with scriptTitle', () => {
  const titled = (...titles: readonly string[]): CannedAnswer => ({
    route: scriptsRoute,
    body: { body: { totalCount: titles.length, list: titles.map((title, at) => ({ id: at + 1, title })) } },
  })
  const search = async (scriptTitle: string, parts: readonly object[], ...lists: readonly CannedAnswer[]) => {
    const list = parts.map((part, at) => runOf(part, at))
    counter.serve({ route: jobs, body: { body: { totalCount: list.length, list } } }, ...lists)
    const { structured, isError, text } = await counter.jobs({ scriptTitle })
    expect(isError, text).toBe(false)
    const body = counter.upstream.sent.find(({ path }) => path.includes('jobs'))?.body ?? '{}'
    return { ...structured, filter: JSON.parse(body).filter as unknown }
  }

  test.each<[string, string, readonly string[], string, string | undefined]>([
    ['one script', 'Backup', ['Backup', 'Backup of files'], 'scriptId:1', undefined],
    [
      'two scripts',
      'Backup',
      ['Backup', 'Backup'],
      'scriptId:1 OR scriptId:2',
      '2 scripts have this title: 1, 2.',
    ],
    ['the right case first', 'Backup', ['backup', 'Backup'], 'scriptId:2', undefined],
    ['another case', 'BACKUP', ['backup'], 'scriptId:1', 'The title of the script is in another case.'],
    ['as pages show it', 'a b', ['a\u200b\n b'], 'scriptId:1', undefined],
  ])('%s', async (_, title, titles, filter, note) => {
    const found = await search(title, [{ scriptId: 1 }, { scriptId: '2' }], titled(...titles))
    expect([found.filter, found.note]).toEqual([filter, note])
  })

  test('without such a script runs are compared by their own title', async () => {
    const parts = ['Backup-1673539205', 'Backup of files-1673539205', 'Backup'].map((title) => ({ title }))
    const { rows, filter, note } = await search('Backup', parts, titled('Backup of files'))
    expect([rows, filter]).toEqual([[{ count: 2 }], 'script.name:Backup'])
    expect(note).toContain(
      'shows no script with exactly this title (but "Backup of files"): runs are compared',
    )
  })

  test('the title of a run finds that run', async () => {
    const parts = ['Backup-1673539205', 'Backup-1673539206', 'Backup'].map((title) => ({ title }))
    const { rows, filter } = await search('Backup-1673539205', parts, titled('Backup of files'))
    expect([rows, filter]).toEqual([[{ count: 1 }], 'script.name:Backup'])
  })

  test('a title of hidden characters alone is like no other', async () => {
    const { note } = await search('\u200b\u200b', [{ title: 'Backup' }], titled('Backup'))
    expect(note).not.toContain('"Backup"')
  })
})
