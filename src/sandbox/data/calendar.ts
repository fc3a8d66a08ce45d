import { firstManager, personOf, secondManager } from './accounts.ts'

/** The time at which the seeded data ends. Seeded data does not depend on the real clock. */
export const anchor = Date.parse('2026-11-20T12:00:00Z')

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** The authors of scripts and schedules. The first two can log in. */
export const people = [
  personOf(firstManager),
  personOf(secondManager),
  { id: '9e1f04b8-6a9d-4f7e-9a2c-d5b8c6a1e733', name: 'Jürgen Weiß' },
  { id: '27ac5b10-7f43-4e0b-8d8e-3b9a1c5d2f44', name: 'Amina O’Brien' },
] as const

/** `2022-05-11T06:42:13.692+00:00`, the form of enddate and createdAt. */
export function withOffset(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '+00:00')
}
