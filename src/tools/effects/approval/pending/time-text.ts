/** A time as sentences name it, in UTC and to the second: `2026-11-29T20:05:00Z`. */
export const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
