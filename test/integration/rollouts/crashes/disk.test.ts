import { describe, expect } from 'vitest'
import { type Disk, ownDisk } from '../../../../src/tools/plans/journal/disk.ts'
import { openPlanFiles } from '../../../../src/tools/plans/journal/plan-files.ts'
import { setJournals } from '../../../../src/tools/plans/journals.ts'
import { movePlans, newMemory } from '../../../../src/tools/plans/run/move-plans.ts'
import type { RolloutServer } from '../../../support/plans/rollout-server.ts'
import {
  goOn,
  linesIn,
  pass,
  plansIn,
  propose,
  rolloutOf,
  sentRuns,
  stateIn,
  test,
} from '../../../support/plans/rollout-test.ts'

// A disk that is full, or that nobody can write: nothing is sent, and the rollout goes on when there is room.

/** A disk that fails from some writing on: `writes` says how many more work. */
function failingDisk(code: string) {
  const room = { writes: Number.POSITIVE_INFINITY }
  const guarded =
    <Args extends readonly unknown[], Result>(work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      if (room.writes <= 0) throw Object.assign(new Error(code), { code })
      room.writes -= 1
      return work(...args)
    }
  const disk: Disk = {
    ...ownDisk,
    write: guarded(ownDisk.write),
    link: code === 'EROFS' ? guarded(ownDisk.link) : ownDisk.link,
    makeFolder: guarded(ownDisk.makeFolder),
  }
  return { disk, room }
}

function useDisk({ parts }: RolloutServer, folder: string, disk: Disk): void {
  setJournals(parts.options.safeguards, openPlanFiles(folder, { disk }))
}

const problemsOf = async ({ parts, now }: RolloutServer) =>
  (await movePlans(parts.options, newMemory(), new AbortController().signal, now)).problems

describe.each(['ENOSPC', 'EROFS'])('on a disk that fails with %s', (code) => {
  test('a rollout is refused in one sentence', async ({ sandbox, folder, hosts, server }) => {
    const { disk, room } = failingDisk(code)
    useDisk(server, folder, disk)
    room.writes = 0
    const reply = await server.call('car_plan_rollout', rolloutOf(hosts, 2, 3))
    expect(reply.isError).toBe(true)
    expect(reply.text).toMatch(code === 'ENOSPC' ? /disk is full/ : /read-only/)
    expect(plansIn(folder)).toEqual([])
    expect(await sentRuns(sandbox.control)).toEqual([])
  })

  test('a wave is not sent, and is sent once there is room', async ({ sandbox, folder, hosts, server }) => {
    const { disk, room } = failingDisk(code)
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    useDisk(server, folder, disk)
    room.writes = 0
    const [problem, ...others] = await problemsOf(server)
    expect(problem).toMatch(code === 'ENOSPC' ? /disk is full/ : /read-only/)
    expect(others).toEqual([])
    expect(linesIn(folder, id)).toHaveLength(2)
    expect(await sentRuns(sandbox.control)).toEqual([])
    room.writes = Number.POSITIVE_INFINITY
    await goOn(server, 3)
    expect(stateIn(folder, id).phase).toBe('done')
    expect(await sentRuns(sandbox.control)).toHaveLength(2)
  })

  // The lease, the intent, `sent`: each is written, and most are linked.
  test.for([1, 2, 3, 4, 5])(
    'that has room for %i more writings, each wave is sent once',
    async (writes, { sandbox, folder, hosts, server }) => {
      const { disk, room } = failingDisk(code)
      const id = await propose(server, rolloutOf(hosts, 2, 3))
      useDisk(server, folder, disk)
      room.writes = writes
      await server.move()
      expect((await sentRuns(sandbox.control)).length).toBeLessThanOrEqual(1)
      // Nothing can be sent again while nothing can be written.
      await server.move()
      expect((await sentRuns(sandbox.control)).length).toBeLessThanOrEqual(1)
      room.writes = Number.POSITIVE_INFINITY
      pass(4)
      await goOn(server, 4)
      expect(stateIn(folder, id).phase).toBe('done')
      expect((await sentRuns(sandbox.control)).map(({ assetIds }) => assetIds.length)).toEqual([2, 3])
    },
  )
})
