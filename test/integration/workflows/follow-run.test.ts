import { describe, expect, vi } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { FakeClock } from '../../support/workflows/fake-clock.ts'
import { doneHosts, openHost } from '../../support/workflows/follow-run-caller.ts'
import { type FollowRunServer, openFollowRunServer } from '../../support/workflows/follow-run-server.ts'
import { assetJobs, hostsReply, requestBodies, serveHosts } from '../../support/workflows/runs.ts'

// A run of the sandbox is followed to its end; and pending requests when the time is over, or the call is
// cancelled. The polling and the replies: test/unit/workflows.

const test = testOn({ jobs: 100 }).extend<{
  clock: FakeClock
  follower: FollowRunServer
}>({
  clock: async ({ sandbox }, use) =>
    use(
      new FakeClock(async (seconds) => {
        const init = { method: 'POST', body: JSON.stringify({ seconds }) }
        await fetch(`${sandbox.gatewayUrl}/_sandbox/advance`, init)
      }),
    ),
  follower: async ({ sandbox, clock }, use) => {
    const follower = await openFollowRunServer(sandbox, clock)
    await use(follower)
    await follower.close()
  },
})

/** This number of requests is pending, or answered. */
const requests = ({ control }: TestSandbox, count: number): Promise<void> =>
  vi.waitFor(async () => expect(await requestBodies(control)).toHaveLength(count), {
    timeout: 15_000,
    interval: 10,
  })

describe('a run of the sandbox', () => {
  test('from its start to its end', async ({ sandbox, follower }) => {
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
    const scripts = await sandbox.control.dump('scripts')
    const script = scripts.find((row) => row['status'] === 'APPROVED' && !row['hasParameters'])
    const assets = (await sandbox.control.dump('assets')).filter(
      ({ platform }) => platform === script?.['platform'],
    )
    const assetIds = assets.slice(0, 5).map(({ id }) => id)
    const answer = await post(
      `/sm/v1/scripts/${script?.['id']}/execute`,
      { assetIds: assetIds.join(',') },
      token,
    )
    const { correlationUuid } = JSON.parse(answer).body
    const args = { scriptId: script?.['id'], correlationUuid }
    expect((await follower.follow({ ...args, waitSeconds: 5 })).text).toContain('not seen yet')
    const { text } = await follower.follow({ ...args, waitSeconds: 600 })
    expect(text).toMatch(/^run \d+ finished: 5 hosts, 5 succeeded/)
    expect(follower.progress.at(-1)?.[1]).toBe(5)
    expect(follower.progress.some(([value]) => value > 0 && value < 5)).toBe(true)
    for (const { name } of assets.slice(0, 5)) expect(text).toContain(String(name))
  })
})

describe('while Qualys answers slowly', () => {
  test('progress notifications continue', async ({ sandbox, clock, follower }) => {
    await sandbox.control.faults([
      { route: assetJobs, kind: 'delay', ms: 20_000, skip: 1, times: 1 },
      { route: assetJobs, kind: 'reply', body: hostsReply([...doneHosts(1), openHost]) },
    ])
    const reply = follower.follow({ jobId: 1, waitSeconds: 40 })
    await requests(sandbox, 2)
    const before = follower.progress.length
    await clock.pass(10)
    expect(follower.progress.length).toBe(before + 2)
    await clock.pass(30)
    await reply
  })

  test('a poll under way ends with the wait, and what is known is reported', async ({
    sandbox,
    clock,
    follower,
  }) => {
    await sandbox.control.faults([
      { route: assetJobs, kind: 'delay', ms: 60_000, skip: 1, times: 1 },
      { route: assetJobs, kind: 'reply', body: hostsReply([...doneHosts(1), openHost]) },
    ])
    const reply = follower.follow({ jobId: 1, waitSeconds: 40 })
    await requests(sandbox, 2)
    await clock.pass(40)
    expect((await reply).text).toContain('run 1 so far: 1 of 2 hosts done')
  })

  test('reading outputs ends with the wait, and the reply says how far it got', async ({
    sandbox,
    clock,
    follower,
  }) => {
    const hosts = doneHosts(120)
    const page = (from: number, to: number): object => {
      const body = hostsReply(hosts) as { body: { list: unknown[] } }
      return { ...body, body: { totalCount: 120, list: body.body.list.slice(from, to) } }
    }
    await sandbox.control.faults([
      { route: assetJobs, kind: 'delay', ms: 60_000, skip: 2, times: 1 },
      { route: assetJobs, kind: 'reply', body: hostsReply(hosts), times: 1 },
      { route: assetJobs, kind: 'reply', body: page(0, 50), times: 1 },
      { route: assetJobs, kind: 'reply', body: page(50, 100) },
    ])
    const reply = follower.follow({ jobId: 1, waitSeconds: 0 })
    await requests(sandbox, 3)
    await clock.pass(10)
    const { text } = await reply
    expect(text.split('\n')[0]).toBe('run 1 so far: 120 of 120 hosts done; 120 succeeded')
    expect(text).toContain('50 hosts, succeeded')
    expect(text).toContain('Outputs read: 50 of 120 (a longer waitSeconds reads more).')
  })

  test('outputs may be read for 10 s even without a wait', async ({ sandbox, clock, follower }) => {
    await sandbox.control.faults([
      { route: assetJobs, kind: 'delay', ms: 200, skip: 1, times: 1 },
      { route: assetJobs, kind: 'reply', body: hostsReply(doneHosts(2)) },
    ])
    const reply = follower.follow({ jobId: 1, waitSeconds: 0 })
    await requests(sandbox, 2)
    await clock.pass(9)
    expect((await reply).text).toContain('2 hosts, succeeded')
  })
})

describe('cancellation', () => {
  const patient = new FakeClock()
  const held = {
    now: patient.now,
    after: patient.after,
    sleep: (_ms: number, signal: AbortSignal) =>
      new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  }

  test('wakes a pause, and no further request is sent', async ({ sandbox }) => {
    await serveHosts(sandbox.control, [openHost])
    const there = await openFollowRunServer(sandbox, held)
    const controller = new AbortController()
    const call = there.cancellable({ jobId: 1, waitSeconds: 600 }, controller.signal)
    await requests(sandbox, 1)
    controller.abort()
    await expect(call).rejects.toThrow(/abort/i)
    expect(await requestBodies(sandbox.control)).toHaveLength(1)
    expect(patient.waiting).toBe(0)
    await there.close()
  })

  test.for([
    ['the first look', 0],
    ['reading outputs', 1],
  ] as const)('ends %s', async ([_what, skip], { sandbox, follower }) => {
    await sandbox.control.faults([
      { route: assetJobs, kind: 'delay', ms: 60_000, skip },
      { route: assetJobs, kind: 'reply', body: hostsReply(doneHosts(2)) },
    ])
    const controller = new AbortController()
    const call = follower.cancellable({ jobId: 1, waitSeconds: 0 }, controller.signal)
    await requests(sandbox, skip + 1)
    controller.abort()
    await expect(call).rejects.toThrow(/abort/i)
  })
})
