import { describe, expect } from 'vitest'
import { journalsIn } from '../../../support/plans/crash-course.ts'
import {
  goOn,
  pass,
  plansIn,
  propose,
  rolloutOf,
  sentRuns,
  stateIn,
  test,
} from '../../../support/plans/rollout-test.ts'

// Several runners on one state folder.

describe('two runners', () => {
  test('over 20 rollouts send each wave once', async ({ sandbox, folder, hosts, serve }) => {
    await sandbox.control.knobs({ executionsPerDay: 100_000 })
    const [one, other] = [await serve(), await serve()]
    const count = 20
    for (let index = 0; index < count; index++) await propose(one, rolloutOf(hosts.slice(index * 2), 1, 1))
    for (let minute = 0; minute < 12; minute++) {
      await Promise.all([one.move(), other.move()])
      pass(1)
      if (plansIn(folder).every((id) => stateIn(folder, id).phase === 'done')) break
    }
    const plans = plansIn(folder).map((id) => stateIn(folder, id))
    expect(plans.map(({ phase }) => phase)).toEqual(plans.map(() => 'done'))
    const sent = (await sentRuns(sandbox.control)).map(({ description }) => description.slice(0, 30)).sort()
    expect(sent).toHaveLength(count * 2)
    expect(new Set(sent).size).toBe(count * 2)
    // Both worked.
    const runners = plans.flatMap(({ waves }) => waves.map(({ intent }) => intent?.runner))
    expect(new Set(runners).size).toBe(2)
  })
})

describe('a lease', () => {
  test('of a runner that died keeps the next one off for less than a minute', async ({
    sandbox,
    folder,
    hosts,
    serve,
  }) => {
    const first = await serve()
    const id = await propose(first, rolloutOf(hosts, 2, 3))
    // As a process that is killed in the middle of a step: nobody gives it back.
    expect(journalsIn(folder).lease(id, first.parts.options.safeguards.server, 45_000)).toBeDefined()
    const next = await serve()
    await next.move()
    expect(await sentRuns(sandbox.control)).toEqual([])
    pass(0.7)
    await next.move()
    expect(await sentRuns(sandbox.control)).toEqual([])
    pass(0.29)
    await next.move()
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
    await goOn(next, 3)
    expect(stateIn(folder, id).phase).toBe('done')
  })

  test('is given back after each look', async ({ folder, hosts, serve }) => {
    const [one, other] = [await serve(), await serve()]
    const id = await propose(one, rolloutOf(hosts, 2, 3))
    await one.move()
    pass(1)
    await one.move()
    pass(1)
    await other.move()
    expect(stateIn(folder, id).waves.map(({ intent }) => intent?.runner)).toEqual([
      one.parts.options.safeguards.server,
      other.parts.options.safeguards.server,
    ])
  })
})
