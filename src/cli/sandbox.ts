import { wholeNumber } from '../config/parsers.ts'
import { SettingsError } from '../shared/errors.ts'
import type { Invocation } from './command-line.ts'
import type { Command } from './context.ts'

/** The value of a flag, from `min` to `max`. */
function numberOf(flags: Invocation['flags'], name: string, usual: number, min: number, max: number): number {
  const { data, error } = wholeNumber(min, max).safeParse(flags[name] ?? String(usual))
  if (data !== undefined) return data
  throw new SettingsError(`--${name} ${error.issues[0]?.message}.`)
}

/** Runs the sandbox alone until it is told to end. */
export const sandboxCommand: Command = async ({ invocation: { flags }, print, shutdown, cleanup }) => {
  const evidence = flags['evidence'] ?? 'all'
  if (evidence !== 'all' && evidence !== 'documented')
    throw new SettingsError('--evidence must be all or documented.')
  const port = numberOf(flags, 'port', 8480, 0, 65_535)
  const { startSandbox } = await import('../sandbox/sandbox.ts')
  try {
    const { gatewayUrl, apiUrl, username, password, close } = await startSandbox({
      port,
      jobs: numberOf(flags, 'jobs', 15_000, 81, 1_000_000),
      seed: numberOf(flags, 'seed', 1, 0, 999_999_999),
      evidence,
    })
    cleanup.add(close)
    print(JSON.stringify({ gatewayUrl, apiUrl, username, password }))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new SettingsError(
      `Port ${port} is in use: stop what listens there, or pass another one, e.g. --port ${port + 1}.`,
    )
  }
  const { broken } = await shutdown.requested
  return broken ? 1 : 0
}
