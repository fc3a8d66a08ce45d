/** Why a program is to end, and the exit code that says so to whoever waits for a command. */
export interface Told {
  readonly reason: string
  readonly code: number
  /** An error that nobody caught: what runs cannot be trusted to finish. */
  readonly broken?: true
}

/** What is heard of a call that the end of the program cut short. */
export const cutShort =
  'qualys-mcp was told to end before the call was answered. If the call changes something, look up whether that happened before making it again.'

/** 128 and the number of the signal, as shells have it. */
const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
const lookForParentMs = 1_000

/** What tells a program to end. */
export interface Ending {
  /** Resolves the first time it is told. */
  readonly told: Promise<Told>
  /** Resolves the second time: somebody does not want to wait. */
  readonly toldAgain: Promise<Told>
}

/** Listens for these signals, and for errors that nobody caught, which are reported too. */
export function endingOf(
  program: NodeJS.Process,
  signals: readonly (keyof typeof codes)[],
  report: (error: unknown) => void,
): Ending {
  const waiting: ((told: Told) => void)[] = []
  const next = (): Promise<Told> => new Promise((resolve) => waiting.push(resolve))
  const ending = { told: next(), toldAgain: next() }
  for (const signal of signals)
    program.on(signal, () => waiting.shift()?.({ reason: signal, code: codes[signal] }))
  // Rejections that nobody caught come here as well.
  program.on('uncaughtException', (error) => {
    report(error)
    waiting.shift()?.({ reason: 'an unexpected error', code: 1, broken: true })
  })
  return ending
}

/** Waits for something, but no longer than so many milliseconds. */
export async function atMost<T>(ms: number, something: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([something, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Resolves when the parent is gone. Mostly stdin closes then; but somebody else may hold the other end of that pipe, and
 * would keep an orphan alive.
 */
export function orphaned(program: NodeJS.Process): Promise<string> {
  const parent = program.ppid
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (program.ppid === parent) return
      clearInterval(timer)
      resolve('the parent process ended')
    }, lookForParentMs).unref()
  })
}
