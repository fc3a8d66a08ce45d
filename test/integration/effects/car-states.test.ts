import { describe, expect, vi } from 'vitest'
import { carStates } from '../../support/effects/car/car-states.ts'
import {
  argumentsOf,
  falseState,
  notRead,
  readFailures,
  statesRead,
  stateTest as test,
} from '../../support/effects/car/state-test.ts'
import { effectNamed } from '../../support/effects/in-memory.ts'
import { carEffects } from '../../support/effects/sent-once.ts'
import { requestOf } from '../../support/effects/unattended.ts'
import { holdTimers, waitOptions } from '../../support/waiting/fake-time.ts'

// After an effect the reply says the new state, with one read at most. A read that fails, or shows something else, never
// makes the effect look failed. (Each failure after each effect: test/nightly/effects/car-reads.test.ts.)

test('every effect of CAR that tells its state is in the table', () => {
  const telling = carEffects.filter(({ change }) => change?.newState !== undefined)
  expect(carStates.map(({ tool }) => tool).sort()).toEqual(telling.map(({ name }) => name).sort())
})

test.for(carStates)(
  '$tool says the state in both forms, with one read at most',
  async (state, { run, sandbox }) => {
    const { reply, line, after } = await run(state)
    expect(reply.isError, reply.text).toBe(false)
    expect(line).toMatch(state.said)
    expect(reply.structured.summary).toBe(line)
    const now = Object.entries(state.fields).map(([name, value]) => [`now.${name}`, value])
    expect(now).not.toHaveLength(0)
    expect(reply.structured.rows).toEqual([expect.objectContaining(Object.fromEntries(now))])
    const request = requestOf(effectNamed(state.tool), await argumentsOf(state.tool, sandbox.control))
    expect(after).toEqual([request, ...(state.read === undefined ? [] : [state.read])])
  },
)

describe('a read', () => {
  const some = statesRead.map((state, at) => {
    const [what, fault] = readFailures[at % readFailures.length] ?? []
    return { state, tool: state.tool, what, fault }
  })
  test.for(some)(
    'that fails with $what does not make $tool look failed',
    async ({ state, fault }, { run }) => {
      const { reply, after } = await run(state, [{ route: state.read, ...fault }])
      expect(reply.isError, reply.text).toBe(false)
      expect(reply.text).toMatch(notRead)
      expect(reply.text).toMatch(/car_(?:search|list|get)_/)
      expect(reply.text).not.toMatch(falseState)
      expect(after.length).toBeLessThanOrEqual(2)
    },
  )

  test.for(statesRead)('of an empty list after $tool is told as it is', async (state, { run }) => {
    const body =
      state.read === 'GET /sm/v1/reports'
        ? { list: [], totalCount: 0 }
        : { body: { totalCount: 0, list: [] } }
    const { reply, line } = await run(state, [{ route: state.read, kind: 'reply', body }])
    expect(reply.isError, reply.text).toBe(false)
    expect(line).toMatch(state.empty ?? state.said)
  })

  // One stands for all: the time is that of one place in the code, and it passes here.
  test.for(statesRead.slice(0, 1))(
    'that takes too long after $tool ends after ten seconds',
    async (state, { start }) => {
      const time = holdTimers(10_000)
      const { called, requested } = await start(state, [{ route: state.read, kind: 'delay', ms: 3_600_000 }])
      await vi.waitFor(async () => expect(await requested()).toContain(state.read), waitOptions)
      time.fire()
      const { reply } = await called
      expect(reply.isError, reply.text).toBe(false)
      expect(reply.text).toContain('could not be read in time')
    },
  )
})

test.for(
  statesRead.flatMap((state) =>
    (state.differing ?? []).map(([what, body, said]) => ({ tool: state.tool, what, state, body, said })),
  ),
)('after $tool a list that shows $what', async ({ state, body, said }, { run }) => {
  const { reply, line } = await run(state, [{ route: state.read, kind: 'reply', body }])
  expect(reply.isError, reply.text).toBe(false)
  expect(line).toMatch(said)
})
