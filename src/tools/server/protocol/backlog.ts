import type { Line } from './line-reader.ts'
import type { Id } from './protocol-message.ts'

/** A line of the client. */
export interface ReceivedLine extends Line {
  /** True if it came when no more calls were taken. */
  readonly isLate: boolean
}

/** As many bytes as a single line may have. */
const maxBytes = 10 * 1024 * 1024

/** Lines that wait until the client has read its answers, in their order. */
export class Backlog {
  readonly #lines = new Set<ReceivedLine>()
  readonly #requests = new Map<Id, ReceivedLine>()
  #bytes = 0

  get isEmpty(): boolean {
    return this.#lines.size === 0
  }

  /** True if no more of the client should be read. */
  get isFull(): boolean {
    return this.#bytes >= maxBytes
  }

  /** `id`: that of its request, if it is one. */
  add(line: ReceivedLine, id: Id | undefined): void {
    this.#lines.add(line)
    this.#bytes += line.bytes
    if (id !== undefined) this.#requests.set(id, line)
  }

  /** Takes out the first line. */
  take(): ReceivedLine | undefined {
    const [first] = this.#lines
    if (first) this.#remove(first)
    return first
  }

  /** Takes out the last request with this id, which is cancelled. */
  cancel(id: Id): void {
    const line = this.#requests.get(id)
    if (line) this.#remove(line)
    this.#requests.delete(id)
  }

  #remove(line: ReceivedLine): void {
    if (this.#lines.delete(line)) this.#bytes -= line.bytes
    if (this.isEmpty) this.#requests.clear()
  }
}
