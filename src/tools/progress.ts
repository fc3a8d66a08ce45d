import type { ServerContext } from '@modelcontextprotocol/server'

/** What a client hears of a call that takes long. */
export interface Progress {
  /** So many rows or hosts are done. */
  readonly report: (done: number, total: number | undefined) => void
  /** One sentence about what is waited for. */
  readonly tell: (news: string) => void
}

/** Small enough that news never reach the next row. */
const nudge = 0.001

/** Progress notifications to whoever asked for them, each with a greater value than the one before (MCP, progress). */
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
    // A client that went away needs no progress.
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
