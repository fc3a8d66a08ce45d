import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { lastRequest, type Outcome, type Trial } from './trial.ts'

/** Longer than any response of a working service takes on a busy machine, and than its time-out for headers. */
const patienceMs = 45_000
/** Between two pieces: the server reads them apart. */
const pauseMs = 2

/** The bytes of a trial, in the pieces in which they are written. */
export function piecesOf({ sent, ending, pieces }: Trial, port: number): readonly Buffer[] {
  const parts = [...sent.map(({ bytes }) => bytes), ...(ending === 'last request' ? [lastRequest(port)] : [])]
  let rest = Buffer.concat(parts)
  const cut: Buffer[] = []
  for (const size of pieces) {
    if (size >= rest.length) break
    cut.push(rest.subarray(0, size))
    rest = rest.subarray(size)
  }
  return [...cut, rest]
}

/** Sends a trial on a connection of its own, and collects what comes until it ends. Rejects if nothing listens. */
export async function exchange(trial: Trial, port: number): Promise<Outcome> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  const chunks: Buffer[] = []
  let isOver = false
  const closed = new Promise<void>((resolve, reject) => {
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'EADDRNOTAVAIL') reject(error)
    })
    socket.on('close', () => {
      isOver = true
      resolve()
    })
  })
  closed.catch(() => undefined)
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  // The server ends the connection; what it had to say has been said.
  socket.on('end', () => socket.end())
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    socket.destroy()
  }, patienceMs)
  const pieces = piecesOf(trial, port)
  for (const [index, piece] of pieces.entries()) {
    if (isOver) break
    if (index > 0) await pause(pauseMs)
    socket.write(piece)
  }
  if (trial.ending === 'end') socket.end()
  if (trial.ending === 'reset') {
    await pause(pauseMs)
    socket.resetAndDestroy()
  }
  await closed.finally(() => clearTimeout(timer))
  return { bytes: Buffer.concat(chunks), isLate }
}
