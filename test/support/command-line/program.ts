import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

/** The built program in an environment that holds PATH and `env`, and nothing else. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const environment = { PATH: process.env['PATH'] ?? '', ...env }
  // One that hangs is ended, so that it fails its own test and outlives none.
  return spawn(process.execPath, [main, ...args], { env: environment, timeout: 30_000 })
}

/** How a run ended, and all it wrote. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the program to its end; stdin is closed behind `input`. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Ended> {
  const child = start(args, env)
  child.stdin.on('error', () => undefined).end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

/** A harness environment as a process takes it. */
export function processEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
