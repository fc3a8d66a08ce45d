import { expect } from 'vitest'
import {
  expectDone,
  expectLost,
  expectRefused,
  lostBy,
  refusedBy,
  silentBy,
} from '../../support/effects/car-sent-once.ts'
import { carEffects, chosen, each, only, saqEffects, test } from '../../support/effects/sent-once.ts'

// Effects of CAR under everything that can happen to their one request: one of each kind and method under each fault, the
// others under one fault of each sort. Each under each: test/nightly/effects.

const kinds = chosen(
  carEffects,
  'car_create_script',
  'car_update_script',
  'car_execute_script',
  'car_delete_schedule',
)
const others = carEffects.filter((operation) => !kinds.includes(operation))

test('there is a call for each effect', ({ calls }) => {
  const missing = [...carEffects, ...saqEffects].filter(({ name }) => calls[name] === undefined)
  expect(missing.map(({ name }) => name)).toEqual([])
  expect(others.length).toBeGreaterThan(10)
})

test.for([...each(kinds, lostBy), ...each(others, only(lostBy, 'a reset instead of the answer'))])(
  '%s, after %s: one request, and nobody knows',
  async ([, , operation, fault], { meet }) =>
    expectLost(operation, await meet(operation, fault.faults), fault),
)

test.for([...each(kinds, refusedBy), ...each(others, only(refusedBy, '403'))])(
  '%s, after %s: one request, and not again',
  async ([, , operation, fault], { meet }) => expectRefused(await meet(operation, fault.faults), fault),
)

test.for([...each(kinds, silentBy), ...each(others, only(silentBy, '204'))])(
  '%s, after %s: it is done',
  async ([, , operation, fault], { meet }) => expectDone(operation, await meet(operation, fault.faults)),
)
