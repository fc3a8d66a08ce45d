/** `Sun, 06 Nov 1994 08:49:37 GMT`: the only form that servers may send (RFC 9110, 5.6.7). */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * Seconds by which this machine's clock is ahead of the server's; negative if it is behind. `date` is the
 * Date header; the result is undefined if it is missing or malformed.
 */
export function clockSkew(date: string | undefined, now: number): number | undefined {
  const text = date?.trim() ?? ''
  const serverTime = httpDate.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(serverTime) ? undefined : Math.round((now - serverTime) / 1000)
}

/**
 * Smaller differences are not reported: rounding to seconds, the time of the answer and a retry add up to
 * this.
 */
const toleranceSeconds = 120

function durationText(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} days`
}

/**
 * The note for an operator about a wrong clock; undefined if the clock is right or the difference is not
 * known.
 */
export function clockNote(skew: number | undefined): string | undefined {
  if (skew === undefined || Math.abs(skew) <= toleranceSeconds) return undefined
  return `This machine's clock is ${durationText(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} Qualys': start times, due dates and the audit log go by it, logging in does not.`
}
