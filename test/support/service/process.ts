import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { processEnvironment, spawnProgram } from '../command-line/program.ts'
import { temporaryFolder } from '../consent/raw-client.ts'
import { environmentFor } from '../environment.ts'
import type { TestSandbox } from '../sandbox.ts'
import { type Entry, writeCallers } from './callers.ts'
import { type ClientOptions, ServiceClient } from './client.ts'

/** The built program as a service, in a process of its own. */
export interface ServiceProcess {
  readonly child: ChildProcessWithoutNullStreams
  readonly port: number
  readonly metricsPort: number
  readonly folder: string
  readonly client: (name: string, options?: ClientOptions) => ServiceClient
  /** Everything it has written to stderr so far. */
  readonly stderr: () => string
  /** Resolves when stderr holds this. */
  readonly said: (text: string) => Promise<void>
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  readonly audit: () => readonly Readonly<Record<string, unknown>>[]
  readonly readyStatus: () => Promise<number>
}

/** How a service differs from one that asks nobody. */
export interface ProcessOptions {
  readonly settings?: Environment
  readonly callers?: Readonly<Record<string, Entry>>
  readonly folder?: string
}

/** The environment of a service on a sandbox, with a folder of its own. */
export function serviceEnvironment(
  sandbox: TestSandbox,
  { settings = {}, callers = { ada: { role: 'operator' } }, folder = temporaryFolder() }: ProcessOptions = {},
): { readonly folder: string; readonly environment: Record<string, string> } {
  const callersFile = join(folder, 'callers.json')
  writeCallers(callersFile, callers)
  const environment = environmentFor(sandbox, {
    QUALYS_STATE_DIR: folder,
    QUALYS_CALLERS_FILE: callersFile,
    QUALYS_AUDIT_FILE: join(folder, 'audit.jsonl'),
    QUALYS_MODE: 'unattended',
    QUALYS_HTTP_PORT: '0',
    QUALYS_METRICS_PORT: '0',
    ...settings,
  })
  return { folder, environment: processEnvironment(environment) }
}

/** Starts the service, and waits until it listens. It is killed after the test. */
export async function spawnService(
  sandbox: TestSandbox,
  options: ProcessOptions = {},
): Promise<ServiceProcess> {
  const { folder, environment } = serviceEnvironment(sandbox, options)
  const child = spawnProgram(['http'], environment)
  let stderr = ''
  const waiting = new Set<() => void>()
  child.stdout.resume()
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const look of [...waiting]) look()
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const said = (text: string): Promise<void> =>
    Promise.race([
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (!stderr.includes(text)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
      ended.then(() => {
        if (!stderr.includes(text)) throw new Error(`It ended without saying ${text}: ${stderr}`)
      }),
    ])
  await said('"msg":"started"')
  const line = stderr.split('\n').find((one) => one.includes('"msg":"started"')) ?? '{}'
  const { port, metricsPort } = JSON.parse(line) as { readonly port: number; readonly metricsPort: number }
  return {
    child,
    port,
    metricsPort,
    folder,
    client: (name, more) => new ServiceClient(port, name, more),
    stderr: () => stderr,
    said,
    ended,
    audit: () =>
      readFileSync(join(folder, 'audit.jsonl'), 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((one) => JSON.parse(one)),
    readyStatus: async () => (await fetch(`http://127.0.0.1:${metricsPort}/readyz`)).status,
  }
}
