/** Why the program must end, and its exit code. */
export interface ShutdownReason {
  readonly reason: string
  readonly code: number
  /** An error that nobody caught: running work cannot be trusted to finish. */
  readonly broken?: true
}

/** 128 plus the number of the signal, as in shells. */
const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
const checkParentMs = 1_000

/** The requests to end the program. */
export interface ShutdownSignals {
  /** Resolves at the first request. */
  readonly requested: Promise<ShutdownReason>
  /** Resolves at the second request: somebody does not want to wait. */
  readonly forced: Promise<ShutdownReason>
}

/** Listens for these signals and for uncaught errors; reports the errors as well. */
export function listenForShutdown(
  program: NodeJS.Process,
  signals: readonly (keyof typeof codes)[],
  report: (error: unknown) => void,
): ShutdownSignals {
  const waiting: ((reason: ShutdownReason) => void)[] = []
  const next = (): Promise<ShutdownReason> => new Promise((resolve) => waiting.push(resolve))
  const shutdown = { requested: next(), forced: next() }
  for (const signal of signals)
    program.on(signal, () => waiting.shift()?.({ reason: signal, code: codes[signal] }))
  // Includes unhandled rejections.
  program.on('uncaughtException', (error) => {
    report(error)
    waiting.shift()?.({ reason: 'an unexpected error', code: 1, broken: true })
  })
  return shutdown
}

/** Awaits a promise for at most `ms` milliseconds; undefined if it takes longer. */
export async function waitAtMost<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Resolves when the parent process is gone. Usually stdin closes then; but another process may hold the other
 * end of that pipe open, which would keep an orphan alive.
 */
export function parentExited(program: NodeJS.Process): Promise<string> {
  const parent = program.ppid
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (program.ppid === parent) return
      clearInterval(timer)
      resolve('the parent process ended')
    }, checkParentMs).unref()
  })
}
