/** One attempt of a request to Qualys that ended. */
export interface UpstreamAttempt {
  readonly url: URL
  /** Undefined if there was no answer. */
  readonly status?: number
  readonly ms: number
}

/** What is told of a session while it works. Nothing of a request or an answer but this. */
export interface SessionWatch {
  onAttempt?: (attempt: UpstreamAttempt) => void
  /** A login ended; `error`: why it failed. */
  onLogin?: (error?: unknown) => void
}
