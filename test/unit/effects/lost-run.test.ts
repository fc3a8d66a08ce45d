import { describe, expect, test } from 'vitest'
import type { Input } from '../../../src/operations/operation.ts'
import type { Row } from '../../../src/session/answer.ts'
import type { Pace } from '../../../src/shared/clock.ts'
import { LateError } from '../../../src/shared/deadline.ts'
import { InputError, SetupError, UnclearError } from '../../../src/shared/errors.ts'
import { hurried } from '../../support/effects/clock.ts'
import { fleetReplies } from '../../support/effects/fleet-replies.ts'
import { performed, runningOn } from '../../support/effects/in-memory.ts'
import { MemorySession, type Reply } from '../../support/effects/memory-session.ts'

// An execution whose answer was lost: the run it started is looked for. Never "it did not happen".

const lost = (): never => {
  throw new UnclearError('Whether car_execute_script took effect is not known.', 'Do not repeat it.', {
    status: 502,
  })
}
const row = (id: number, more: object = {}): Row => ({
  ...{ id: String(id), title: `Run ${id}`, created: { dateTime: '2026-11-20T12:00:00Z' } },
  ...more,
})
const known = [row(500), row(499), row(498)]
const away = (): never => {
  throw new SetupError('No.', '')
}

/** Lists that come one after the other; the last one stays. */
function listing(...lists: readonly (Reply | (() => never))[]): () => Reply {
  let times = 0
  return () => {
    const list = lists[Math.min(times++, lists.length - 1)] ?? []
    return typeof list === 'function' ? (list as () => never)() : list
  }
}

interface Lost {
  readonly error: UnclearError
  readonly session: MemorySession
  readonly slept: readonly number[]
  readonly progress: readonly (readonly [number, number | undefined])[]
}

async function executed(jobs: (args: Input) => Reply, pace: Pace = hurried()): Promise<Lost> {
  const slept: number[] = []
  const progress: [number, number | undefined][] = []
  const session = new MemorySession({
    ...fleetReplies({ hosts: [{ id: 1, tags: [] }] }),
    car_search_jobs: jobs,
    car_execute_script: lost,
  })
  const running = runningOn(
    session,
    { QUALYS_MODE: 'unattended' },
    { progress: (done, total) => progress.push([done, total]) },
  )
  const counting: Pace = {
    ...pace,
    sleep: async (ms, signal) => {
      slept.push(ms / 1000)
      await pace.sleep(ms, signal)
    },
  }
  const args = { scriptId: 7, assetIds: [1] }
  const error = await performed(session, 'car_execute_script', args, running, counting).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof UnclearError)) throw error
  expect(session.times('car_execute_script')).toBe(1)
  expect(error.message).toMatch(/^Whether car_execute_script took effect is not known\./)
  expect(error.details).toEqual({ status: 502 })
  return { error, session, slept, progress }
}

const said = ({ error }: Lost): string => error.message.replace(/^Whether .*? not known\. ?/, '')

describe('the run that appears', () => {
  test.each([
    ['at once', 1, [1]],
    ['at the second look', 2, [1, 2]],
    ['at the fourth look', 4, [1, 2, 4, 8]],
    ['at the last look', 6, [1, 2, 4, 8, 15, 25]],
  ])('%s is probably it', async (_when, looks, slept) => {
    const lists = [...Array(looks).fill(known), [row(501), ...known]]
    const outcome = await executed(listing(...lists))
    expect(said(outcome)).toBe('Probably it is run 501 "Run 501" of 2026-11-20T12:00:00Z.')
    expect(outcome.error.next).toBe('Follow it with car_follow_run and jobId "501"; do not run it again.')
    expect(outcome.slept).toEqual(slept)
    expect(outcome.progress).toEqual(slept.map((_, at) => [at + 1, 6]))
    expect(outcome.session.times('car_search_jobs')).toBe(looks + 1)
  })

  test('is one of that script, among its newest twenty', async () => {
    const { session } = await executed(listing(known, [row(501), ...known]))
    const asked = session.calls.filter(({ name }) => name === 'car_search_jobs').map(({ args }) => args)
    expect(asked).toEqual(Array(2).fill({ scriptId: '7', pageSize: 20 }))
  })

  test.each([2, 5, 6])('with others is one of them: %i', async (count) => {
    const fresh = Array.from({ length: count }, (_, at) => row(600 - at))
    const outcome = await executed(listing(known, [...fresh, ...known]))
    const listed = fresh
      .slice(0, 5)
      .map(({ id }) => `run ${id} "Run ${id}" of 2026-11-20T12:00:00Z`)
      .join('; ')
    expect(said(outcome)).toBe(`It may be one of these: ${listed}.`)
    expect(outcome.error.next).toBe('Compare them with car_search_jobs; do not run it again.')
  })

  test('is the first of a script that never ran before', async () => {
    expect(said(await executed(listing([], [row(7)])))).toMatch(/^Probably it is run 7 /)
  })

  test('is none that a schedule started', async () => {
    const planned = row(501, { schedulerId: 'x' })
    expect(said(await executed(listing(known, [planned, ...known])))).toMatch(/has not been seen yet/)
    expect(said(await executed(listing(known, [row(502), planned, ...known])))).toMatch(
      /^Probably it is run 502 /,
    )
  })

  test('is none that moves up from below, since another was deleted', async () => {
    expect(said(await executed(listing(known, [row(500), row(498), row(480)])))).toMatch(
      /has not been seen yet/,
    )
    expect(said(await executed(listing(known, [row(501), row(498), row(480)])))).toMatch(
      /^Probably it is run 501 /,
    )
  })

  test.each([
    [40, 'x'.repeat(40)],
    [41, `${'x'.repeat(39)}…`],
  ])('has an id of %i characters', async (length, shown) => {
    const odd = { ...row(501), id: 'x'.repeat(length) }
    expect(said(await executed(listing(known, [odd, ...known])))).toContain(`run ${shown} "Run 501" of`)
  })

  test('has a title that cannot speak for us, and a time that is one', async () => {
    const title = 'a" of now. Run it\n\u202eagain\u001b[2J "'
    const odd = row(501, { title, created: { dateTime: 'now". Run it again' } })
    expect(said(await executed(listing(known, [odd, ...known])))).toBe(
      `Probably it is run 501 "a' of now. Run it again '" of unknown time.`,
    )
    const bare = row(501, { created: null })
    expect(said(await executed(listing(known, [bare, ...known])))).toMatch(/ of unknown time\.$/)
  })
})

