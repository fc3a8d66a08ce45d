import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/settings.ts'
import { ByHand, eras } from '../../support/consent/by-hand.ts'
import { hurried, linesOf, temporary, timesSeen, unattendedParts } from '../../support/effects/bench.ts'
import { type Ground, groundOf } from '../../support/effects/calls.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'

// A client that takes its call back: what had not been sent stays so, what had been is not known.

const route = 'POST /sm/v1/scripts/{scriptId}/execute'
const effect = 'POST /sm/v1/scripts/19218/execute'
const listing = 'POST /sm/v2/jobs/search'
const looking = 'POST /sm/v1/assets/search'
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let ground: Ground
let folder: ReturnType<typeof temporary>
const open: { close: () => Promise<void> }[] = []
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200, assets: 60 })
  ground = await groundOf(sandbox.control)
})
beforeEach(async () => {
  folder = temporary()
  await sandbox.control.reset()
})
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
  folder.remove()
})
afterAll(() => sandbox.close())

describe.each(eras)('%s era', (era) => {
  async function serve(extra: Environment = {}) {
    const auditFile = join(folder.path, 'audit.jsonl')
    const pace = hurried()
    const settings = { QUALYS_AUDIT_FILE: auditFile, QUALYS_MAX_WAIT_SECONDS: '0', ...extra }
    const environment = environmentFor(sandbox, settings)
    const { options, log, close } = unattendedParts(environment, folder.path, pace)
    const client = await ByHand.open(options, era)
    open.push({ close }, client)
    const arguments_ = { scriptId: '19218', assetIds: ground.hosts.slice(0, 1) }
    const call = client.call('car_execute_script', arguments_)
    // Both eras open with one request, so that the call is the second.
    const cancel = () => client.say({ method: 'notifications/cancelled', params: { requestId: 2 } })
    return {
      client,
      call,
      cancel,
      log,
      pace,
      events: () => linesOf(auditFile).map(({ event, facts }) => [event, facts]),
    }
  }
  const seen = (request: string, times = 1) =>
    expect.poll(() => timesSeen(sandbox.control, request), { interval: 2, timeout: 30_000 }).toBe(times)
  /** The sandbox has answered all of them, to whoever still listens. */
  const answered = (request: string) =>
    expect
      .poll(
        async () =>
          (await sandbox.control.requests())
            .filter(({ method, path }) => `${method} ${path}` === request)
            .map(({ status }) => status),
        { interval: 5, timeout: 30_000 },
      )
      .not.toContain(0)
  const started = async () => (await sandbox.control.truth('executions')).length

  test('in flight: one request, and the log says that nobody knows', async () => {
    await sandbox.control.faults([{ route, kind: 'delay', ms: 200 }])
    const before = await started()
    const { client, cancel, log, pace, events } = await serve()
    await seen(effect)
    await cancel()
    await expect
      .poll(() => events().at(-1), { interval: 2, timeout: 30_000 })
      .toEqual(['answered', expect.objectContaining({ outcome: 'unclear', why: 'cancelled' })])
    expect(events().map(([event]) => event)).toEqual(['asked', 'approved', 'sent', 'answered'])
    // It took effect all the same: nobody could have said "it did not happen".
    await expect.poll(started, { interval: 5, timeout: 30_000 }).toBe(before + 1)
    expect((await client.request('tools/list', {})).isError).toBe(false)
    expect(await timesSeen(sandbox.control, effect)).toBe(1)
    expect(pace.slept).toEqual([])
    expect(log.filter((line) => !/^{"level":"(debug|info)"/.test(line))).toEqual([])
  })

  test('before it is sent: no request, and no line that says so', async () => {
    await sandbox.control.faults([{ route: listing, kind: 'delay', ms: 200 }])
    const { client, cancel, events } = await serve()
    await seen(listing)
    await cancel()
    await answered(listing)
    expect((await client.call('car_list_script_types', {})).isError).toBe(false)
    expect(await timesSeen(sandbox.control, effect)).toBe(0)
    expect(events().map(([event]) => event)).toEqual(['asked', 'approved', 'answered'])
    expect(events().at(-1)?.[1]).toMatchObject({ outcome: 'not sent', why: 'cancelled' })
  })

  test('while it is looked up: asked, and nothing more', async () => {
    await sandbox.control.faults([{ route: looking, kind: 'delay', ms: 200 }])
    const { client, cancel, events } = await serve()
    await seen(looking)
    await cancel()
    await answered(looking)
    expect((await client.call('car_list_script_types', {})).isError).toBe(false)
    expect(await timesSeen(sandbox.control, effect)).toBe(0)
    expect(events()).toMatchObject([
      ['asked', { tool: 'car_execute_script' }],
      ['refused', { kind: 'cancelled' }],
    ])
  })

  test('while it waits for its turn: not sent, and not said to be', async () => {
    const types = 'GET /sm/v1/script-types'
    await sandbox.control.faults([
      { route: listing, kind: 'delay', ms: 200 },
      { route: types, kind: 'delay', ms: 200 },
    ])
    const { client, cancel, events } = await serve({ QUALYS_CONCURRENCY: '1' })
    await seen(listing)
    // Its turn comes before that of the effect, which has no place in the line yet.
    const read = client.call('car_list_script_types', {})
    await seen(types)
    await client.request('tools/list', {})
    await cancel()
    expect((await read).isError).toBe(false)
    expect((await client.call('car_list_script_types', {})).isError).toBe(false)
    expect(await timesSeen(sandbox.control, effect)).toBe(0)
    expect(events()).toMatchObject([
      ['asked', {}],
      ['approved', {}],
      ['answered', { outcome: 'not sent', why: 'cancelled' }],
    ])
  })

  test('while a lost run is looked for: nothing more is asked', async () => {
    await sandbox.control.faults([
      { route, kind: 'reset' },
      { route: listing, kind: 'delay', ms: 200, skip: 1 },
    ])
    const { client, cancel, pace, events } = await serve()
    await seen(listing, 2)
    await cancel()
    await answered(listing)
    expect((await client.call('car_list_script_types', {})).isError).toBe(false)
    expect(await timesSeen(sandbox.control, listing)).toBe(2)
    expect(await timesSeen(sandbox.control, effect)).toBe(1)
    expect(pace.slept).toEqual([1_000])
    expect(events().at(-1)).toEqual(['answered', expect.objectContaining({ outcome: 'unclear' })])
  })
})
