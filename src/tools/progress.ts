import type { ServerContext } from '@modelcontextprotocol/server'

/** The progress of a long call, for the client. */
export interface Progress {
  /** Number of rows or hosts done, and of all if known. */
  readonly reportCount: (done: number, total: number | undefined) => void
  /** One sentence about what the call waits for. */
  readonly reportMessage: (message: string) => void
}

/** Added for each sentence; so small that sentences never add up to a row. */
const minStep = 0.001

/**
 * Sends progress notifications if the client asked for them. Each value is greater than the one before (MCP,
 * progress).
 */
export function progressOf({ mcpReq }: ServerContext): Progress {
  const progressToken = mcpReq._meta?.progressToken
  if (progressToken === undefined) return { reportCount: () => undefined, reportMessage: () => undefined }
  let last = -1
  let knownTotal: number | undefined
  const notify = (done: number, message?: string): void => {
    last = done > last ? done : Number((last + minStep).toFixed(3))
    const params = {
      progressToken,
      progress: last,
      ...(knownTotal !== undefined && { total: knownTotal }),
      ...(message !== undefined && { message }),
    }
    // A client that is gone needs no progress.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined)
  }
  return {
    reportCount: (done, total) => {
      knownTotal = total
      notify(done)
    },
    reportMessage: (message) => notify(Math.max(0, last), message),
  }
}
