import { randomBytes, randomUUID } from 'node:crypto'
import {
  createRequestStateCodec,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'

const sealed = z.object({ id: z.uuid(), digest: z.string(), until: z.number() })

/**
 * Request states: they go to the client with a question and come back with its answer. Sealed with a key that
 * only this process has, bound to the digest of the preview, and valid for one answer.
 */
export class Seals {
  readonly #codec: RequestStateCodec<z.infer<typeof sealed>>
  readonly #ttlMs: number
  readonly #clock: () => number
  /** Ids of used states, and when each state expires, by a monotonic clock. */
  readonly #burnt = new Map<string, number>()

  constructor(ttlSeconds: number, clock: () => number = () => performance.now()) {
    this.#codec = createRequestStateCodec({ key: randomBytes(32), ttlSeconds })
    this.#ttlMs = ttlSeconds * 1000
    this.#clock = clock
  }

  /** A state for a question about this digest. */
  seal(digest: string): Promise<string> {
    return this.#codec.mint({ id: randomUUID(), digest, until: this.#clock() + this.#ttlMs })
  }

  /**
   * True if this process sealed the state for this digest, and it is neither expired nor used. Marks it as
   * used.
   */
  async open(state: string, digest: string, context: ServerContext): Promise<boolean> {
    const read = sealed.safeParse(await this.#codec.verify(state, context).catch(() => undefined))
    if (!read.success || read.data.digest !== digest) return false
    // No await from here on: of two simultaneous answers only one succeeds.
    const now = this.#clock()
    for (const [id, until] of this.#burnt) if (until < now) this.#burnt.delete(id)
    const { id: ours, until } = read.data
    if (until <= now || this.#burnt.has(ours)) return false
    this.#burnt.set(ours, until)
    return true
  }
}
