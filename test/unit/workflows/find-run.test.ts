import { beforeEach, describe, expect, test } from 'vitest'
import { FollowRunCaller, openHost } from '../../support/workflows/follow-run-caller.ts'
import { assetJobs, hostsReply, jobs } from '../../support/workflows/runs.ts'

// Which run is meant: by its job, or by the execution's answer.

let run: FollowRunCaller
beforeEach(() => {
  run = new FollowRunCaller()
})

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
    const { text, isError } = await run.follow(args)
    expect({ text, isError }).toEqual({ text: sentence, isError: true })
    expect(run.upstream.sent).toEqual([])
  })

  test.each([
    [{ jobId: 1, waitSeconds: 601 }, 'waitSeconds: must be a whole number from 0 to 600'],
    [{ jobId: 1, waitSeconds: -1 }, 'waitSeconds: must be a whole number from 0 to 600'],
    [{ jobId: 1, waitSeconds: 1.5 }, 'waitSeconds: must be a whole number from 0 to 600'],
    [{ jobId: '../1' }, 'jobId: must be an id from car_search_jobs: letters, digits and hyphens, no path'],
    [{ job: 1 }, 'there is no argument "job"; did you mean jobId?'],
  ])('%j: %s', async (args, sentence) => {
    const { text, isError } = await run.follow(args)
    expect(isError).toBe(true)
    expect(text).toContain(sentence)
  })
})

describe('a run that was just started', () => {
  const uuid = '81761e17-470b-40ab-89db-ef02607e00ab'
  const job = (id: string, correlationUuid: string): object => ({
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
    run.upstream.serve(
      {
        route: jobs,
        body: runs(job('12', 'other'), job('11', uuid.toUpperCase()), job('10', uuid)),
      },
      { route: assetJobs, body: hostsReply([openHost]) },
    )
    const { text } = await run.follow({ scriptId: 7, correlationUuid: uuid, waitSeconds: 0 })
    expect(text).toMatch(/^run 11 so far: 0 of 1 host done/)
    const [search, look] = run.upstream.bodies
    expect(search).toEqual({
      filter: 'scriptId:7',
      sort: [{ 'created.dateTime': 'desc' }, { id: 'desc' }],
      pageSize: 1_000,
    })
    expect(look).toMatchObject({ filter: 'job.id:11' })
  })

  test('and does not appear within the wait: the reply never says that it does not exist', async () => {
    run.upstream.serve({ route: jobs, body: runs(job('12', 'other')) })
    const args = { scriptId: 7, correlationUuid: uuid, waitSeconds: 40 }
    const { text, isError } = await run.follow(args)
    expect(isError).toBe(false)
    expect(text).toBe(
      `run ${uuid} of script 7 not seen yet\nNote: It may take Qualys a while to list a run that was started: call again with the same arguments; do not start it again.`,
    )
    expect(run.clock.slept).toEqual([5, 10, 20])
    const { structured } = await run.follow({ ...args, waitSeconds: 0 }, 'json')
    expect(structured).toMatchObject({ rows: [], note: expect.stringContaining('call again') })
  })

  test('and cannot be searched for in the end: the reply says why', async () => {
    run.upstream.serve(
      { route: jobs, body: runs(job('12', 'other')), times: 1 },
      { route: jobs, status: 500, body: '' },
    )
    const { text } = await run.follow({ scriptId: 7, correlationUuid: uuid })
    expect(text).toMatch(/not seen yet\n.* The last look failed: .*\(500/)
  })

  test('is searched for among all runs of the script at first, then among the newest', async () => {
    const page = (id: string): object => ({ body: { totalCount: 3, list: [job(id, 'other')] } })
    run.upstream.serve(...['12', '11', '10', '12'].map((id) => ({ route: jobs, body: page(id), times: 1 })))
    await run.follow({ scriptId: 7, correlationUuid: uuid, waitSeconds: 10 })
    const { bodies } = run.upstream
    expect(bodies.map(({ searchAfter }) => searchAfter)).toEqual([undefined, [1, '12'], [1, '11'], undefined])
  })

  test('is read afresh from the moment it appears', async () => {
    run.upstream.serve(
      { route: jobs, body: runs(job('12', 'other')), times: 2 },
      { route: jobs, body: runs(job('13', uuid)) },
      { route: assetJobs, body: hostsReply([openHost]) },
    )
    await run.follow({ scriptId: 7, correlationUuid: uuid, waitSeconds: 60 })
    expect(run.clock.slept).toEqual([5, 10, 5, 10, 20, 5])
    const { bodies } = run.upstream
    expect(bodies.filter(({ filter }) => filter === 'scriptId:7')).toHaveLength(3)
  })
})
