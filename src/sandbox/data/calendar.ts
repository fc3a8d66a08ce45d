/** The time at which the seeded data ends. Seeded data does not depend on the real clock. */
export const anchor = Date.parse('2026-11-20T12:00:00Z')

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** `2022-05-11T06:42:13.692+00:00`, the form of enddate and createdAt. */
export function toOffsetIso(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '+00:00')
}
