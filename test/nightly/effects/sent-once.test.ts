import {
  emptyAnswerCases,
  expectDone,
  expectRefused,
  expectUnclearAfter,
  refusalCases,
  unclearCases,
} from '../../support/effects/car-sent-once.ts'
import { carEffects, everyPair, test } from '../../support/effects/sent-once.ts'

// Every effect of CAR under every fault of its one request.

test.for(everyPair(carEffects, unclearCases))(
  '%s, after %s: one request, and the outcome is unknown',
  async ([, , operation, fault], { callUnderFaults }) =>
    expectUnclearAfter(operation, await callUnderFaults(operation, fault.faults), fault),
)

test.for(everyPair(carEffects, refusalCases))(
  '%s, after %s: one request, not repeated',
  async ([, , operation, fault], { callUnderFaults }) =>
    expectRefused(await callUnderFaults(operation, fault.faults), fault),
)

test.for(everyPair(carEffects, emptyAnswerCases))(
  '%s, after %s: it is done',
  async ([, , operation, fault], { callUnderFaults }) =>
    expectDone(operation, await callUnderFaults(operation, fault.faults)),
)
