import type { Line } from './line-reader.ts'
import type { Id } from './protocol-message.ts'

/** A line of the client. */
export interface ReceivedLine extends Line {
  /** When it came, by `performance.now()`. */
  readonly at: number
  /** True if it came when no more calls were taken. */
  readonly isLate: boolean
}

/** As many bytes as a single line may have. */
const maxBytes = 10 * 1024 * 1024

/** A line in the backlog, and the one behind it. */
interface Waiting {
  /** Undefined once its request is cancelled. */
  line: ReceivedLine | undefined
  readonly id: Id | undefined
  next?: Waiting
}

/**
 * Lines that wait until the client has read its answers, in their order. They are linked: to take the first out of a
 * set of a hundred thousand is slower with each one that is taken.
 */
export class Backlog {
  #first: Waiting | undefined
  #last: Waiting | undefined
  readonly #requests = new Map<Id, Waiting>()
  #bytes = 0

  get isEmpty(): boolean {
    return this.#first === undefined
  }

  /** True if no more of the client should be read. */
  get isFull(): boolean {
    return this.#bytes >= maxBytes
  }

  /** `id`: that of its request, if it is one. */
  add(line: ReceivedLine, id: Id | undefined): void {
    const waiting: Waiting = { line, id }
    if (this.#last) this.#last.next = waiting
    else this.#first = waiting
    this.#last = waiting
    this.#bytes += line.bytes
    if (id !== undefined) this.#requests.set(id, waiting)
  }

  /** Takes out the first line. */
  take(): ReceivedLine | undefined {
    const line = this.#first && this.#remove(this.#first)
    this.#skipEmpty()
    return line
  }

  /** Takes out the last request with this id, which is cancelled. */
  cancel(id: Id): void {
    const waiting = this.#requests.get(id)
    if (waiting) this.#remove(waiting)
    this.#skipEmpty()
  }

  /** Takes out the last request with each id, and returns these ids: what an end needs of a hundred thousand. */
  takeRequests(): readonly Id[] {
    const requests = [...this.#requests]
    for (const [, waiting] of requests) this.#remove(waiting)
    this.#skipEmpty()
    return requests.map(([id]) => id)
  }

  #remove(waiting: Waiting): ReceivedLine | undefined {
    const { line, id } = waiting
    this.#bytes -= line?.bytes ?? 0
    waiting.line = undefined
    if (id !== undefined && this.#requests.get(id) === waiting) this.#requests.delete(id)
    return line
  }

  /** The first line is never one that is taken out, so that a backlog without others is empty. */
  #skipEmpty(): void {
    while (this.#first && !this.#first.line) this.#first = this.#first.next
    if (!this.#first) this.#last = undefined
  }
}
