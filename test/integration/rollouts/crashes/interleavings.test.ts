import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { movePlans, newMemory } from '../../../../src/tools/plans/run/move-plans.ts'
import { addressesOf, alteredPlatform } from '../../../support/effects/altered-platform.ts'
import { journalsIn, marksOf } from '../../../support/plans/crash-course.ts'
import { kindsIn, onceWritten, untilRuns } from '../../../support/plans/moments.ts'
import type { RolloutServer } from '../../../support/plans/rollout-server.ts'
import {
  goOn,
  linesIn,
  pass,
  propose,
  quickHosts,
  rolloutOf,
  sentRuns,
  stateIn,
  test,
} from '../../../support/plans/rollout-test.ts'

// What happens between the intent of a wave, its request and its answer.

const route = 'POST /sm/v1/scripts/{scriptId}/execute'

/** A program that can be told to end. */
function endingOf({ parts }: RolloutServer): () => void {
  const ending = new AbortController()
  Object.assign(parts.options.safeguards, { ending: ending.signal })
  return () => ending.abort()
}

describe('a program that is told to end', () => {
  test('while a request is on its way writes its answer', async ({ sandbox, folder, hosts, serve }) => {
    const { control } = sandbox
    const server = await serve()
    const end = endingOf(server)
    await control.faults([{ route, kind: 'slowHeaders', ms: 400, times: 1 }])
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    const moved = server.move()
    await untilRuns(control, 1)
    end()
    await moved
    expect(kindsIn(folder, id)).toEqual(['proposed', 'approved', 'intent', 'sent'])
    await goOn(await serve(), 3)
    expect(stateIn(folder, id).phase).toBe('done')
    expect(await sentRuns(control)).toHaveLength(2)
  })

  test('before the request lets another one send it', async ({ sandbox, folder, hosts, serve }) => {
    const server = await serve()
    const end = endingOf(server)
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    onceWritten(server, folder, 'intent', end)
    await server.move()
    expect(kindsIn(folder, id)).toEqual(['proposed', 'approved', 'intent', 'lapsed'])
    expect(await sentRuns(sandbox.control)).toEqual([])
    await goOn(await serve(), 3)
    expect(stateIn(folder, id).phase).toBe('done')
    expect(await sentRuns(sandbox.control)).toHaveLength(2)
  })
})

describe('a ticker that is closed', () => {
  const moverOf = ({ parts, now }: RolloutServer) => {
    const ended = new AbortController()
    return {
      close: () => ended.abort(),
      move: () => movePlans(parts.options, newMemory(), ended.signal, now),
    }
  }

  test('while a request is on its way writes its answer', async ({ sandbox, folder, hosts, server }) => {
    const { control } = sandbox
    const { move, close } = moverOf(server)
    await control.faults([{ route, kind: 'slowHeaders', ms: 400, times: 1 }])
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    const moved = move()
    await untilRuns(control, 1)
    close()
    await moved
    expect(kindsIn(folder, id)).toEqual(['proposed', 'approved', 'intent', 'sent'])
  })

  test('before the request sends nothing, and holds nothing', async ({ sandbox, folder, hosts, server }) => {
    const { move, close } = moverOf(server)
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    onceWritten(server, folder, 'intent', close)
    await move()
    expect(kindsIn(folder, id)).toEqual(['proposed', 'approved', 'intent', 'lapsed'])
    expect(await sentRuns(sandbox.control)).toEqual([])
  })
})

