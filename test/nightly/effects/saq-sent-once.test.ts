import {
  bareSuccess,
  expectNothingMadeUp,
  expectRefused,
  expectRefusedLogin,
  expectUnclearAfter,
  longAnswer,
  refusalCases,
  refusedLogins,
  unclearCases,
} from '../../support/effects/saq/saq-sent-once.ts'
import { everyPair, saqEffects, test } from '../../support/effects/sent-once.ts'

// Every effect of SAQ under every fault of its one request.

test.for([
  ...everyPair(saqEffects, unclearCases),
  ...everyPair(saqEffects, [['an answer of more than 64 MiB', longAnswer]]),
])(
  '%s, after %s: one request, and the outcome is unknown',
  async ([, , operation, faults], { callUnderFaults }) =>
    expectUnclearAfter(operation, await callUnderFaults(operation, faults)),
)

test.for(everyPair(saqEffects, refusalCases))(
  '%s, after %s: one request, not repeated',
  async ([, , operation, fault], { callUnderFaults }) =>
    expectRefused(await callUnderFaults(operation, fault.faults), fault),
)

test.for(everyPair(saqEffects, refusedLogins))(
  '%s, after a refused login %s: one request, not repeated',
  async ([, , operation, faults], { callUnderFaults }) =>
    expectRefusedLogin(await callUnderFaults(operation, faults)),
)

test.for(everyPair(saqEffects, [['a bare success', bareSuccess]]))(
  '%s, after %s: the reply invents nothing',
  async ([, , operation, faults], { sandbox, callUnderFaults }) =>
    expectNothingMadeUp(await callUnderFaults(operation, faults), sandbox.control),
)
