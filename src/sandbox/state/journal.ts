import type { IncomingHttpHeaders } from 'node:http'

/** One vendor request as it arrived, and the status of its answer (0: the socket was destroyed). */
export interface Entry {
  seq: number
  at: string
  method: string
  path: string
  query: Record<string, string>
  headers: IncomingHttpHeaders
  body: string
  status: number
}

const kept = 20_000

/** The latest 20,000 vendor requests, oldest first. */
export class Journal {
  entries: Entry[] = []
  #seq = 0

  add(request: Omit<Entry, 'seq' | 'at' | 'status'>): Entry {
    const entry = { seq: ++this.#seq, at: new Date().toISOString(), ...request, status: 0 }
    this.entries.push(entry)
    if (this.entries.length > kept * 1.1) this.entries = this.entries.slice(-kept)
    return entry
  }

  clear(): void {
    this.entries = []
  }
}
