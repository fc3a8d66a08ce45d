interface Entry {
  at: number
  happen(): void
}

/** What is going to happen. No timer waits for it: it happens when somebody looks, in the order of its time. */
export class Agenda {
  #entries: Entry[] = []
  #next = Infinity

  add(at: number, happen: () => void): void {
    this.#entries.push({ at, happen })
    this.#next = Math.min(this.#next, at)
  }

  /** Lets everything happen that is due. */
  settle(now: number): void {
    if (now < this.#next) return
    const due = this.#entries.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
    this.#entries = this.#entries.filter(({ at }) => at > now)
    this.#next = this.#entries.reduce((next, { at }) => Math.min(next, at), Infinity)
    for (const { happen } of due) happen()
  }
}
