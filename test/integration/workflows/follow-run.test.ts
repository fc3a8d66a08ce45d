import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { openSandbox } from '../../support/sandbox.ts'
import { Clock } from '../../support/workflows/clock.ts'
import { asked, assetJobs, type Host, listed, serve } from '../../support/workflows/runs.ts'
import { type Follower, openFollower } from './follower.ts'

// A run is followed to its end: when it is looked at, when it counts as finished, and what is said in between.

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

const done = (count: number): Host[] =>
  Array.from({ length: count }, (_, index) => ({ name: `ws-${index}`, printed: 'ok' }))
const waiting: Host = { name: 'ws-off', open: true }
const heavy = (bodies: readonly Record<string, unknown>[]): Record<string, unknown>[] =>
  bodies.filter(({ includeScriptResult }) => includeScriptResult === true)

/** Has Qualys list one run after another, the last for good. */
async function serveInTurn(...runs: readonly (readonly Host[])[]): Promise<void> {
  await sandbox.control.faults(
    runs.map((hosts, index) => ({
      route: assetJobs,
      kind: 'reply',
      body: listed(hosts),
      ...(index < runs.length - 1 && { times: 1 }),
    })),
  )
}

describe('looks', () => {
  test('at once, after 5, 10 and 20 s, then every 30 s; only the last one reads outputs', async () => {
    await serve(sandbox.control, [...done(1), waiting])
    const clock = new Clock()
    const { text } = await (await follower(clock)).follow({ jobId: 1, waitSeconds: 200 })
    expect(clock.slept).toEqual([5, 10, 20, 30, 30, 30, 30, 30, 10])
    const bodies = await asked(sandbox.control)
    expect(bodies).toHaveLength(11)
    expect(bodies.map(({ filter }) => filter)).toEqual(Array(11).fill('job.id:1'))
    expect(heavy(bodies)).toEqual([bodies[10]])
    expect(text).toContain('run 1 so far: 1 of 2 hosts done; 1 succeeded, 1 open')
  })

  test.each([
    { waitSeconds: 0, slept: [] },
    { waitSeconds: 4, slept: [] },
    { waitSeconds: 40, slept: [5, 10, 20] },
    { slept: [5, 10, 20] },
    { waitSeconds: 600, slept: [5, 10, 20, ...Array(18).fill(30), 20] },
  ])('come to an end within $waitSeconds s', async ({ slept, ...args }) => {
    await serve(sandbox.control, [waiting])
    const clock = new Clock()
    const { text } = await (await follower(clock)).follow({ jobId: 1, ...args })
    expect(clock.slept).toEqual(slept)
    expect(text.split('\n')).toEqual([
      'run 1 so far: 0 of 1 host done; 1 open',
      'Note: Qualys does not say whether an open host is offline or busy (car_search_asset_jobs with outcome open lists them). To wait on, call again with the same arguments.',
    ])
  })

  test('do not read outputs while no host is done', async () => {
    await serve(sandbox.control, [waiting])
    await (await follower()).follow({ jobId: 1 })
    expect(heavy(await asked(sandbox.control))).toEqual([])
  })

  test('leave nothing behind that would call later', async () => {
    await serve(sandbox.control, [...done(2), waiting])
    const clock = new Clock()
    await (await follower(clock)).follow({ jobId: 1 })
    await sandbox.control.faults([{ route: assetJobs, kind: 'status', status: 403 }])
    expect((await (await follower(clock)).follow({ jobId: 1 })).isError).toBe(true)
    expect(clock.waiting).toBe(0)
  })

  test('that fail are made up for by the next one, and only the first must work', async () => {
    await sandbox.control.faults([
      { route: assetJobs, kind: 'reply', body: listed([...done(1), waiting]), times: 1 },
      { route: assetJobs, kind: 'status', status: 500, times: 1 },
      { route: assetJobs, kind: 'reply', body: listed([...done(2), waiting]) },
    ])
    const { text } = await (await follower()).follow({ jobId: 1 })
    expect(text).toContain('so far: 2 of 3 hosts done')
    expect(text).not.toContain('failed')
    await sandbox.control.faults([{ route: assetJobs, kind: 'status', status: 500, times: 1 }])
    expect((await (await follower()).follow({ jobId: 1 })).isError).toBe(true)
  })

  test('that fail until the end cost neither what is known nor the reason', async () => {
    await sandbox.control.faults([
      { route: assetJobs, kind: 'reply', body: listed([...done(1), waiting]), times: 1 },
      { route: assetJobs, kind: 'status', status: 500 },
    ])
    const { text, isError } = await (await follower()).follow({ jobId: 1 })
    expect(isError).toBe(false)
    expect(text).toMatch(/^run 1 so far: 1 of 2 hosts done; 1 succeeded, 1 open\n/)
    expect(text).toMatch(/Outputs read: 0 of 1 \(.*\(500/)
    expect(text).toMatch(/The last look failed: .*\(500/)
  })

  test('that are refused end the wait', async () => {
    await sandbox.control.faults([
      { route: assetJobs, kind: 'reply', body: listed([waiting]), times: 1 },
      { route: assetJobs, kind: 'status', status: 403 },
    ])
    expect((await (await follower()).follow({ jobId: 1 })).isError).toBe(true)
  })
})

describe('finished', () => {
  test('only when two looks a minute apart list the same number', async () => {
    await serve(sandbox.control, done(3))
    const clock = new Clock()
    const there = await follower(clock)
    const first = await there.follow({ jobId: 1, waitSeconds: 0 })
    expect(first.text.split('\n')[0]).toBe('run 1 so far: 3 of 3 hosts done; 3 succeeded')
    expect(first.text).toContain('call again with the same arguments in 60 s to see whether that is all.')
    await clock.pass(59)
    const second = await there.follow({ jobId: 1, waitSeconds: 0 })
    expect(second.text).toContain('run 1 so far: 3 of 3 hosts done')
    expect(second.text).toContain('in 1 s to see')
    await clock.pass(1)
    const { text } = await there.follow({ jobId: 1, waitSeconds: 0 })
    expect(text.split('\n')[0]).toBe('run 1 finished: 3 hosts, 3 succeeded')
    expect(text).not.toContain('Note:')
  })

  test('within one call, as soon as that is known', async () => {
    await serve(sandbox.control, done(3))
    const clock = new Clock()
    const { text } = await (await follower(clock)).follow({ jobId: 1, waitSeconds: 300 })
    expect(text).toMatch(/^run 1 finished: 3 hosts, 3 succeeded\n/)
    expect(clock.slept).toEqual([5, 10, 20, 30])
  })

  test('counts from when the number came to be, not from the first look', async () => {
    const clock = new Clock()
    const there = await follower(clock)
    await serveInTurn(done(2), done(2), done(3))
    await there.follow({ jobId: 1, waitSeconds: 0 })
    await clock.pass(50)
    await there.follow({ jobId: 1, waitSeconds: 0 })
    await clock.pass(20)
    expect((await there.follow({ jobId: 1, waitSeconds: 0 })).text).toContain('so far: 3 of 3')
    await clock.pass(40)
    expect((await there.follow({ jobId: 1, waitSeconds: 0 })).text).toContain('finished: 3 hosts')
  })

  test('also where a host was open at the first of the two', async () => {
    const clock = new Clock()
    const there = await follower(clock)
    await serve(sandbox.control, [...done(2), waiting])
    await there.follow({ jobId: 1, waitSeconds: 0 })
    await clock.pass(60)
    await serve(sandbox.control, done(3))
    expect((await there.follow({ jobId: 1, waitSeconds: 0 })).text).toContain('finished: 3 hosts')
  })

  test('never with an open host, nor without any host', async () => {
    await serve(sandbox.control, [...done(2), waiting])
    expect((await (await follower()).follow({ jobId: 1, waitSeconds: 600 })).text).toContain('so far: 2 of 3')
    await serve(sandbox.control, [])
    const { text } = await (await follower()).follow({ jobId: 2, waitSeconds: 600 })
    expect(text).toBe(
      'run 2 so far: no host listed\nNote: Hosts may be listed later: call again with the same arguments; if none comes, check the id with car_search_jobs.',
    )
  })

  test('is remembered per run and per account', async () => {
    await serve(sandbox.control, done(1))
    const clock = new Clock()
    const there = await follower(clock)
    await there.follow({ jobId: 1, waitSeconds: 0 })
    await clock.pass(60)
    expect((await there.follow({ jobId: 2, waitSeconds: 0 })).text).toContain('so far')
    const elsewhere = await follower(clock)
    expect((await elsewhere.follow({ jobId: 1, waitSeconds: 0 })).text).toContain('so far')
    expect((await there.follow({ jobId: 1, waitSeconds: 0 })).text).toContain('finished')
  })

  test('forgets the runs looked at longest ago', async () => {
    await serve(sandbox.control, done(1))
    const clock = new Clock()
    const there = await follower(clock)
    const once = (jobId: number): Promise<unknown> => there.follow({ jobId, waitSeconds: 0 })
    for (let jobId = 1; jobId <= 200; jobId++) await once(jobId)
    await once(1)
    await once(201)
    await clock.pass(60)
    expect((await there.follow({ jobId: 1, waitSeconds: 0 })).text).toContain('finished')
    expect((await there.follow({ jobId: 3, waitSeconds: 0 })).text).toContain('finished')
    expect((await there.follow({ jobId: 2, waitSeconds: 0 })).text).toContain('so far')
  })

  test('is not said when reading the outputs shows another host', async () => {
    const clock = new Clock()
    const there = await follower(clock)
    await serveInTurn(done(2), done(2), done(2), [...done(2), waiting])
    await there.follow({ jobId: 1, waitSeconds: 0 })
    await clock.pass(60)
    expect((await there.follow({ jobId: 1, waitSeconds: 0 })).text).toContain('so far: 2 of 3 hosts done')
  })

  test('nor where Qualys counts more hosts than it lists', async () => {
    const rows = listed(done(2)) as { body: object }
    const more = { ...rows, body: { ...rows.body, totalCount: 5 } }
    const none = { body: { totalCount: 5, list: [] } }
    const walks = Array(4).fill([more, none]).flat()
    await sandbox.control.faults(walks.map((body) => ({ route: assetJobs, kind: 'reply', times: 1, body })))
    const clock = new Clock()
    const there = await follower(clock)
    await there.follow({ jobId: 1, waitSeconds: 0 })
    await clock.pass(60)
    const { text } = await there.follow({ jobId: 1, waitSeconds: 0 })
    expect(text.split('\n')[0]).toBe('run 1 so far: 2 of 2 hosts done; 2 succeeded')
    expect(text).toContain('Qualys counts 3 more rows but sent no more; some may have come meanwhile.')
  })
})

describe('progress', () => {
  test('is told when it changes and every 5 s, also between looks, and always grows', async () => {
    await serveInTurn([...done(1), waiting], [...done(1), waiting], [...done(2), waiting])
    const there = await follower()
    await there.follow({ jobId: 1, waitSeconds: 40 })
    const told = there.progress.map(([value]) => value)
    expect(there.progress.every(([, total]) => total === undefined || total >= 2)).toBe(true)
    // At 0 s one, at 15 s two; every 5 s until 35 s.
    expect(told.map(Math.floor)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2])
    expect(told[0]).toBe(1)
    expect(told[4]).toBe(2)
    expect(told.every((value, index) => index === 0 || value > (told[index - 1] ?? 0))).toBe(true)
  })

  test('goes on while Qualys takes its time', async () => {
    await sandbox.control.faults([
      { route: assetJobs, kind: 'delay', ms: 20_000, skip: 1, times: 1 },
      { route: assetJobs, kind: 'reply', body: listed([...done(1), waiting]) },
    ])
    const clock = new Clock()
    const there = await follower(clock)
    const reply = there.follow({ jobId: 1, waitSeconds: 40 })
    await vi.waitFor(async () => expect(await asked(sandbox.control)).toHaveLength(2))
    const before = there.progress.length
    await clock.pass(10)
    expect(there.progress.length).toBe(before + 2)
    await clock.pass(30)
    await reply
  })
})

describe('time', () => {
  test('that is over ends a look under way, and what is known is told', async () => {
    await sandbox.control.faults([
      { route: assetJobs, kind: 'delay', ms: 60_000, skip: 1, times: 1 },
      { route: assetJobs, kind: 'reply', body: listed([...done(1), waiting]) },
    ])
    const clock = new Clock()
    const reply = (await follower(clock)).follow({ jobId: 1, waitSeconds: 40 })
    await vi.waitFor(async () => expect(await asked(sandbox.control)).toHaveLength(2))
    await clock.pass(40)
    expect((await reply).text).toContain('run 1 so far: 1 of 2 hosts done')
  })

  test('that is over ends the reading of outputs, and how far it came is told', async () => {
    const hosts = done(120)
    const page = (from: number, to: number): object => {
      const body = listed(hosts) as { body: { list: unknown[] } }
      return { ...body, body: { totalCount: 120, list: body.body.list.slice(from, to) } }
    }
    await sandbox.control.faults([
      { route: assetJobs, kind: 'delay', ms: 60_000, skip: 2, times: 1 },
      { route: assetJobs, kind: 'reply', body: listed(hosts), times: 1 },
      { route: assetJobs, kind: 'reply', body: page(0, 50), times: 1 },
      { route: assetJobs, kind: 'reply', body: page(50, 100) },
    ])
    const clock = new Clock()
    const reply = (await follower(clock)).follow({ jobId: 1, waitSeconds: 0 })
    await vi.waitFor(async () => expect(await asked(sandbox.control)).toHaveLength(3))
    await clock.pass(10)
    const { text } = await reply
    expect(text.split('\n')[0]).toBe('run 1 so far: 120 of 120 hosts done; 120 succeeded')
    expect(text).toContain('50 hosts, succeeded')
    expect(text).toContain('Outputs read: 50 of 120 (a longer waitSeconds reads more).')
  })
})

test('outputs may be read for 10 s even where there was no wait', async () => {
  await sandbox.control.faults([
    { route: assetJobs, kind: 'delay', ms: 200, skip: 1, times: 1 },
    { route: assetJobs, kind: 'reply', body: listed(done(2)) },
  ])
  const clock = new Clock()
  const reply = (await follower(clock)).follow({ jobId: 1, waitSeconds: 0 })
  await vi.waitFor(async () => expect(await asked(sandbox.control)).toHaveLength(2))
  await clock.pass(9)
  expect((await reply).text).toContain('2 hosts, succeeded')
})

describe('cancellation', () => {
  const patient = new Clock()
  const held = {
    now: patient.now,
    after: patient.after,
    sleep: (_ms: number, signal: AbortSignal) =>
      new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  }

  test('wakes a sleeper, and nothing more is asked', async () => {
    await serve(sandbox.control, [waiting])
    const there = await openFollower(sandbox, held)
    open.push(there)
    const controller = new AbortController()
    const call = there.cancellable({ jobId: 1, waitSeconds: 600 }, controller.signal)
    await vi.waitFor(async () => expect(await asked(sandbox.control)).toHaveLength(1))
    controller.abort()
    await expect(call).rejects.toThrow(/abort/i)
    expect(await asked(sandbox.control)).toHaveLength(1)
    expect(patient.waiting).toBe(0)
  })

  test.each([
    ['the first look', 0],
    ['reading outputs', 1],
  ])('ends %s', async (_what, skip) => {
    await sandbox.control.faults([
      { route: assetJobs, kind: 'delay', ms: 60_000, skip },
      { route: assetJobs, kind: 'reply', body: listed(done(2)) },
    ])
    const controller = new AbortController()
    const call = (await follower()).cancellable({ jobId: 1, waitSeconds: 0 }, controller.signal)
    await vi.waitFor(async () => expect(await asked(sandbox.control)).toHaveLength(skip + 1))
    controller.abort()
    await expect(call).rejects.toThrow(/abort/i)
  })
})
