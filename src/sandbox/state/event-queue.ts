interface Entry {
  at: number
  happen(): void
}

/**
 * Future events. There are no timers: due events run when the sandbox is next used, in the order of their
 * time.
 */
export class Agenda {
  #entries: Entry[] = []
  #next = Infinity

  add(at: number, happen: () => void): void {
    this.#entries.push({ at, happen })
    this.#next = Math.min(this.#next, at)
  }

  /** Runs all due events. */
  settle(now: number): void {
    if (now < this.#next) return
    const due = this.#entries.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
    this.#entries = this.#entries.filter(({ at }) => at > now)
    this.#next = this.#entries.reduce((next, { at }) => Math.min(next, at), Infinity)
    for (const { happen } of due) happen()
  }
}
