import { type Fault, fits, refusesToken } from './fault-kinds.ts'

/** From one moment to another, in milliseconds. */
interface Span {
  readonly from: number
  readonly until: number
}

/** A call that ended with an error. */
export interface Failure extends Span {
  readonly tool: string
  readonly isEffect: boolean
  readonly kind: string
  readonly text: string
}

/**
 * How far back a failure is explained: a revoked token is refused when it is next sent, and another call sends it
 * within seconds.
 */
const lookBackMs = 10_000

const overlaps = (one: Span, other: Span): boolean => one.from <= other.until && one.until >= other.from

/** Whether a fault can affect a tool: each product has routes of its own. */
function canAffect({ route }: Fault, tool: string): boolean {
  if (tool.startsWith('saq_')) return route.includes(' /qps/')
  return tool === 'qualys_status' || route.includes(' /sm/')
}

/** The injected failures and their times; they decide whether an error is explained. */
export class FaultSchedule {
  readonly #active: { readonly from: number; until: number; readonly faults: readonly Fault[] }[] = []
  readonly #revocations: Span[] = []
  readonly #lifetimes: { readonly from: number; readonly seconds: number }[] = []

  /** From now on exactly these faults are on. */
  start(now: number, faults: readonly Fault[]): void {
    this.end(now)
    this.#active.push({ from: now, until: Number.POSITIVE_INFINITY, faults })
  }

  end(now: number): void {
    const last = this.#active.at(-1)
    if (last?.until === Number.POSITIVE_INFINITY) last.until = now
  }

  /** All tokens were revoked at some time between these two. */
  revoked(from: number, until: number): void {
    this.#revocations.push({ from, until })
  }

  /** Tokens that are issued from now on live for so long. */
  lifetime(now: number, seconds: number): void {
    this.#lifetimes.push({ from: now, seconds })
  }

  /**
   * Whether an active fault explains an error. Each kind of fault allows some kinds of errors. A refusal of the
   * token, "also a fresh one", takes two refusals: one of the old token, which may have been revoked some seconds
   * before, and one of the token fetched for this call.
   */
  explains(failure: Failure): boolean {
    const { tool, isEffect, kind, text } = failure
    const active = this.#active.filter((span) => overlaps(span, failure)).flatMap(({ faults }) => faults)
    if (active.some((fault) => canAffect(fault, tool) && fits(fault, isEffect).includes(kind))) return true
    return (
      kind === 'setup' &&
      text.includes('refuses the token, also a fresh one') &&
      this.#hasTwoRefusals(failure)
    )
  }

  #hasTwoRefusals({ from, until }: Failure): boolean {
    const faults = this.#active.flatMap((span) => span.faults.filter(refusesToken).map(() => span))
    const refusals = [...this.#revocations, ...faults]
    const since = (start: number): number =>
      refusals.filter((span) => overlaps(span, { from: start, until })).length
    return since(from) >= 1 && since(from - lookBackMs) >= 2
  }

  /** What was on around a failure, with times relative to the start of its call. */
  around({ from, until }: Failure): string {
    const shown = { from: from - lookBackMs, until }
    const at = (time: number): string =>
      time === Number.POSITIVE_INFINITY ? 'its end' : `${Math.round(time - from)} ms`
    const between = (span: Span): string => `from ${at(span.from)} to ${at(span.until)}`
    const faults = this.#active
      .filter((span) => span.faults.length > 0 && overlaps(span, shown))
      .map((span) => `${between(span)}: ${span.faults.map((fault) => JSON.stringify(fault)).join(', ')}`)
    const revocations = this.#revocations
      .filter((span) => overlaps(span, shown))
      .map((span) => `${between(span)}: tokens revoked`)
    const earlier = this.#lifetimes.filter((one) => one.from <= until)
    const lifetimes = earlier
      .filter(({ from }, index) => from >= shown.from || index === earlier.length - 1)
      .map(({ from, seconds }) => `since ${at(from)}: tokens live ${seconds} s`)
    return [`it took ${at(until)}`, ...faults, ...revocations, ...lifetimes].join('; ')
  }
}
