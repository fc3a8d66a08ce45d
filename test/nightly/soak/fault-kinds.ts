import type { SeededRandom } from '../fuzz/seeded-random.ts'

/** One fault in the form that the sandbox takes. */
export interface Fault {
  readonly route: string
  readonly kind: string
  readonly [detail: string]: unknown
}

interface FaultKind {
  readonly details?: (random: SeededRandom) => Readonly<Record<string, unknown>>
  /** Kinds of errors with which a read may end; none where it has to succeed. */
  readonly read: readonly string[]
  /** The same of an effect. */
  readonly effect: readonly string[]
  /** Occurs once: several in a row would be a real failure. */
  readonly once?: true
  /** Only these routes: a refused password is not tried again for a while, whatever comes then. */
  readonly only?: RegExp
  /** A token is refused. The server gets another one, so that a single refusal causes no error. */
  readonly refusesToken?: true
  /**
   * Compresses the body; it may be compressed twice, since the server decompresses no more
   * (src/session/http/body.ts).
   */
  readonly packs?: true
}

const harmless = { read: [], effect: [] } as const
const broken = { read: ['vendor'], effect: ['unclear'] } as const
const refused = { ...harmless, once: true, only: /\/sm\//, refusesToken: true } as const

/** Faults of the sandbox that do not change its rows. */
const kinds: Readonly<Record<string, FaultKind>> = {
  delay: { ...harmless, details: (random) => ({ ms: 20 + random.below(400) }) },
  slowHeaders: { ...harmless, details: (random) => ({ ms: 20 + random.below(400) }) },
  drip: { ...harmless, details: (random) => ({ ms: 1 + random.below(8) }) },
  gzip: { ...harmless, packs: true },
  brotli: { ...harmless, packs: true },
  byteOrderMark: harmless,
  extraFields: harmless,
  expired: refused,
  unauthenticated: refused,
  reset: broken,
  resetAfterBody: broken,
  truncate: broken,
  stall: { ...broken, once: true },
  notHttp: broken,
  // Compressed before it is truncated, it cannot be decompressed, which is a vendor error.
  badJson: { read: ['drift', 'vendor'], effect: ['unclear'] },
  html: {
    details: (random) => ({ status: random.of([200, 403, 502]) }),
    read: ['drift', 'setup', 'vendor'],
    effect: ['unclear', 'setup'],
  },
  maintenance: broken,
  status: { ...broken, details: (random) => ({ status: random.of([500, 502, 503, 504]) }) },
  statusAfterBody: { ...broken, details: (random) => ({ status: random.of([500, 502, 503]) }) },
  limit: {
    details: (random) => ({ hint: random.of(['toWait', 'retryAfter', 'none']), toWaitSec: 1 }),
    read: ['busy'],
    effect: ['busy'],
  },
  redirect: {
    details: () => ({ location: 'https://elsewhere.example.com/' }),
    read: ['setup'],
    effect: ['unclear'],
  },
  bomb: { ...broken, once: true, packs: true },
  huge: { ...broken, once: true },
}

export const faultKinds: readonly string[] = Object.keys(kinds)

const isPacking = ({ kind }: Fault): boolean => kinds[kind]?.packs === true

/** Whether the token of a request is refused. */
export const refusesToken = ({ kind }: Fault): boolean => kinds[kind]?.refusesToken === true

/** Kinds of errors that a call may end with under this fault. */
export function fits({ kind }: Fault, isEffect: boolean): readonly string[] {
  const { read, effect } = kinds[kind] ?? harmless
  return isEffect ? effect : read
}

/**
 * Whether a fault can be combined with those before it. Two byte order marks, or one before gzip, are no valid
 * answer, and a body that is compressed three times is refused.
 */
export function canJoin(fault: Fault, before: readonly Fault[]): boolean {
  const same = before.filter(({ route }) => route === fault.route)
  if (fault.kind === 'byteOrderMark') return !same.some((one) => one.kind === fault.kind || isPacking(one))
  return !isPacking(fault) || same.filter(isPacking).length < 2
}

/** Whether faults of a kind are drawn for a route. */
export function isFor(route: string, kind: string): boolean {
  return kinds[kind]?.only?.test(route) ?? true
}

/** One fault of a kind, on one of these routes that it is for. */
export function faultOf(random: SeededRandom, kind: string, routes: readonly string[]): Fault {
  const { details, once }: FaultKind = kinds[kind] ?? harmless
  const route = random.of(routes.filter((route) => isFor(route, kind)))
  const times = once ? 1 : random.chance(50) ? 1 + random.below(4) : undefined
  return { route, kind, ...details?.(random), ...(times !== undefined && { times }) }
}

/** Up to four faults for a while: on these routes, of kinds that the sandbox has. */
export function drawFaults(
  random: SeededRandom,
  routes: readonly string[],
  known: readonly string[],
): Fault[] {
  const possible = faultKinds.filter((kind) => known.includes(kind))
  const faults: Fault[] = []
  for (const fault of random.times(1 + random.below(4), () => faultOf(random, random.of(possible), routes)))
    if (canJoin(fault, faults)) faults.push(fault)
  return faults
}
