import { beforeEach, describe, expect, test } from 'vitest'
import {
  cannedRunLists,
  doneHosts,
  FollowRunCaller,
  openHost,
} from '../../support/workflows/follow-run-caller.ts'
import { assetJobs, hostsReply } from '../../support/workflows/runs.ts'

// A run is followed to its end: when it is polled, when it counts as finished, and the progress in between.

let run: FollowRunCaller
beforeEach(() => {
  run = new FollowRunCaller()
})

const once = (jobId = 1) => run.follow({ jobId, waitSeconds: 0 })
const failure = { route: assetJobs, status: 500, body: '' }

describe('polls', () => {
  test('are at once, after 5, 10 and 20 s, then every 30 s; only the last one reads outputs', async () => {
    run.list([...doneHosts(1), openHost])
    const { text } = await run.follow({ jobId: 1, waitSeconds: 200 })
    expect(run.clock.slept).toEqual([5, 10, 20, 30, 30, 30, 30, 30, 10])
    const { bodies } = run.upstream
    expect(bodies).toHaveLength(11)
    expect(bodies.map(({ filter }) => filter)).toEqual(Array(11).fill('job.id:1'))
    expect(run.outputRequests).toEqual([bodies[10]])
    expect(text).toContain('run 1 so far: 1 of 2 hosts done; 1 succeeded, 1 open')
  })

  test.each([
    { waitSeconds: 0, slept: [] },
    { waitSeconds: 4, slept: [] },
    { waitSeconds: 5, slept: [] },
    { waitSeconds: 6, slept: [5] },
    { waitSeconds: 40, slept: [5, 10, 20] },
    { slept: [5, 10, 20] },
    { waitSeconds: 600, slept: [5, 10, 20, ...Array(18).fill(30), 20] },
  ])('end within $waitSeconds s', async ({ slept, ...args }) => {
    run.list([openHost])
    const { text } = await run.follow({ jobId: 1, ...args })
    expect(run.clock.slept).toEqual(slept)
    expect(text.split('\n')).toEqual([
      'run 1 so far: 0 of 1 host done; 1 open',
      'Note: Qualys does not say whether an open host is offline or busy (car_search_asset_jobs with outcome open lists them). To wait on, call again with the same arguments.',
    ])
  })

  test('do not read outputs while no host is done', async () => {
    run.list([openHost])
    await run.follow({ jobId: 1 })
    expect(run.outputRequests).toEqual([])
  })

  test('leave no timer that would call later', async () => {
    run.list([...doneHosts(2), openHost])
    await run.follow({ jobId: 1 })
    run.upstream.serve({ route: assetJobs, status: 403, body: '' })
    expect((await run.follow({ jobId: 1 })).isError).toBe(true)
    expect(run.clock.waiting).toBe(0)
  })

  test('that fail are followed by another one', async () => {
    const [before, after] = [
      [...doneHosts(1), openHost],
      [...doneHosts(2), openHost],
    ].map(hostsReply)
    run.upstream.serve(
      { route: assetJobs, body: before, times: 1 },
      { ...failure, times: 1 },
      { route: assetJobs, body: after },
    )
    const { text } = await run.follow({ jobId: 1 })
    expect(text).toContain('so far: 2 of 3 hosts done')
    expect(text).not.toContain('failed')
  })

  test('must succeed at first', async () => {
    run.upstream.serve({ ...failure, times: 1 }, ...cannedRunLists(doneHosts(1)))
    expect((await run.follow({ jobId: 1 })).isError).toBe(true)
  })

  test('that fail until the end lose neither what is known nor the reason', async () => {
    run.upstream.serve({ route: assetJobs, body: hostsReply([...doneHosts(1), openHost]), times: 1 }, failure)
    const { text, isError } = await run.follow({ jobId: 1 })
    expect(isError).toBe(false)
    expect(text).toMatch(/^run 1 so far: 1 of 2 hosts done; 1 succeeded, 1 open\n/)
    expect(text).toMatch(/Outputs read: 0 of 1 \(.*\(500/)
    expect(text).toMatch(/The last look failed: .*\(500/)
  })

  test('that are refused end the wait', async () => {
    run.upstream.serve(
      { route: assetJobs, body: hostsReply([openHost]), times: 1 },
      { route: assetJobs, status: 403, body: '' },
    )
    expect((await run.follow({ jobId: 1 })).isError).toBe(true)
  })
})

describe('finished', () => {
  test('only when two polls a minute apart list the same number', async () => {
    run.list(doneHosts(3))
    const first = await once()
    expect(first.text.split('\n')[0]).toBe('run 1 so far: 3 of 3 hosts done; 3 succeeded')
    expect(first.text).toContain('call again with the same arguments in 60 s to see whether that is all.')
    await run.clock.pass(59)
    const second = await once()
    expect(second.text).toContain('run 1 so far: 3 of 3 hosts done')
    expect(second.text).toContain('in 1 s to see')
    await run.clock.pass(1)
    const { text } = await once()
    expect(text.split('\n')[0]).toBe('run 1 finished: 3 hosts, 3 succeeded')
    expect(text).not.toContain('Note:')
  })

  test('within one call, as soon as that is known', async () => {
    run.list(doneHosts(3))
    const { text } = await run.follow({ jobId: 1, waitSeconds: 300 })
    expect(text).toMatch(/^run 1 finished: 3 hosts, 3 succeeded\n/)
    expect(run.clock.slept).toEqual([5, 10, 20, 30])
  })

  test('counts from when the number was reached, not from the first poll', async () => {
    run.list(doneHosts(2), doneHosts(2), doneHosts(3))
    await once()
    await run.clock.pass(50)
    await once()
    await run.clock.pass(20)
    expect((await once()).text).toContain('so far: 3 of 3')
    await run.clock.pass(40)
    expect((await once()).text).toContain('finished: 3 hosts')
  })

  test('also where a host was open at the first of the two', async () => {
    run.list([...doneHosts(2), openHost])
    await once()
    await run.clock.pass(60)
    run.list(doneHosts(3))
    expect((await once()).text).toContain('finished: 3 hosts')
  })

  test('never with an open host, nor without any host', async () => {
    run.list([...doneHosts(2), openHost])
    expect((await run.follow({ jobId: 1, waitSeconds: 600 })).text).toContain('so far: 2 of 3')
    run.list([])
    const { text } = await run.follow({ jobId: 2, waitSeconds: 600 })
    expect(text).toBe(
      'run 2 so far: no host listed\nNote: Hosts may be listed later: call again with the same arguments; if none comes, check the id with car_search_jobs.',
    )
  })

  test('is remembered per run and per account', async () => {
    run.list(doneHosts(1))
    await once()
    await run.clock.pass(60)
    expect((await once(2)).text).toContain('so far')
    const other = new FollowRunCaller({ clock: run.clock, upstream: run.upstream })
    expect((await other.follow({ jobId: 1, waitSeconds: 0 })).text).toContain('so far')
    expect((await once()).text).toContain('finished')
  })

  test('forgets the runs polled longest ago', async () => {
    run.list(doneHosts(1))
    for (let jobId = 1; jobId <= 200; jobId++) await once(jobId)
    await once(1)
    await once(201)
    await run.clock.pass(60)
    expect((await once(1)).text).toContain('finished')
    expect((await once(3)).text).toContain('finished')
    expect((await once(2)).text).toContain('so far')
  })

  test('is not reported when reading the outputs shows another host', async () => {
    run.list(doneHosts(2), doneHosts(2), doneHosts(2), [...doneHosts(2), openHost])
    await once()
    await run.clock.pass(60)
    expect((await once()).text).toContain('so far: 2 of 3 hosts done')
  })

  test('nor where Qualys counts more hosts than it lists', async () => {
    const rows = hostsReply(doneHosts(2)) as { body: object }
    const more = { ...rows, body: { ...rows.body, totalCount: 5 } }
    const none = { body: { totalCount: 5, list: [] } }
    const walks = Array(4).fill([more, none]).flat()
    run.upstream.serve(...walks.map((body) => ({ route: assetJobs, times: 1, body })))
    await once()
    await run.clock.pass(60)
    const { text } = await once()
    expect(text.split('\n')[0]).toBe('run 1 so far: 2 of 2 hosts done; 2 succeeded')
    expect(text).toContain('Qualys counts 3 more rows but sent no more; some may have come meanwhile.')
  })
})

test('progress is reported when it changes and every 5 s, also between polls, and always rises', async () => {
  run.list([...doneHosts(1), openHost], [...doneHosts(1), openHost], [...doneHosts(2), openHost])
  await run.follow({ jobId: 1, waitSeconds: 40 })
  const { progress } = run.caller
  const values = progress.map(([value]) => value)
  expect(progress.every(([, total]) => total === undefined || total >= 2)).toBe(true)
  // At 0 s one, at 15 s two; every 5 s until 35 s.
  expect(values.map(Math.floor)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2])
  expect(values[0]).toBe(1)
  expect(values[4]).toBe(2)
  expect(values.every((value, index) => index === 0 || value > (values[index - 1] ?? 0))).toBe(true)
})
