import { declinedAt, removeDecline } from './pending-calls.ts'
import { ifUsable, lifetimeMs } from './pending-folder.ts'

/** A call that a person said no to. */
interface Decline {
  /** When the last no was said: epoch, in ms. */
  readonly at: number
  /** How often a person said no. */
  readonly count: number
  /** True if a person was asked again since the first no. */
  readonly isAskedAgain: boolean
  /** The mark of a terminal that was counted last: epoch, in ms. */
  readonly markedAt?: number | undefined
}

/**
 * The calls that a person said no to in the last ten minutes, by key: those of this process, and those that a
 * terminal left a mark of.
 */
export class Declines {
  readonly #stateDir: string
  readonly #now: () => number
  readonly #byKey = new Map<string, Decline>()

  constructor(stateDir: string, now: () => number = Date.now) {
    this.#stateDir = stateDir
    this.#now = now
  }

  /** A person said no. */
  add(key: string): void {
    this.#count(key, { at: this.#now() })
  }

  /**
   * Until when the call is declined without asking: epoch, in ms. Undefined if a person is asked, which after a no
   * happens once.
   */
  ask(key: string): number | undefined {
    const markedAt = ifUsable(() => declinedAt(this.#stateDir, key, this.#now()))
    // Compared with the last mark, not with the last no: both can be of the same millisecond.
    const known = this.#find(key)
    if (markedAt !== undefined && markedAt !== known?.markedAt)
      this.#count(key, { at: Math.max(markedAt, known?.at ?? 0), markedAt })
    const decline = this.#find(key)
    if (!decline) return undefined
    if (decline.isAskedAgain || decline.count > 1) return decline.at + lifetimeMs
    this.#byKey.set(key, { ...decline, isAskedAgain: true })
    return undefined
  }

  /** The client showed the question to nobody: it may be asked once more as before. */
  askedNobody(key: string): void {
    const decline = this.#find(key)
    if (decline) this.#byKey.set(key, { ...decline, isAskedAgain: false })
  }

  /** A person approved the call: it may be asked again. */
  end(key: string): void {
    this.#byKey.delete(key)
    ifUsable(() => removeDecline(this.#stateDir, key))
  }

  #count(key: string, no: Pick<Decline, 'at' | 'markedAt'>): void {
    const { count = 0, isAskedAgain = false, ...before } = this.#find(key) ?? {}
    this.#byKey.set(key, { ...before, ...no, count: count + 1, isAskedAgain })
  }

  /** The decline that still holds. Clocks can be set back: one in the future is also limited. */
  #find(key: string): Decline | undefined {
    const now = this.#now()
    for (const [known, { at }] of this.#byKey) if (Math.abs(now - at) >= lifetimeMs) this.#byKey.delete(known)
    return this.#byKey.get(key)
  }
}
