/** `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers may send (RFC 9110, 5.6.7). */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * By how many seconds this machine's clock is ahead of the one behind an answer; negative when it is behind. `date` is
 * the header of that name; undefined where it does not say.
 */
export function clockSkew(date: string | undefined, now: number): number | undefined {
  const text = date?.trim() ?? ''
  const told = httpDate.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(told) ? undefined : Math.round((now - told) / 1000)
}

/** Whole seconds, the time that an answer takes, and a retry before it make up this much. */
const unnoticedSeconds = 120

function length(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} days`
}

/** What an operator is told of a clock that is off; undefined for one that is right, or of which nothing is known. */
export function clockNote(skew: number | undefined): string | undefined {
  if (skew === undefined || Math.abs(skew) <= unnoticedSeconds) return undefined
  return `This machine's clock is ${length(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} Qualys': start times, due dates and the audit log go by it, logging in does not.`
}
