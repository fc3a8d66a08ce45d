import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

/** The built program in an environment that holds PATH and `env`, and nothing else. */
export function spawnProgram(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const environment = { PATH: process.env['PATH'] ?? '', ...env }
  // A process that hangs is killed, so that it fails only its own test and does not outlive the run.
  return spawn(process.execPath, [main, ...args], { env: environment, timeout: 30_000 })
}

/** How a run ended, and everything it wrote. */
export interface ProgramResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the program to its end; stdin is closed after `input`. */
export async function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input: string | Buffer = '',
): Promise<ProgramResult> {
  const child = spawnProgram(args, env)
  child.stdin.on('error', () => undefined).end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

/** The environment of a test, as a process takes it. */
export function processEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
