import { expect } from 'vitest'
import type { Operation } from '../../../src/operations/operation.ts'
import { emptyAnswerFaults, refusalFaults, unclearFaults } from './car-faults.ts'
import { expectUnclear, type FaultedReply } from './sent-once.ts'

// What is reported about an effect of CAR under each fault.

export const unclearCases = unclearFaults.map((fault) => [fault.name, fault] as const)
export const refusalCases = refusalFaults.map((fault) => [fault.name, fault] as const)
export const emptyAnswerCases = emptyAnswerFaults.map((fault) => [fault.name, fault] as const)

export const expectUnclearAfter = (
  operation: Operation,
  reply: FaultedReply,
  { status }: (typeof unclearFaults)[number],
): void => expectUnclear(operation, reply, status)

/** Sent exactly once. */
export function expectRefused(
  { text, error, times }: FaultedReply,
  { kind, seconds }: (typeof refusalFaults)[number],
): void {
  expect(times, text).toBe(1)
  expect(error, text).toMatchObject({ kind })
  expect(text).not.toContain('not known')
  if (kind === 'busy') expect(text).toMatch(/limits the calls.*Call again in/)
  if (seconds === undefined) return
  expect(error).toMatchObject({ retryAfterSeconds: seconds })
  expect(text).toContain(`Call again in ${seconds} s.`)
}

/** Sent once and done: the status alone means success. */
export function expectDone({ name }: Operation, { text, error, times }: FaultedReply): void {
  expect(times, text).toBe(1)
  expect(text).not.toMatch(/undefined|null|\[object/)
  // What is read back of a schedule may differ from what was sent (schedules.test.ts).
  if (error && /_(create|update)_schedule$/.test(name)) expect(error).toMatchObject({ kind: 'unclear' })
  else expect(error, text).toBeUndefined()
  // Without its correlationUuid, a run cannot be followed.
  if (name === 'car_execute_script') expect(text).toMatch(/^Find its run with car_search_jobs/m)
}
