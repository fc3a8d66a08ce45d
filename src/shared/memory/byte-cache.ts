import { LRUCache } from 'lru-cache'
import { valueSize } from './value-size.ts'

/** An entry besides its key and value. */
const entryBytes = 100

interface CacheBounds {
  /** Of all entries, as `valueSize` estimates them. A larger one is not kept. */
  readonly maxBytes: number
  readonly lifetimeMs: number
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
}

interface Entry<Value> {
  readonly value: Value
  readonly until: number
}

/**
 * JSON values that are kept for some time, within a bound in bytes: the least recently used go first. Reading an entry
 * does not lengthen its lifetime.
 */
export class ByteCache<Value> {
  readonly #entries: LRUCache<string, Entry<Value>>
  readonly #lifetimeMs: number
  readonly #now: () => number

  constructor({ maxBytes, lifetimeMs, now }: CacheBounds) {
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      maxEntrySize: maxBytes,
      sizeCalculation: ({ value }, key) => entryBytes + valueSize(key, maxBytes) + valueSize(value, maxBytes),
    })
    this.#lifetimeMs = lifetimeMs
    this.#now = now
  }

  /** The value of a key; undefined if none is kept, or its time is up. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry && entry.until > this.#now()) return entry.value
    this.#entries.delete(key)
    return undefined
  }

  /** Keeps a value instead of the one before, if it is within the bound. */
  set(key: string, value: Value): void {
    const now = this.#now()
    this.#dropOld(now)
    this.#entries.set(key, { value, until: now + this.#lifetimeMs })
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }

  /** Every key and value whose time is not up, the least recently used first. */
  *entries(): Generator<readonly [key: string, value: Value]> {
    const now = this.#now()
    for (const key of [...this.#entries.rkeys()]) {
      const entry = this.#entries.peek(key)
      if (entry && entry.until > now) yield [key, entry.value]
    }
  }

  /** Drops the least recently used as long as their time is up: others go when they are asked for, or by the bound. */
  #dropOld(now: number): void {
    for (const key of this.#entries.rkeys()) {
      const entry = this.#entries.peek(key)
      if (entry && entry.until > now) return
      this.#entries.delete(key)
    }
  }
}
