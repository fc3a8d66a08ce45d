import { expect } from 'vitest'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Control } from '../sandbox.ts'
import type { Faults } from './car-faults.ts'
import { lost, refused, replying, xml } from './saq-faults.ts'
import { expectUnclear, type Met } from './sent-once.ts'

// What is said of an effect of SAQ under each fault.

export const lostBy = Object.entries(lost)
export const refusedBy = Object.entries(refused)

export function expectLost(operation: Operation, met: Met): void {
  expectUnclear(operation, met)
  expect(met.error?.['next']).toMatch(/^Do not repeat it; look /)
}

/** One request, and not again. */
export function expectRefused({ text, error, times }: Met, { kind, says }: (typeof refused)[string]): void {
  expect(times, text).toBe(1)
  expect(error, text).toMatchObject({ kind })
  expect(text).toMatch(says)
  expect(text).not.toMatch(/not known|undefined|null|[<>]/)
}

/** Every refused password counts towards a lock, so that it is not even tried again by the next call. */
export const refusedLogins: readonly (readonly [name: string, faults: Faults])[] = [
  ['within 200', [{ kind: 'status', status: 401 }]],
  ['with 401', [{ kind: 'expired' }]],
]

export function expectRefusedLogin({ text, error, times }: Met): void {
  expect(times, text).toBe(1)
  expect(error, text).toMatchObject({ kind: 'setup' })
  expect(text).toMatch(/Ask the operator to check user name and password/)
}

/** More than 16 MiB. */
export const longAnswer = replying(
  xml(`<responseCode>SUCCESS</responseCode><x>${'x'.repeat(17 * 1024 * 1024)}</x>`),
)

/** A success that says nothing of what was done. */
export const bareSuccess = replying(xml('<responseCode>SUCCESS</responseCode>'))

export async function expectNothingMadeUp({ text, error, times }: Met, { requests }: Control): Promise<void> {
  expect(times).toBe(1)
  if (error !== undefined) expect(error).toMatchObject({ kind: 'unclear' })
  // The id of what was created is not known: no request and no sentence holds a made-up one.
  const asked = (await requests()).map(({ path, body }) => `${path} ${body}`).join('\n')
  expect(`${text}\n${asked}`).not.toMatch(/undefined|\[object/)
}
