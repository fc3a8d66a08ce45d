import type { Draw } from '../fuzz/draw.ts'

// What goes wrong while calls are made, and what a call may then answer instead of the truth.

type Details = Readonly<Record<string, unknown>>

interface Trouble {
  readonly details?: (draw: Draw) => Details
  /** Kinds of errors that fit; none where a call has to come through. Of an effect, `unclear` fits with any. */
  readonly fits: readonly string[]
  /** Struck once: more of it in a row would rightly be taken for what it says. */
  readonly once?: true
  /** Only these routes: a refused password is not tried again for a while, whatever comes then. */
  readonly only?: RegExp
}

const broken = ['vendor', 'busy'] as const
const unreadable = ['vendor', 'busy', 'drift', 'setup'] as const

/** Faults of the sandbox under which its rows stay what they are. */
const troubles: Readonly<Record<string, Trouble>> = {
  delay: { details: (draw) => ({ ms: 20 + draw.below(400) }), fits: [] },
  slowHeaders: { details: (draw) => ({ ms: 20 + draw.below(400) }), fits: [] },
  drip: { details: (draw) => ({ ms: 1 + draw.below(8) }), fits: [] },
  gzip: { fits: [] },
  brotli: { fits: [] },
  byteOrderMark: { fits: [] },
  extraFields: { fits: [] },
  // A token that was just revoked as well has been refused twice.
  expired: { fits: ['setup'], once: true, only: /\/sm\// },
  unauthenticated: { fits: ['setup'], once: true, only: /\/sm\// },
  reset: { fits: broken },
  resetAfterBody: { fits: broken },
  truncate: { fits: broken },
  stall: { fits: broken, once: true },
  notHttp: { fits: unreadable },
  badJson: { fits: unreadable },
  html: { details: (draw) => ({ status: draw.of([200, 403, 502]) }), fits: unreadable },
  maintenance: { fits: broken },
  status: { details: (draw) => ({ status: draw.of([500, 502, 503, 504]) }), fits: broken },
  statusAfterBody: { details: (draw) => ({ status: draw.of([500, 502, 503]) }), fits: broken },
  limit: {
    details: (draw) => ({ hint: draw.of(['toWait', 'retryAfter', 'none']), toWaitSec: 1 }),
    fits: ['busy'],
  },
  redirect: { details: () => ({ location: 'https://elsewhere.example.com/' }), fits: ['setup', 'vendor'] },
  bomb: { fits: ['vendor'], once: true },
  huge: { fits: ['vendor'], once: true },
}

/** One fault as the sandbox takes it. */
export type Fault = Readonly<Record<string, unknown>>

/** Some faults for a while: on these routes, of kinds that the sandbox has. */
export function drawn(draw: Draw, routes: readonly string[], known: readonly string[]): readonly Fault[] {
  const kinds = Object.keys(troubles).filter((kind) => known.includes(kind))
  return draw.times(1 + draw.below(4), () => {
    const kind = draw.of(kinds)
    const { details, once, only } = troubles[kind] ?? { fits: [] }
    const route = draw.of(routes.filter((route) => only?.test(route) ?? true))
    return {
      route,
      kind,
      ...details?.(draw),
      ...((once || draw.chance(50)) && { times: once ? 1 : 1 + draw.below(4) }),
    }
  })
}

/** What was on, and when. */
interface Spell {
  readonly from: number
  until: number
  readonly kinds: readonly string[]
}

/** A memory of what was on at which time. */
export class Weather {
  readonly #spells: Spell[] = []

  /** From now on these are on, and no others. */
  turn(now: number, faults: readonly Fault[]): void {
    this.end(now)
    this.#spells.push({
      from: now,
      until: Number.POSITIVE_INFINITY,
      kinds: faults.map(({ kind }) => String(kind)),
    })
  }

  end(now: number): void {
    const last = this.#spells.at(-1)
    if (last?.until === Number.POSITIVE_INFINITY) last.until = now
  }

  /** Kinds of errors that fit a call between two moments. */
  fits(from: number, until: number, isEffect: boolean): ReadonlySet<string> {
    const met = this.#spells.filter((spell) => spell.from <= until && spell.until >= from)
    const kinds = met.flatMap(({ kinds }) => kinds).flatMap((kind) => troubles[kind]?.fits ?? [])
    return new Set(isEffect && kinds.length > 0 ? [...kinds, 'unclear'] : kinds)
  }
}
