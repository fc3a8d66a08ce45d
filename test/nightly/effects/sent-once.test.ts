import {
  expectDone,
  expectLost,
  expectRefused,
  lostBy,
  refusedBy,
  silentBy,
} from '../../support/effects/car-sent-once.ts'
import { carEffects, each, test } from '../../support/effects/sent-once.ts'

// Every effect of CAR under everything that can happen to its one request.

test.for(each(carEffects, lostBy))(
  '%s, after %s: one request, and nobody knows',
  async ([, , operation, fault], { meet }) =>
    expectLost(operation, await meet(operation, fault.faults), fault),
)

test.for(each(carEffects, refusedBy))(
  '%s, after %s: one request, and not again',
  async ([, , operation, fault], { meet }) => expectRefused(await meet(operation, fault.faults), fault),
)

test.for(each(carEffects, silentBy))('%s, after %s: it is done', async ([, , operation, fault], { meet }) =>
  expectDone(operation, await meet(operation, fault.faults)),
)
