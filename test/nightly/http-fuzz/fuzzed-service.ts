import { join } from 'node:path'
import { leftOpen } from '../../support/clients/left-open.ts'
import { startService } from '../../support/clients/service.ts'
import { processEnvironment } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { program } from '../../support/stdio/peers.ts'
import { processUsage } from '../soak/sandbox-process.ts'
import type { ServiceWatch } from './service-watch.ts'

/** Names that the settings allow in Host and Origin. */
export const names = { host: 'mcp.example', origin: 'https://app.example' } as const

/** The longest time of a call. */
export const callTimeoutSeconds = 3

/** What a service has open. */
export interface Usage {
  /** MiB. */
  readonly memory: number
  readonly handles: number
}

/** A service that is fuzzed, and what it tells of itself. */
export interface FuzzedService {
  readonly port: number
  /** Undefined where the system does not tell. */
  readonly usage: () => Promise<Usage | undefined>
  /** What is still open so long after the last client is gone: connections, and calls that nobody waits for. */
  readonly leftOpen: (patienceMs: number) => Promise<string | undefined>
  /** Ends it; returns what is wrong with its end. */
  readonly stop: () => Promise<string | undefined>
}

/** Shorter than a drain that waits for calls. */
const maxEndMs = 10_000

/** Starts the built program with two callers, in a folder of its own. */
export async function startFuzzedService(
  sandbox: TestSandbox,
  folder: string,
  secret: string,
  watch: ServiceWatch,
): Promise<FuzzedService> {
  const environment = environmentFor(sandbox, {
    QUALYS_MODE: 'confirm',
    QUALYS_UNVERIFIED: 'all',
    QUALYS_STATE_DIR: join(folder, 'state'),
    QUALYS_MAX_WAIT_SECONDS: '0',
    QUALYS_CALL_TIMEOUT_SECONDS: String(callTimeoutSeconds),
    QUALYS_MAX_ASSETS_PER_RUN: '100',
    QUALYS_CONCURRENCY: '8',
    QUALYS_CALLS_PER_MINUTE: '1000000',
    // Each request comes from an address of its own: who brings wrong tokens again and again has to wait.
    QUALYS_BEHIND_PROXY: '127.0.0.1',
    QUALYS_HTTP_HOSTS: names.host,
    QUALYS_HTTP_ORIGINS: names.origin,
    QUALYS_METRICS_PORT: '0',
    QUALYS_SECRET_FUZZ: secret,
  })
  const service = await startService({
    server: {
      command: process.execPath,
      args: ['--trace-warnings', program],
      env: processEnvironment(environment),
    },
    callers: {
      operator: { role: ['operator'] },
      viewer: { role: ['viewer'] },
      ended: { role: ['operator'], expires: '2020-01-01' },
    },
    onLine: watch.readLine,
  })
  return {
    port: service.port,
    usage: () => processUsage(service.pid),
    leftOpen: (patienceMs) => leftOpen(service, patienceMs),
    stop: async () => {
      const began = performance.now()
      const code = await service.stop()
      const ms = Math.round(performance.now() - began)
      if (code !== 0) return `the service ended with ${code}`
      return ms > maxEndMs ? `the service took ${ms} ms to end, though nobody waited for a call` : undefined
    },
  }
}
