import {
  bareSuccess,
  expectNothingMadeUp,
  expectRefused,
  expectRefusedLogin,
  expectUnclearAfter,
  refusalCases,
  refusedLogins,
  unclearCases,
} from '../../../support/effects/saq/saq-sent-once.ts'
import { everyPair, pickFault, pickOperations, saqEffects, test } from '../../../support/effects/sent-once.ts'

// Effects of SAQ under faults of their one request: one of each kind under each fault, the others under one fault
// of each sort. Each under each: test/nightly/effects.

const kinds = pickOperations(saqEffects, 'saq_create_users', 'saq_update_user', 'saq_delete_user')
const others = saqEffects.filter((operation) => !kinds.includes(operation))

test.for([
  ...everyPair(kinds, unclearCases),
  ...everyPair(others, pickFault(unclearCases, 'a reset instead of the answer')),
])(
  '%s, after %s: one request, and the outcome is unknown',
  async ([, , operation, faults], { callUnderFaults }) =>
    expectUnclearAfter(operation, await callUnderFaults(operation, faults)),
)

test.for([
  ...everyPair(kinds, refusalCases),
  ...everyPair(others, pickFault(refusalCases, 'INVALID_REQUEST within 200')),
])('%s, after %s: one request, not repeated', async ([, , operation, fault], { callUnderFaults }) =>
  expectRefused(await callUnderFaults(operation, fault.faults), fault),
)

test.for(everyPair(pickOperations(saqEffects, 'saq_update_user', 'saq_launch_campaign'), refusedLogins))(
  '%s, after a refused login %s: one request, not repeated',
  async ([, , operation, faults], { callUnderFaults }) =>
    expectRefusedLogin(await callUnderFaults(operation, faults)),
)

test.for(everyPair(saqEffects, [['a bare success', bareSuccess]] as const))(
  '%s, after %s: the reply invents nothing',
  async ([, , operation, faults], { sandbox, callUnderFaults }) =>
    expectNothingMadeUp(await callUnderFaults(operation, faults), sandbox.control),
)
