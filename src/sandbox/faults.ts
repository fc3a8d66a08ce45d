/**
 * What can go wrong on purpose, and the details it takes. answer: instead of the route; bend: the answer of the route;
 * wreck: the connection. A request meets at most one that answers and one that wrecks, and any number of the others.
 */
export const faultKinds = {
  delay: { stage: 'wait', does: 'waits `ms` milliseconds, then goes on' },
  reset: { stage: 'wreck', does: 'resets the connection before anything is done' },
  resetAfterBody: { stage: 'wreck', does: 'does the work, then resets the connection without an answer' },
  truncate: { stage: 'wreck', does: 'announces the whole answer, sends half of it, closes the connection' },
  stall: { stage: 'wreck', does: 'announces the whole answer, sends half of it, then hangs' },
  html: { stage: 'answer', does: 'an HTML page with `status`, as a proxy sends' },
  status: {
    stage: 'answer',
    does: '`status` with `body`, `headers`, `contentType`; without body what the server says there',
  },
  empty: { stage: 'answer', does: '`status` (204) without a body' },
  expired: { stage: 'answer', does: '401 JWT expired; on /qps INVALID_CREDENTIALS' },
  unauthenticated: { stage: 'answer', does: '401 Not authenticated; on /qps INVALID_CREDENTIALS' },
  limit: {
    stage: 'answer',
    does: '`status` (429; on /qps 409) with `hint` toWait | retryAfter | window | none, `toWaitSec` (1), `emptyBody`; on /qps `code` (1965; 1960 for concurrency, without hint)',
  },
  rename: { stage: 'bend', does: 'every key or element of every row but `id` gets another name' },
  dropId: { stage: 'bend', does: 'rows come without their id' },
  retype: { stage: 'bend', does: 'numbers in rows become strings, and numeric strings numbers; not in XML' },
  statusAfterBody: { stage: 'bend', does: 'does the work, then answers as `status` does' },
  badJson: { stage: 'bend', does: 'JSON or XML that ends too early, at its announced length' },
  reply: {
    stage: 'answer',
    does: 'a canned answer: `status` (200), `body` or `base64`, `contentType`, `headers`',
  },
  redirect: { stage: 'answer', does: '302 (or `status`) to `location`' },
} as const

export type FaultKind = keyof typeof faultKinds

export interface Fault {
  /** `METHOD /path/{hole}` as in the route table, or `*`. */
  route: string
  kind: FaultKind
  /** How often; forever when absent. */
  times?: number
  /** How many requests pass unharmed before. */
  skip?: number
  ms?: number
  status?: number
  body?: unknown
  /** Of `reply`: the bytes of the body. */
  base64?: string
  contentType?: string
  headers?: Record<string, string>
  location?: string
  hint?: 'toWait' | 'retryAfter' | 'window' | 'none'
  toWaitSec?: number
  /** Of `limit` on /qps. */
  code?: number
  emptyBody?: boolean
}

/** The faults that are switched on. */
export class Faults {
  #active: Fault[] = []

  get active(): readonly Fault[] {
    return this.#active
  }

  set(faults: Fault[]): void {
    this.#active = faults.map((fault) => ({ ...fault }))
  }

  /** The faults that strike this request, in their order; counts them. */
  strike(route: string): Fault[] {
    const taken = new Set<string>()
    const struck = this.#active.filter((fault) => {
      if (fault.route !== '*' && fault.route !== route) return false
      if (fault.skip !== undefined && fault.skip > 0) {
        fault.skip--
        return false
      }
      const { stage } = faultKinds[fault.kind]
      // The second of two that answer waits for its turn: a list of them is a sequence.
      if ((stage === 'answer' || stage === 'wreck') && taken.has(stage)) return false
      taken.add(stage)
      if (fault.times !== undefined) fault.times--
      return true
    })
    this.#active = this.#active.filter(({ times }) => times === undefined || times > 0)
    return struck
  }
}

/** Why these are no faults, or undefined when they are. */
export function faultComplaint(faults: unknown): string | undefined {
  if (!Array.isArray(faults)) return 'faults are an array'
  for (const fault of faults as Partial<Fault>[]) {
    if (typeof fault?.route !== 'string') return 'each fault needs a route, such as "POST /auth", or "*"'
    if (!Object.hasOwn(faultKinds, fault.kind ?? '')) {
      return `no fault is called ${fault.kind}; there are ${Object.keys(faultKinds).join(', ')}`
    }
    if (fault.kind === 'redirect' && !fault.location) return 'redirect needs a location'
    if (fault.times !== undefined && fault.times < 1) return 'times is at least 1'
  }
  return undefined
}
