/** The moment the seeded data ends at; nothing seeded looks at the clock. */
export const anchor = Date.parse('2026-11-20T12:00:00Z')

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** Who wrote scripts and set up schedules. The first one is the account that the sandbox hands out. */
export const people = [
  { id: 'f0bb1f6a-2f0e-4a5e-8a63-0c7f2f1d9b11', name: 'sandbox_ab1' },
  { id: '5d3c9a70-93b4-4f0a-b1f7-7c1a0be35c22', name: 'sandbox_cd2' },
  { id: '9e1f04b8-6a9d-4f7e-9a2c-d5b8c6a1e733', name: 'Jürgen Weiß' },
  { id: '27ac5b10-7f43-4e0b-8d8e-3b9a1c5d2f44', name: 'Amina O’Brien' },
] as const

/** `2022-05-11T06:42:13.692+00:00`, as enddate and createdAt are written. */
export function withOffset(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '+00:00')
}
