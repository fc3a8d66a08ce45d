import {
  bareSuccess,
  expectLost,
  expectNothingMadeUp,
  expectRefused,
  expectRefusedLogin,
  longAnswer,
  lostBy,
  refusedBy,
  refusedLogins,
} from '../../support/effects/saq-sent-once.ts'
import { each, saqEffects, test } from '../../support/effects/sent-once.ts'

// Every effect of SAQ under everything that can happen to its one request.

test.for([...each(saqEffects, lostBy), ...each(saqEffects, [['an answer of more than 16 MiB', longAnswer]])])(
  '%s, after %s: one request, and nobody knows',
  async ([, , operation, faults], { meet }) => expectLost(operation, await meet(operation, faults)),
)

test.for(each(saqEffects, refusedBy))(
  '%s, after %s: one request, and not again',
  async ([, , operation, fault], { meet }) => expectRefused(await meet(operation, fault.faults), fault),
)

test.for(each(saqEffects, refusedLogins))(
  '%s, after a refused login %s: one request, and not again',
  async ([, , operation, faults], { meet }) => expectRefusedLogin(await meet(operation, faults)),
)

test.for(each(saqEffects, [['a bare success', bareSuccess]]))(
  '%s, after %s: it says so without making things up',
  async ([, , operation, faults], { sandbox, meet }) =>
    expectNothingMadeUp(await meet(operation, faults), sandbox.control),
)
