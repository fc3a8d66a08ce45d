import { randomUUID } from '../../shared/crypto.ts'

type RequestId = string | number

/** Names a running request of the 2025 revisions. */
interface RequestName {
  readonly caller: string
  /** The id that the service gave out at `initialize`; undefined for a client that does not send it. */
  readonly session: string | undefined
  readonly id: RequestId | undefined
}

const keyOf = ({ caller, session, id }: RequestName): string | undefined =>
  session === undefined || id === undefined ? undefined : JSON.stringify([caller, session, id])

/**
 * The running requests that `notifications/cancelled` can name. Two clients of one caller count alike, so that a number
 * alone names nothing: the id of a session tells them apart. It means nothing else, and is never required.
 */
export class Cancellations {
  readonly #running = new Map<string, AbortController>()

  /** An id for a client that initializes. */
  newSession(): string {
    return randomUUID()
  }

  /** Adds a running request. Returns the function that removes it. */
  add(name: RequestName, controller: AbortController): () => void {
    const key = keyOf(name)
    if (key === undefined || this.#running.has(key)) return () => undefined
    this.#running.set(key, controller)
    return () => this.#running.delete(key)
  }

  /** Cancels a request, if it runs. */
  cancel(name: RequestName): void {
    const key = keyOf(name)
    if (key !== undefined) this.#running.get(key)?.abort()
  }
}
