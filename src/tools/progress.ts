import type { ServerContext } from '@modelcontextprotocol/server'
import type { Clock } from '../shared/clock.ts'
import { formatNumber } from '../shared/format.ts'

const intervalMs = 5_000
/** Added where nothing more is done; so small that such steps never add up to a row. */
const minStep = 0.001

/** Sends one notification. */
type SendProgress = (value: number, total: number | undefined, message: string) => void

/**
 * Reports the progress of a call to the client. "The progress value MUST increase with each notification"
 * (MCP, progress). While nothing more is done it still increases, and beyond the total there is none any more.
 */
export class Progress {
  readonly #send: SendProgress
  #done = 0
  #total: number | undefined
  #lastValue = -1
  #counts = 'waiting for Qualys'

  constructor(send: SendProgress) {
    this.#send = send
  }

  /**
   * Reports the number of rows done, and of all if known; `noun` if they are no rows. The same numbers are not
   * reported again.
   */
  report(done: number, total: number | undefined, noun = 'rows'): void {
    if (done === this.#done && total === this.#total) return
    this.#done = done
    this.#total = total
    this.#counts = `${formatNumber(done)}${total === undefined ? '' : ` of ${formatNumber(total)}`} ${noun}`
    this.#notify(done, this.#counts)
  }

  /** Reports in one sentence what the call waits for. */
  say(message: string): void {
    this.#notify(Math.max(0, this.#lastValue), message)
  }

  /** Repeats the counts every 5 s, so that the client keeps waiting. Returns the function that stops it. */
  repeat(clock: Clock): () => void {
    let cancel: () => void
    const schedule = (): void => {
      cancel = clock.after(intervalMs, () => {
        this.#notify(this.#done, this.#counts)
        schedule()
      })
    }
    schedule()
    return () => cancel()
  }

  #notify(done: number, message: string): void {
    const value = done > this.#lastValue ? done : Number((this.#lastValue + minStep).toFixed(3))
    const total = this.#total !== undefined && value <= this.#total ? this.#total : undefined
    this.#lastValue = value
    this.#send(value, total, message)
  }
}

/** The progress of a request; sent if the client asked for it. */
export function progressOf({ mcpReq }: ServerContext): Progress {
  const progressToken = mcpReq._meta?.progressToken
  return new Progress((progress, total, message) => {
    if (progressToken === undefined) return
    const params = {
      progressToken,
      progress,
      ...(total !== undefined && { total }),
      message,
    }
    // A client that is gone needs no progress.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined)
  })
}
