import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseJson } from '../../../src/shared/json.ts'
import type { ServerName } from './comparison.ts'

/** A server that the suites are run against. */
export interface TestedServer {
  readonly name: ServerName
  /** What Node runs. */
  readonly program: readonly string[]
}

const fileOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** The servers that the gate tests. */
export const testedServers: readonly TestedServer[] = [
  { name: 'production', program: [fileOf('dist/main.js')] },
  { name: 'fixtures', program: ['--import', 'tsx', fileOf('test/programs/conformance/fixture-server.ts')] },
]

/** Waits for the line of the log that names the address. Throws with the log if the server ends before. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  const lines: string[] = []
  if (stderr === null) throw new Error('there is no log')
  for await (const line of createInterface(stderr)) {
    lines.push(line)
    const { msg, url } = (parseJson(line) ?? {}) as { msg?: unknown; url?: unknown }
    if (msg !== 'started' || typeof url !== 'string') continue
    return url
  }
  throw new Error(`the server did not start: ${lines.join('\n')}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'close')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(timer)
}

/** Starts a server on its sandbox, lets `work` use its address, and ends it. */
export async function withServer<T>(
  { program }: TestedServer,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const stateDir = mkdtempSync(join(tmpdir(), 'qualys-conformance-'))
  const child = spawn(process.execPath, [...program, 'http', '--sandbox', '--port', '0'], {
    // The suites make more requests within a second than callers may.
    env: {
      PATH: process.env['PATH'],
      QUALYS_STATE_DIR: stateDir,
      QUALYS_CALLS_PER_MINUTE: '1000000',
      QUALYS_LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // It does not outlive this program, however that ends.
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  try {
    const url = await addressOf(child)
    child.stderr.resume()
    return await work(url)
  } finally {
    await stop(child)
    process.removeListener('exit', kill)
    rmSync(stateDir, { recursive: true })
  }
}
