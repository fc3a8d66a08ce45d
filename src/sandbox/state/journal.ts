import type { IncomingHttpHeaders } from 'node:http'

/** One vendor request as it arrived, and the status of its reply (0: the socket was destroyed). */
export interface JournalEntry {
  seq: number
  at: string
  method: string
  path: string
  query: Record<string, string>
  headers: IncomingHttpHeaders
  body: string
  status: number
}

const maxEntries = 20_000

/** The latest 20,000 vendor requests, oldest first. */
export class Journal {
  entries: JournalEntry[] = []
  #seq = 0

  add(request: Omit<JournalEntry, 'seq' | 'at' | 'status'>): JournalEntry {
    const entry = { seq: ++this.#seq, at: new Date().toISOString(), ...request, status: 0 }
    this.entries.push(entry)
    if (this.entries.length > maxEntries * 1.1) this.entries = this.entries.slice(-maxEntries)
    return entry
  }

  clear(): void {
    this.entries = []
  }
}
