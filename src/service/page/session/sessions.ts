import { sha256 } from '../../../shared/crypto.ts'
import type { ServiceCaller } from '../../callers/caller.ts'
import { newId } from './random-id.ts'

/** How long a login holds, in seconds. */
export const sessionSeconds = 8 * 3_600
/** Sessions in all, and of one person; the oldest go. */
const maxSessions = 5_000
const maxOfPerson = 20

/** Whether a login still holds: `suspended` while nobody can tell, such as with a damaged callers file. */
export type Standing = 'good' | 'suspended' | 'ended'

/** A person who is logged in. */
export interface PageSession {
  /** SHA-256 of its id: names it within this process, and opens nothing. */
  readonly key: string
  readonly caller: ServiceCaller
}

interface Stored extends PageSession {
  readonly standing: () => Standing
  /** Epoch, in ms. */
  readonly startedAt: number
}

/** Who is logged in to the page. Nothing of it is written anywhere: a restart ends all sessions. */
export class Sessions {
  readonly #byKey = new Map<string, Stored>()
  readonly #now: () => number

  /** `now`: epoch, in ms. */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** Begins a session, and returns its id. `standing` is asked at each request. */
  begin(caller: ServiceCaller, standing: () => Standing): string {
    const id = newId()
    const key = sha256(id)
    this.#makeRoom(caller.person)
    this.#byKey.set(key, { key, caller, standing, startedAt: this.#now() })
    return id
  }

  /** The session with this id; undefined if there is none, or if it holds no longer. */
  find(id: string | undefined): PageSession | undefined {
    const session = id === undefined ? undefined : this.#byKey.get(sha256(id))
    if (!session) return undefined
    const standing = this.#isOver(session) ? 'ended' : session.standing()
    if (standing === 'ended') this.#byKey.delete(session.key)
    return standing === 'good' ? session : undefined
  }

  /** Ends a session; returns whose it was. */
  end(id: string | undefined): ServiceCaller | undefined {
    const key = id === undefined ? '' : sha256(id)
    const session = this.#byKey.get(key)
    this.#byKey.delete(key)
    return session?.caller
  }

  /** Clocks can be set back: a session from the future is over as well. */
  #isOver({ startedAt }: Stored): boolean {
    return Math.abs(this.#now() - startedAt) >= sessionSeconds * 1_000
  }

  #makeRoom(person: string): void {
    // In the order in which they began.
    const all = [...this.#byKey.values()]
    const own = all.filter((session) => session.caller.person === person)
    const [oldest] = own.length >= maxOfPerson ? own : all.length >= maxSessions ? all : []
    if (oldest) this.#byKey.delete(oldest.key)
    for (const session of all) if (this.#isOver(session)) this.#byKey.delete(session.key)
  }
}
