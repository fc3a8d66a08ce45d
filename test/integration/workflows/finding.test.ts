import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openSandbox } from '../../support/sandbox.ts'
import { Clock } from '../../support/workflows/clock.ts'
import { asked, assetJobs, type Host, jobs, listed } from '../../support/workflows/runs.ts'
import { type Follower, openFollower } from './follower.ts'

// Which run is meant: by its job, or by what the execution answered.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
const open: Follower[] = []
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200 })
})
afterEach(async () => {
  await sandbox.control.reset()
  await Promise.all(open.splice(0).map((follower) => follower.close()))
})
afterAll(() => sandbox.close())

async function follower(clock = new Clock(), extra = {}): Promise<Follower> {
  const opened = await openFollower(sandbox, clock, extra)
  open.push(opened)
  return opened
}

const waiting: Host = { name: 'ws-off', open: true }

describe('arguments', () => {
  const uuid = '81761e17-470b-40ab-89db-ef02607e00ab'
  const ways =
    'Pass jobId alone (from car_search_jobs), or correlationUuid with scriptId (of car_execute_script).'
  test.each([
    [{}, `No run is named. ${ways}`],
    [{ waitSeconds: 0 }, `No run is named. ${ways}`],
    [{ scriptId: 7 }, `scriptId alone does not tell which of its runs is meant. ${ways}`],
    [
      { correlationUuid: uuid },
      `Qualys finds a run by its correlationUuid only among those of one script. ${ways}`,
    ],
    [
      { jobId: uuid },
      'jobId looks like a correlationUuid. Pass it as correlationUuid, with the scriptId that was executed.',
    ],
    [{ jobId: 1, correlationUuid: uuid }, `jobId and correlationUuid together name the run twice. ${ways}`],
    [{ jobId: 1, scriptId: 7 }, `jobId and scriptId together name the run twice. ${ways}`],
    [
      { jobId: 1, scriptId: 7, correlationUuid: uuid },
      `jobId and correlationUuid together name the run twice. ${ways}`,
    ],
  ])('%j', async (args, sentence) => {
    const { text, isError } = await (await follower()).follow(args)
    expect({ text, isError }).toEqual({ text: sentence, isError: true })
    expect(await asked(sandbox.control)).toEqual([])
  })

  test.each([
    [{ jobId: 1, waitSeconds: 601 }, 'waitSeconds: must be a whole number from 0 to 600'],
    [{ jobId: 1, waitSeconds: -1 }, 'waitSeconds: must be a whole number from 0 to 600'],
    [{ jobId: 1, waitSeconds: 1.5 }, 'waitSeconds: must be a whole number from 0 to 600'],
    [{ jobId: '../1' }, 'jobId: must be an id from car_search_jobs: letters, digits and hyphens, no path'],
    [{ job: 1 }, 'there is no argument "job"; did you mean jobId?'],
  ])('%j: %s', async (args, sentence) => {
    const { text, isError } = await (await follower()).follow(args)
    expect(isError).toBe(true)
    expect(text).toContain(sentence)
  })
})

