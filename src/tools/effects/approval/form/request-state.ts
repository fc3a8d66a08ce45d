import {
  createRequestStateCodec,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { randomBytes, randomUUID } from '../../../../shared/crypto.ts'

const statePayload = z.object({ id: z.uuid(), digest: z.string(), until: z.number() })

/**
 * Issues MCP request states: they go to the client with a question and come back with its answer. A state is
 * signed with a key that only this process has, bound to the digest of the preview, and valid for one answer.
 */
export class RequestStateIssuer {
  #codecInUse: RequestStateCodec<z.infer<typeof statePayload>> | undefined
  readonly #ttlSeconds: number
  readonly #now: () => number
  /** Ids of used states, and when each state expires, by a monotonic clock. */
  readonly #used = new Map<string, number>()
  /** Until when states of a digest are void, by a monotonic clock. */
  readonly #voidUntil = new Map<string, number>()

  constructor(ttlSeconds: number, now: () => number = () => performance.now()) {
    this.#ttlSeconds = ttlSeconds
    this.#now = now
  }

  /** Its key is made with the first question. */
  get #codec(): RequestStateCodec<z.infer<typeof statePayload>> {
    this.#codecInUse ??= createRequestStateCodec({ key: randomBytes(32), ttlSeconds: this.#ttlSeconds })
    return this.#codecInUse
  }

  get #ttlMs(): number {
    return this.#ttlSeconds * 1000
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
    this.#forgetExpired(currentMs)
    const { id: stateId, until } = payload.data
    const isVoid = until <= Math.max(currentMs, this.#voidUntil.get(digest) ?? 0)
    if (isVoid || this.#used.has(stateId)) return false
    this.#used.set(stateId, until)
    return true
  }

  /** Marks a state as used: its answer came to a call that a limit refuses. */
  async discard(state: string, request: ServerContext): Promise<void> {
    const payload = statePayload.safeParse(await this.#codec.verify(state, request).catch(() => undefined))
    if (payload.success) this.#used.set(payload.data.id, payload.data.until)
  }

  /** Voids the states issued so far for this digest: a person approved it elsewhere, and one approval is one run. */
  voidOf(digest: string): void {
    const currentMs = this.#now()
    this.#forgetExpired(currentMs)
    this.#voidUntil.set(digest, currentMs + this.#ttlMs)
  }

  #forgetExpired(currentMs: number): void {
    for (const ends of [this.#used, this.#voidUntil])
      for (const [name, until] of ends) if (until < currentMs) ends.delete(name)
  }
}
