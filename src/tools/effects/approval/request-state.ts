import { randomBytes, randomUUID } from 'node:crypto'
import {
  createRequestStateCodec,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'

const statePayload = z.object({ id: z.uuid(), digest: z.string(), until: z.number() })

/**
 * Issues MCP request states: they go to the client with a question and come back with its answer. A state is
 * signed with a key that only this process has, bound to the digest of the preview, and valid for one answer.
 */
export class RequestStateIssuer {
  readonly #codec: RequestStateCodec<z.infer<typeof statePayload>>
  readonly #ttlMs: number
  readonly #now: () => number
  /** Ids of used states, and when each state expires, by a monotonic clock. */
  readonly #used = new Map<string, number>()

  constructor(ttlSeconds: number, now: () => number = () => performance.now()) {
    this.#codec = createRequestStateCodec({ key: randomBytes(32), ttlSeconds })
    this.#ttlMs = ttlSeconds * 1000
    this.#now = now
  }

  /** A state for a question about this digest. */
  issue(digest: string): Promise<string> {
    return this.#codec.mint({ id: randomUUID(), digest, until: this.#now() + this.#ttlMs })
  }

  /**
   * True if this process issued the state for this digest, and it is neither expired nor used. Marks it as
   * used.
   */
  async redeem(state: string, digest: string, request: ServerContext): Promise<boolean> {
    const payload = statePayload.safeParse(await this.#codec.verify(state, request).catch(() => undefined))
    if (!payload.success || payload.data.digest !== digest) return false
    // No await from here on: of two simultaneous answers only one succeeds.
    const currentMs = this.#now()
    for (const [id, until] of this.#used) if (until < currentMs) this.#used.delete(id)
    const { id: stateId, until } = payload.data
    if (until <= currentMs || this.#used.has(stateId)) return false
    this.#used.set(stateId, until)
    return true
  }
}
