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
import { chosen, each, only, saqEffects, test } from '../../support/effects/sent-once.ts'

// Effects of SAQ under everything that can happen to their one request: one of each kind under each fault, the others
// under one fault of each sort. Each under each: test/nightly/effects.

const kinds = chosen(saqEffects, 'saq_create_users', 'saq_update_user', 'saq_delete_user')
const others = saqEffects.filter((operation) => !kinds.includes(operation))

test.for([...each(kinds, lostBy), ...each(others, only(lostBy, 'a reset instead of the answer'))])(
  '%s, after %s: one request, and nobody knows',
  async ([, , operation, faults], { meet }) => expectLost(operation, await meet(operation, faults)),
)

test.for([...each(kinds, refusedBy), ...each(others, only(refusedBy, 'INVALID_REQUEST within 200'))])(
  '%s, after %s: one request, and not again',
  async ([, , operation, fault], { meet }) => expectRefused(await meet(operation, fault.faults), fault),
)

test.for(each(chosen(saqEffects, 'saq_update_user', 'saq_launch_campaign'), refusedLogins))(
  '%s, after a refused login %s: one request, and not again',
  async ([, , operation, faults], { meet }) => expectRefusedLogin(await meet(operation, faults)),
)

test.for(each(kinds.slice(0, 1), [['an answer of more than 16 MiB', longAnswer]] as const))(
  '%s, after %s: one request, and nobody knows',
  async ([, , operation, faults], { meet }) => expectLost(operation, await meet(operation, faults)),
)

test.for(each(saqEffects, [['a bare success', bareSuccess]] as const))(
  '%s, after %s: it says so without making things up',
  async ([, , operation, faults], { sandbox, meet }) =>
    expectNothingMadeUp(await meet(operation, faults), sandbox.control),
)
