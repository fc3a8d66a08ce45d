import { expect } from 'vitest'
import type { Operation } from '../../../../src/operations/operation.ts'
import type { Control } from '../../sandbox.ts'
import type { Faults } from '../car-faults.ts'
import { expectUnclear, type FaultedReply } from '../sent-once.ts'
import { refusalFaults, replying, unclearFaults, xml } from './saq-faults.ts'

// What is reported about an effect of SAQ under each fault.

export const unclearCases = Object.entries(unclearFaults)
export const refusalCases = Object.entries(refusalFaults)

export function expectUnclearAfter(operation: Operation, reply: FaultedReply): void {
  expectUnclear(operation, reply)
  expect(reply.error?.['next']).toMatch(/^Do not repeat it; look /)
}

/** Sent exactly once. */
export function expectRefused(
  { text, error, times }: FaultedReply,
  { kind, says }: (typeof refusalFaults)[string],
): void {
  expect(times, text).toBe(1)
  expect(error, text).toMatchObject({ kind })
  expect(text).toMatch(says)
  expect(text).not.toMatch(/not known|undefined|null|[<>]/)
}

/** Every refused password counts towards a lockout, so that the next call does not even try it. */
export const refusedLogins: readonly (readonly [name: string, faults: Faults])[] = [
  ['within 200', [{ kind: 'status', status: 401 }]],
  ['with 401', [{ kind: 'expired' }]],
]

export function expectRefusedLogin({ text, error, times }: FaultedReply): void {
  expect(times, text).toBe(1)
  expect(error, text).toMatchObject({ kind: 'setup' })
  expect(text).toMatch(/Ask the operator to check user name and password/)
}

/** A body of more than 64 MiB. */
export const longAnswer = replying(
  xml(`<responseCode>SUCCESS</responseCode><x>${'x'.repeat(65 * 1024 * 1024)}</x>`),
)

/** A success that does not report what was done. */
export const bareSuccess = replying(xml('<responseCode>SUCCESS</responseCode>'))

export async function expectNothingMadeUp(
  { text, error, times }: FaultedReply,
  { requests }: Control,
): Promise<void> {
  expect(times).toBe(1)
  if (error !== undefined) expect(error).toMatchObject({ kind: 'unclear' })
  // The id of a created object is unknown: no request and no sentence contains an invented one.
  const asked = (await requests()).map(({ path, body }) => `${path} ${body}`).join('\n')
  expect(`${text}\n${asked}`).not.toMatch(/undefined|\[object/)
}
