import { PassThrough, Readable } from 'node:stream'
import { readCommandLine } from '../../../src/cli/command-line.ts'
import { Cleanup, type CommandContext } from '../../../src/cli/context.ts'
import { plansCommand } from '../../../src/cli/plans/plans.ts'
import type { ShutdownReason } from '../../../src/cli/shutdown.ts'
import type { Environment } from '../../../src/config/settings.ts'
import { SettingsError } from '../../../src/shared/errors.ts'

/** How `plans` ended, and what it wrote. */
export interface PlansResult {
  readonly exitCode: number
  readonly printed: readonly string[]
  /** What went to the operator on stderr. */
  readonly warned: readonly string[]
  readonly log: readonly string[]
}

interface Run {
  /** What a person types into the terminal; without it there is none. */
  readonly typed?: string
  /** Told each line that is printed. */
  readonly onLine?: (line: string) => void
  /** Resolves when the program is told to end. */
  readonly ending?: Promise<unknown>
}

/** Runs `plans` with these words and flags, as the program does. */
export async function runPlans(
  environment: Environment,
  words: readonly string[],
  { typed, onLine = () => undefined, ending }: Run = {},
): Promise<PlansResult> {
  const [printed, warned, log]: [string[], string[], string[]] = [[], [], []]
  const atExit: (() => void)[] = []
  const cleanup = new Cleanup()
  const never = new Promise<never>(() => undefined)
  const context = {
    invocation: readCommandLine(['plans', ...words]),
    environment,
    stdin: Readable.from(typed === undefined ? [] : [`${typed}\n`]),
    stdout: new PassThrough().resume(),
    isTerminal: () => typed !== undefined,
    print: (line: string) => {
      printed.push(line)
      onLine(line)
    },
    warn: (line: string) => warned.push(line),
    writeLog: (line: string) => log.push(line),
    shutdown: {
      requested: ending?.then((): ShutdownReason => ({ reason: 'SIGTERM', code: 143 })) ?? never,
      forced: never,
    },
    cleanup,
    onExit: (close: () => void) => atExit.push(close),
    reportBy: () => undefined,
  } as unknown as CommandContext
  try {
    return { exitCode: await plansCommand(context), printed, warned, log }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return { exitCode: 2, printed, warned: [...warned, error.message], log }
  } finally {
    await cleanup.run()
    for (const close of atExit) close()
  }
}
