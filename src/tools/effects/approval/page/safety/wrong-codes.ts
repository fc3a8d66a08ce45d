/** How long the answer to a wrong code takes. */
const delayMs = 1_000
/** How many are answered at a time. */
const atOnce = 32
/** The longest wait for a turn: who waits longer has gone. */
const longestMs = 30_000

interface DelayOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly wait: (ms: number) => Promise<unknown>
}

/**
 * Slows the answers to wrong codes, and never locks anybody out: any web site could use that up. At most 32 codes a
 * second can be tried, of more than 10^11.
 */
export function wrongCodes({ now, wait }: DelayOptions): () => Promise<void> {
  /** When the answers that are given just now end. */
  const ends: number[] = []
  return async () => {
    const time = now()
    while (ends.length > 0 && (ends[0] ?? 0) <= time) ends.shift()
    const turn = ends.length < atOnce ? time : (ends[ends.length - atOnce] ?? time)
    const end = Math.min(turn + delayMs, time + longestMs)
    ends.push(end)
    await wait(end - time)
  }
}
