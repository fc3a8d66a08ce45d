import { expect } from 'vitest'
import type { Operation } from '../../../src/operations/operation.ts'
import { lost, refused, silent } from './car-faults.ts'
import { expectUnclear, type Met } from './sent-once.ts'

// What is said of an effect of CAR under each fault.

export const lostBy = lost.map((fault) => [fault.name, fault] as const)
export const refusedBy = refused.map((fault) => [fault.name, fault] as const)
export const silentBy = silent.map((fault) => [fault.name, fault] as const)

export const expectLost = (operation: Operation, met: Met, { status }: (typeof lost)[number]): void =>
  expectUnclear(operation, met, status)

/** One request, and not again. */
export function expectRefused(
  { text, error, times }: Met,
  { kind, seconds }: (typeof refused)[number],
): void {
  expect(times, text).toBe(1)
  expect(error, text).toMatchObject({ kind })
  expect(text).not.toContain('not known')
  if (kind === 'busy') expect(text).toMatch(/limits the calls.*Call again in/)
  if (seconds === undefined) return
  expect(error).toMatchObject({ retryAfterSeconds: seconds })
  expect(text).toContain(`Call again in ${seconds} s.`)
}

/** One request, and it is done: a status is all it takes. */
export function expectDone({ name }: Operation, { text, error, times }: Met): void {
  expect(times, text).toBe(1)
  expect(text).not.toMatch(/undefined|null|\[object/)
  // What cannot be read back of a schedule is another matter (schedules.test.ts).
  if (/_(create|update)_schedule$/.test(name)) expect(error).toMatchObject({ kind: 'unclear' })
  else expect(error, text).toBeUndefined()
  // Without its correlationUuid nobody can follow a run.
  if (name === 'car_execute_script') expect(text).toMatch(/^Find its run with car_search_jobs/m)
}