describe('a run that was just started', () => {
  const uuid = '81761e17-470b-40ab-89db-ef02607e00ab'
  const run = (id: string, correlationUuid: string): object => ({
    sortValues: [1, id],
    data: {
      id,
      title: 't',
      created: { dateTime: 1 },
      platform: 'WINDOWS',
      executionType: 'Manual',
      scriptId: 7,
      correlationUuid,
    },
  })
  const runs = (...list: object[]): object => ({ body: { totalCount: list.length, list } })

  test('is found among those of its script, by comparing', async () => {
    await sandbox.control.faults([
      {
        route: jobs,
        kind: 'reply',
        body: runs(run('12', 'other'), run('11', uuid.toUpperCase()), run('10', uuid)),
      },
      { route: assetJobs, kind: 'reply', body: listed([waiting]) },
    ])
    const { text } = await (await follower()).follow({ scriptId: 7, correlationUuid: uuid, waitSeconds: 0 })
    expect(text).toMatch(/^run 11 so far: 0 of 1 host done/)
    const [search, look] = await asked(sandbox.control)
    expect(search).toEqual({
      filter: 'scriptId:7',
      sort: [{ 'created.dateTime': 'desc' }, { id: 'desc' }],
      pageSize: 1_000,
    })
    expect(look).toMatchObject({ filter: 'job.id:11' })
  })

  test('and is not seen within the wait is never said not to be', async () => {
    await sandbox.control.faults([{ route: jobs, kind: 'reply', body: runs(run('12', 'other')) }])
    const clock = new Clock()
    const args = { scriptId: 7, correlationUuid: uuid, waitSeconds: 40 }
    const { text, isError } = await (await follower(clock)).follow(args)
    expect(isError).toBe(false)
    expect(text).toBe(
      `run ${uuid} of script 7 not seen yet\nNote: It may take Qualys a while to list a run that was started: call again with the same arguments; do not start it again.`,
    )
    expect(clock.slept).toEqual([5, 10, 20])
    const { structured } = await (await follower()).follow({ ...args, waitSeconds: 0 }, 'json')
    expect(structured).toMatchObject({ rows: [], note: expect.stringContaining('call again') })
  })

  test('and cannot be looked for at last says why', async () => {
    await sandbox.control.faults([
      { route: jobs, kind: 'reply', body: runs(run('12', 'other')), times: 1 },
      { route: jobs, kind: 'status', status: 500 },
    ])
    const { text } = await (await follower()).follow({ scriptId: 7, correlationUuid: uuid })
    expect(text).toMatch(/not seen yet\n.* The last look failed: .*\(500/)
  })

  test('is looked for among all runs of the script at first, then among the newest', async () => {
    const page = (id: string): object => ({ body: { totalCount: 3, list: [run(id, 'other')] } })
    await sandbox.control.faults(
      ['12', '11', '10', '12'].map((id) => ({ route: jobs, kind: 'reply', body: page(id), times: 1 })),
    )
    await (await follower()).follow({ scriptId: 7, correlationUuid: uuid, waitSeconds: 10 })
    const bodies = await asked(sandbox.control)
    expect(bodies.map(({ searchAfter }) => searchAfter)).toEqual([undefined, [1, '12'], [1, '11'], undefined])
  })

  test('is looked for afresh from the moment it appears', async () => {
    await sandbox.control.faults([
      { route: jobs, kind: 'reply', body: runs(run('12', 'other')), times: 2 },
      { route: jobs, kind: 'reply', body: runs(run('13', uuid)) },
      { route: assetJobs, kind: 'reply', body: listed([waiting]) },
    ])
    const clock = new Clock()
    await (await follower(clock)).follow({ scriptId: 7, correlationUuid: uuid, waitSeconds: 60 })
    expect(clock.slept).toEqual([5, 10, 5, 10, 20, 5])
    const bodies = await asked(sandbox.control)
    expect(bodies.filter(({ filter }) => filter === 'scriptId:7')).toHaveLength(3)
  })
})

describe('a run of the sandbox', () => {
  test('from its start to its end', async () => {
    await sandbox.control.knobs({ jobDelayMs: 20_000, hostSeconds: 30, executionOutcome: 'succeeded' })
    const post = async (path: string, body: unknown, token = ''): Promise<string> => {
      const form = body instanceof URLSearchParams
      const headers = {
        authorization: `Bearer ${token}`,
        ...(!form && { 'content-type': 'application/json' }),
      }
      const init = { method: 'POST', headers, body: form ? body : JSON.stringify(body) }
      const response = await fetch(`${sandbox.gatewayUrl}${path}`, init)
      expect(response.ok, path).toBe(true)
      return response.text()
    }
    const { username, password } = sandbox
    const token = await post('/auth', new URLSearchParams({ username, password, token: 'true' }))
    const scripts = await sandbox.control.truth('scripts')
    const script = scripts.find((row) => row['status'] === 'APPROVED' && !row['hasParameters'])
    const assets = (await sandbox.control.truth('assets')).filter(
      ({ platform }) => platform === script?.['platform'],
    )
    const assetIds = assets.slice(0, 5).map(({ id }) => id)
    const answer = await post(
      `/sm/v1/scripts/${script?.['id']}/execute`,
      { assetIds: assetIds.join(',') },
      token,
    )
    const { correlationUuid } = JSON.parse(answer).body
    const clock = new Clock((seconds) => post('/_sandbox/advance', { seconds }).then(() => undefined))
    const there = await follower(clock)
    const args = { scriptId: script?.['id'], correlationUuid }
    expect((await there.follow({ ...args, waitSeconds: 5 })).text).toContain('not seen yet')
    const { text } = await there.follow({ ...args, waitSeconds: 600 })
    expect(text).toMatch(/^run \d+ finished: 5 hosts, 5 succeeded/)
    expect(there.progress.at(-1)?.[1]).toBe(5)
    expect(there.progress.some(([value]) => value > 0 && value < 5)).toBe(true)
    for (const { name } of assets.slice(0, 5)) expect(text).toContain(String(name))
  })
})