describe('between an intent and its request', () => {
  test('a runner that sleeps beyond its time sends nothing, and tries again', async ({
    sandbox,
    folder,
    hosts,
    server,
  }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    onceWritten(server, folder, 'intent', () => pass(10))
    await server.move()
    expect(kindsIn(folder, id)).toEqual(['proposed', 'approved', 'intent', 'lapsed'])
    expect(await sentRuns(sandbox.control)).toEqual([])
    await goOn(server, 3)
    expect(stateIn(folder, id).phase).toBe('done')
    expect(await sentRuns(sandbox.control)).toHaveLength(2)
  })

  test('a clock that jumps back and forth sends the wave once', async ({
    sandbox,
    folder,
    hosts,
    serve,
    server,
  }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    onceWritten(server, folder, 'intent', () => pass(-90))
    await server.move()
    const other = await serve()
    for (const minutes of [85, -85, 95, -3, 4]) {
      pass(minutes)
      await other.move()
      await server.move()
    }
    const { held, phase } = stateIn(folder, id)
    expect([phase, held?.reason]).not.toContain('unproved run')
    if (phase === 'held') await server.call('car_resume_rollout', { planId: id })
    await goOn(server, 4)
    expect(stateIn(folder, id).phase).toBe('done')
    expect((await sentRuns(sandbox.control)).map(({ assetIds }) => assetIds.length)).toEqual([2, 3])
  })

  test.for([
    ['hold', { kind: 'held', reason: 'person', why: 'Wait.' }, 'held'],
    ['stop', { kind: 'stopped', why: 'Enough.' }, 'stopped'],
  ] as const)('a %s sends nothing', async ([, event, phase], { sandbox, folder, hosts, server }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    onceWritten(server, folder, 'intent', () => {
      journalsIn(folder).append(id, linesIn(folder, id), event, 'Anna')
    })
    await server.move()
    await goOn(server, 3)
    expect(kindsIn(folder, id)).toEqual(['proposed', 'approved', 'intent', event.kind, 'lapsed'])
    expect(stateIn(folder, id)).toMatchObject({ phase, waves: [{ phase: 'waiting' }, { phase: 'waiting' }] })
    expect(await sentRuns(sandbox.control)).toEqual([])
  })

  test('a journal that is removed sends nothing', async ({ sandbox, folder, hosts, server }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    onceWritten(server, folder, 'intent', () => rmSync(join(folder, 'plans', id), { recursive: true }))
    await server.move()
    await goOn(server, 2)
    expect(await sentRuns(sandbox.control)).toEqual([])
  })

  test('a hold while the login is renewed sends nothing', async ({ sandbox, folder, hosts, serve }) => {
    let hold: (() => Promise<unknown>) | undefined
    const platform = await alteredPlatform(sandbox, {
      arrived: async (request) => {
        if (!request.includes('/execute')) return
        await hold?.()
        hold = undefined
      },
    })
    const server = await serve(addressesOf(platform))
    const other = await serve(addressesOf(platform))
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    hold = () => other.call('car_hold_rollout', { planId: id })
    await sandbox.control.faults([{ route, kind: 'expired', times: 1 }])
    await server.move()
    expect(kindsIn(folder, id)).toEqual(['proposed', 'approved', 'intent', 'held', 'lapsed'])
    expect(await sentRuns(sandbox.control)).toEqual([])
  })
})

describe('while an answer is awaited', () => {
  test('a hold of another process keeps the run, and the later waves wait', async ({
    sandbox,
    folder,
    hosts,
    serve,
    server,
  }) => {
    const { control } = sandbox
    const other = await serve()
    await control.faults([{ route, kind: 'slowHeaders', ms: 400, times: 1 }])
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    const moved = server.move()
    await untilRuns(control, 1)
    await other.call('car_hold_rollout', { planId: id })
    await moved
    await goOn(server, 3)
    expect([...new Set(kindsIn(folder, id))]).toEqual([
      'proposed',
      'approved',
      'intent',
      'held',
      'sent',
      'seen',
    ])
    expect(await sentRuns(control)).toHaveLength(1)
  })

  test('a late run, after a person said that there is none, holds the rollout', async ({
    sandbox,
    folder,
    hosts,
    serve,
    server,
  }) => {
    const { control } = sandbox
    await control.knobs({ ...quickHosts, resultHosts: 'none' })
    await control.faults([{ route, kind: 'slowHeaders', ms: 1_500, times: 1 }])
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    const moved = server.move()
    await untilRuns(control, 1)
    const other = await serve()
    pass(4)
    await other.move()
    expect(stateIn(folder, id).held?.reason).toBe('unproved run')
    await other.call('car_resume_rollout', { planId: id, notRun: true })
    await other.move()
    await moved
    const runs = await sentRuns(control)
    expect(runs).toHaveLength(2)
    const { held, waves } = stateIn(folder, id)
    expect(held?.why).toMatch(
      /^The request of wave 1 of 2 was answered late, with run .* Look in the Qualys UI/,
    )
    const [, mark] = marksOf(linesIn(folder, id), 0)
    expect(runs[1]?.description).toContain(mark)
    expect(waves[0]?.phase).toBe('sent')
  })

  test('a late refusal does not settle the intent of another process', async ({
    sandbox,
    folder,
    hosts,
    serve,
    server,
  }) => {
    const { control } = sandbox
    await control.faults([
      { route, kind: 'delay', ms: 1_500, times: 1 },
      { route, kind: 'status', status: 400, times: 1 },
      { route, kind: 'resetAfterBody', skip: 1, times: 1 },
    ])
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    await control.clearRequests()
    const moved = server.move()
    await vi.waitFor(() => expect(kindsIn(folder, id)).toContain('intent'), { timeout: 5_000, interval: 20 })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const other = await serve()
    pass(4)
    await other.move()
    await other.call('car_resume_rollout', { planId: id, notRun: true })
    await other.move()
    expect(await sentRuns(control)).toHaveLength(1)
    await moved
    expect(stateIn(folder, id).waves[0]?.phase).toBe('sending')
    pass(3)
    await goOn(other, 4)
    expect(stateIn(folder, id).phase).toBe('done')
    expect(await sentRuns(control)).toHaveLength(2)
  })
})
