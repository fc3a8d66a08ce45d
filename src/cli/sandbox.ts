import { SettingsError } from '../shared/errors.ts'
import type { Command } from './context.ts'

function wholeNumber(
  flag: string,
  text: string | true | undefined,
  usual: number,
  min: number,
  max: number,
): number {
  const number = text === undefined ? usual : /^\d{1,9}$/.test(String(text)) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new SettingsError(`${flag} must be a whole number from ${min} to ${max}.`)
}

/** Runs the sandbox alone until it is told to end. */
export const sandboxCommand: Command = async ({ invocation: { flags }, print, shutdown, cleanup }) => {
  const evidence = flags['evidence'] ?? 'all'
  if (evidence !== 'all' && evidence !== 'documented')
    throw new SettingsError('--evidence must be all or documented.')
  const port = wholeNumber('--port', flags['port'], 8480, 0, 65_535)
  const { startSandbox } = await import('../sandbox/sandbox.ts')
  try {
    const { gatewayUrl, apiUrl, username, password, close } = await startSandbox({
      port,
      jobs: wholeNumber('--jobs', flags['jobs'], 15_000, 81, 1_000_000),
      seed: wholeNumber('--seed', flags['seed'], 1, 0, 999_999_999),
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
