interface ScheduledEvent {
  at: number
  run(): void
}

/**
 * Future events. There are no timers: due events run when the sandbox is next used, in the order of their
 * time.
 */
export class EventQueue {
  #entries: ScheduledEvent[] = []
  #nextAt = Infinity

  add(at: number, run: () => void): void {
    this.#entries.push({ at, run })
    this.#nextAt = Math.min(this.#nextAt, at)
  }

  /** Runs all due events. */
  runDue(now: number): void {
    if (now < this.#nextAt) return
    const due = this.#entries.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
    this.#entries = this.#entries.filter(({ at }) => at > now)
    this.#nextAt = this.#entries.reduce((next, { at }) => Math.min(next, at), Infinity)
    for (const { run } of due) run()
  }
}
