import type { CommandContext } from '../../../src/cli/context.ts'
import { callersCommand } from '../../../src/cli/service/callers.ts'

/** Runs `callers` with these words and flags, and returns what it wrote. */
export async function runCallers(
  words: readonly string[],
  { path, ...flags }: Readonly<Record<string, string>> = {},
): Promise<{ readonly printed: string[]; readonly warned: string[] }> {
  const [printed, warned]: [string[], string[]] = [[], []]
  const context = {
    invocation: { command: 'callers', operands: words, flags, settings: {} },
    environment: path === undefined ? {} : { QUALYS_CALLERS_FILE: path },
    print: (line: string) => printed.push(line),
    warn: (line: string) => warned.push(line),
  }
  await callersCommand(context as unknown as CommandContext)
  return { printed, warned }
}
