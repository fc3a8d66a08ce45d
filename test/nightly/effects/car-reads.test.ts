import { expect } from 'vitest'
import {
  falseState,
  notRead,
  readFailures,
  statesRead,
  stateTest as test,
} from '../../support/effects/car/state-test.ts'

// Each failure of the one read after each effect of CAR: the effect does not look failed.

test.for(
  statesRead.flatMap((state) =>
    readFailures.map(([what, fault]) => ({ tool: state.tool, what, state, fault })),
  ),
)('$tool, read with $what', async ({ state, fault }, { run }) => {
  const { reply, after } = await run(state, [{ route: state.read, ...fault }])
  expect(reply.isError, reply.text).toBe(false)
  expect(reply.text).toMatch(notRead)
  expect(reply.text).toMatch(/car_(?:search|list|get)_/)
  expect(reply.text).not.toMatch(falseState)
  expect(after.length).toBeLessThanOrEqual(2)
})
