import type { ServerContext } from '@modelcontextprotocol/server'

/** The progress of a long call, for the client. */
export interface Progress {
  /** Number of rows or hosts done, and of all if known. */
  readonly report: (done: number, total: number | undefined) => void
  /** One sentence about what the call waits for. */
  readonly tell: (news: string) => void
}

/** Added for each sentence; so small that sentences never add up to a row. */
const nudge = 0.001

/**
 * Sends progress notifications if the client asked for them. Each value is greater than the one before (MCP,
 * progress).
 */
export function progressOf({ mcpReq }: ServerContext): Progress {
  const progressToken = mcpReq._meta?.progressToken
  if (progressToken === undefined) return { report: () => undefined, tell: () => undefined }
  let last = -1
  let known: number | undefined
  const notify = (done: number, message?: string): void => {
    last = done > last ? done : Number((last + nudge).toFixed(3))
    const params = {
      progressToken,
      progress: last,
      ...(known !== undefined && { total: known }),
      ...(message !== undefined && { message }),
    }
    // A client that is gone needs no progress.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined)
  }
  return {
    report: (done, total) => {
      known = total
      notify(done)
    },
    tell: (news) => notify(Math.max(0, last), news),
  }
}
