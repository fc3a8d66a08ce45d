import { expect } from 'vitest'
import {
  emptyAnswerCases,
  expectDone,
  expectRefused,
  expectUnclearAfter,
  refusalCases,
  unclearCases,
} from '../../support/effects/car-sent-once.ts'
import { carEffects, everyPair, pickFault, pickOperations, test } from '../../support/effects/sent-once.ts'

// Effects of CAR under faults of their one request: one of each kind and method under each fault, the others under
// one fault of each sort. Each under each: test/nightly/effects.

const kinds = pickOperations(
  carEffects,
  'car_create_script',
  'car_update_script',
  'car_execute_script',
  'car_delete_schedule',
)
const others = carEffects.filter((operation) => !kinds.includes(operation))

test('there are more than ten others', () => expect(others.length).toBeGreaterThan(10))

test.for([
  ...everyPair(kinds, unclearCases),
  ...everyPair(others, pickFault(unclearCases, 'a reset instead of the answer')),
])(
  '%s, after %s: one request, and the outcome is unknown',
  async ([, , operation, fault], { callUnderFaults }) =>
    expectUnclearAfter(operation, await callUnderFaults(operation, fault.faults), fault),
)

test.for([...everyPair(kinds, refusalCases), ...everyPair(others, pickFault(refusalCases, '403'))])(
  '%s, after %s: one request, not repeated',
  async ([, , operation, fault], { callUnderFaults }) =>
    expectRefused(await callUnderFaults(operation, fault.faults), fault),
)

test.for([...everyPair(kinds, emptyAnswerCases), ...everyPair(others, pickFault(emptyAnswerCases, '204'))])(
  '%s, after %s: it is done',
  async ([, , operation, fault], { callUnderFaults }) =>
    expectDone(operation, await callUnderFaults(operation, fault.faults)),
)