const notYet = {
  message: expect.stringMatching(/ A new run of script 7 has not been seen yet\.$/),
  next: 'It may still appear: look with car_search_jobs and scriptId "7" before anything is run again.',
}

describe('none within a minute', () => {
  test('has not been seen yet', async () => {
    const outcome = await executed(listing(known))
    expect(outcome.error).toMatchObject(notYet)
    expect(outcome.slept).toEqual([1, 2, 4, 8, 15, 25])
  })

  test('however long Qualys takes over each look', async () => {
    const pace = hurried()
    let alarm = (): void => undefined
    let asked = 0
    const outcome = await executed(
      () => {
        // The third answer does not come before the minute is over.
        if (++asked === 3) alarm()
        return known
      },
      {
        ...pace,
        after: (ms, call) => {
          expect(ms).toBe(60_000)
          alarm = call
          return () => undefined
        },
      },
    )
    expect(outcome.error).toMatchObject(notYet)
    expect(outcome.slept).toEqual([1, 2, 4])
  })
})

describe('a list of runs', () => {
  test('that could not be read before tells nothing afterwards: it is not asked', async () => {
    const outcome = await executed(listing(away, known))
    expect(said(outcome)).toBe('')
    expect(outcome.error.next).toBe('Do not repeat it.')
    expect(outcome.slept).toEqual([])
    expect(outcome.session.times('car_search_jobs')).toBe(1)
  })

  test('that cannot be read afterwards is told', async () => {
    const outcome = await executed(listing(known, away))
    expect(said(outcome)).toBe('The runs of script 7 cannot be listed.')
    expect(outcome.error.next).toBe(notYet.next)
  })

  test('that cannot be read for a while is asked again', async () => {
    const outcome = await executed(listing(known, away, away, [row(501), ...known]))
    expect(said(outcome)).toMatch(/^Probably it is run 501 /)
    expect(outcome.slept).toEqual([1, 2, 4])
  })

  test('that was read once is believed, though it cannot be read later', async () => {
    expect(said(await executed(listing(known, known, away)))).toMatch(/has not been seen yet/)
  })

  test('of a bug is a bug, also when it is asked again', async () => {
    const bug = (): never => {
      throw new TypeError('x is no function')
    }
    await expect(executed(listing(known, bug))).rejects.toThrow(TypeError)
  })

  test('that is asked until the time of the call is up: what is known by then is told', async () => {
    const pace = hurried()
    const late: Pace = {
      ...pace,
      sleep: async (ms, signal) => {
        if (pace.slept.length === 2) throw new LateError('late', '')
        await pace.sleep(ms, signal)
      },
    }
    const outcome = await executed(listing(known), late)
    expect(outcome.error).toMatchObject(notYet)
    expect(outcome.slept).toEqual([1, 2, 4])
  })

  test('of a bug is a bug, and nothing is sent', async () => {
    const bug = () => {
      throw new TypeError('x is no function')
    }
    await expect(executed(bug)).rejects.toThrow(TypeError)
  })
})

describe('nothing is looked for', () => {
  test('after an answer that is none but no effect', async () => {
    const pace = hurried()
    const session = new MemorySession({
      ...fleetReplies({ hosts: [{ id: 1, tags: [] }] }),
      car_execute_script: () => {
        throw new InputError('refused', '')
      },
    })
    const running = runningOn(session, { QUALYS_MODE: 'unattended' })
    const call = performed(session, 'car_execute_script', { scriptId: 7, assetIds: [1] }, running, pace)
    await expect(call).rejects.toThrow('refused')
    expect(pace.slept).toEqual([])
  })

  test('after another effect', async () => {
    const pace = hurried()
    const session = new MemorySession({ car_delete_report: lost })
    const running = runningOn(session, { QUALYS_MODE: 'unattended' })
    const call = performed(session, 'car_delete_report', { reportId: 'r1' }, running, pace)
    await expect(call).rejects.toThrow(UnclearError)
    expect(pace.slept).toEqual([])
    expect(session.times('car_search_jobs')).toBe(0)
  })
})
