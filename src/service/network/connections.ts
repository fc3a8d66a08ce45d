import type { Server, Socket } from 'node:net'
import type { Log } from '../../shared/log.ts'
import type { IsProxy } from './forwarded.ts'

interface ConnectionOptions {
  /** The most open connections of all servers together. */
  readonly maxConnections: number
  /** Others are closed; absent for all. */
  readonly isProxy?: IsProxy | undefined
  readonly log: Log
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
}

/** The connections of the service. */
export interface Connections {
  /** Guards a server before it listens. */
  readonly guard: (server: Server) => void
  /** How many are open. */
  readonly count: () => number
  /** Ends all of them at once. */
  readonly destroy: () => void
}

/** At most one line a minute about one matter, with the number of times since the last one. */
const lineEveryMs = 60_000

/** Logs that something happened, unless it was logged within the last minute. */
function rareWarning(log: Log, now: () => number, text: string): (facts: Parameters<Log['warn']>[0]) => void {
  let times = 0
  let loggedAt = Number.NEGATIVE_INFINITY
  return (facts) => {
    times++
    if (now() - loggedAt < lineEveryMs) return
    log.warn({ ...facts, times }, text)
    loggedAt = now()
    times = 0
  }
}

/**
 * Bounds the connections of several servers by one number, and closes those that do not come from the proxy, both before
 * TLS begins.
 */
export function guardConnections({ maxConnections, isProxy, log, now }: ConnectionOptions): Connections {
  const open = new Map<Server, Set<Socket>>()
  const warnFull = rareWarning(
    log,
    now,
    'connections are dropped: as many as QUALYS_MAX_CONNECTIONS are open',
  )
  const warnStranger = rareWarning(
    log,
    now,
    'a connection is closed: QUALYS_BEHIND_PROXY does not name its address',
  )
  const warnFailure = rareWarning(log, now, 'a connection is not accepted')

  const count = (): number => [...open.values()].reduce((sum, { size }) => sum + size, 0)

  /** Gives each server what the others leave. Node drops what is more before it costs anything. */
  const share = (): void => {
    const all = count()
    // Node 20 takes 0 for no limit; with less than 0 every version drops all.
    for (const [server, { size }] of open) server.maxConnections = maxConnections - (all - size) || -1
  }

  const guard = (server: Server): void => {
    const sockets = new Set<Socket>()
    open.set(server, sockets)
    share()
    // Before the listener of the server itself, which begins with TLS or HTTP.
    server.prependListener('connection', (socket: Socket) => {
      if (isProxy && !isProxy(socket.remoteAddress ?? '')) {
        warnStranger({ address: socket.remoteAddress })
        socket.destroy()
        return
      }
      sockets.add(socket)
      share()
      socket.once('close', () => {
        sockets.delete(socket)
        share()
      })
    })
    server.on('drop', () => warnFull({ maxConnections }))
    // Such as too many open files: without a listener this would end the program.
    server.once('listening', () => server.on('error', (error) => warnFailure({ error: error.message })))
  }

  return {
    guard,
    count,
    destroy: () => {
      for (const socket of [...open.values()].flatMap((sockets) => [...sockets])) socket.destroy()
    },
  }
}
