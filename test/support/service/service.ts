import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Environment, readSettings } from '../../../src/config/settings.ts'
import { type Service, startService } from '../../../src/service/service.ts'
import { accountOf } from '../../../src/session/auth/account.ts'
import { SecretsInUse } from '../../../src/session/secrets-in-use.ts'
import { openSession, type Session } from '../../../src/session/session.ts'
import type { SessionWatch } from '../../../src/session/session-watch.ts'
import { openLog } from '../../../src/shared/log.ts'
import type { CallTimes } from '../../../src/tools/approvals.ts'
import { safeguardsOf } from '../../../src/tools/effects/safeguards.ts'
import { SentRuns } from '../../../src/tools/sent-runs.ts'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'
import type { ServerOptions } from '../../../src/tools/server/server-options.ts'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'
import { localCaller } from '../../../src/tools/tool.ts'
import { shortTimes } from '../assistant.ts'
import { temporaryFolder } from '../consent/raw-client.ts'
import { environmentFor } from '../environment.ts'
import type { TestSandbox } from '../sandbox.ts'
import { type Entry, replaceCallers, writeCallers } from './callers.ts'
import { type ClientOptions, ServiceClient } from './client.ts'

/** A line of the log. */
export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [fact: string]: unknown
}

/** A service in this process, and what it wrote. */
export interface TestService extends Service {
  readonly folder: string
  /** Lines of the log, as they were written. */
  readonly log: readonly string[]
  readonly lines: () => readonly LogLine[]
  /** The lines of the audit log; none if there is no file yet. */
  readonly audit: () => readonly Readonly<Record<string, unknown>>[]
  readonly auditText: () => string
  /** A client of a caller. */
  readonly client: (name: string, options?: ClientOptions) => ServiceClient
  /** Replaces the callers. The service looks at the file once a second. */
  readonly setCallers: (callers: Readonly<Record<string, Entry>>) => void
  /** Writes the callers file as it is. */
  readonly writeCallersFile: (text: string) => void
  /** The program is told to end: no effect begins from then on. */
  readonly tellEnd: () => void
  readonly metrics: () => Promise<string>
}

/** How the service of a test differs from one that asks nobody and has an audit log. */
export interface ServiceOptions {
  readonly callers?: Readonly<Record<string, Entry>>
  readonly settings?: Environment
  readonly folder?: string
  /** 0, the default: any free one. */
  readonly port?: number
  /** The time of day for logins and callers, in ms since 1970. */
  readonly now?: () => number
  /** How long a call waits for a person, and until when it may be sent. */
  readonly callTimes?: CallTimes
  /** How often plans are looked at, in ms. */
  readonly plansEveryMs?: number
}

const textIn = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** What a server is made of, as the program makes it. */
function partsOf(environment: Environment, watch: SessionWatch, ending: AbortSignal, callTimes: CallTimes) {
  const configuration = readSettings({}, environment)
  const { settings } = configuration
  const log: string[] = []
  const secrets = new SecretsInUse(settings)
  const write = openLog('debug', secrets.redact, (line) => log.push(line.trimEnd()))
  const session: Session = openSession(settings, async () => accountOf(settings), write, secrets, watch)
  const safeguards = safeguardsOf(settings, secrets.redact, { ending, callTimes, movesPlans: true })
  const base: ServerOptions = {
    ...catalogueOf(settings),
    loadTools: async () => toolRegistry,
    redact: secrets.redact,
    openSession: async () => session,
    safeguards,
    hostCounts: new Map(),
    sentRuns: new SentRuns(),
    caller: localCaller,
    configuration,
    log: write,
  }
  const close = async (): Promise<void> => {
    await session.close()
    safeguards.audit?.close()
  }
  return { base, log, close }
}

/** Starts a service on a sandbox, which is closed after the test. Without callers there is no callers file. */
export async function openTestService(
  sandbox: TestSandbox,
  {
    callers = { ada: { role: 'operator' } },
    settings = {},
    port = 0,
    now = Date.now,
    callTimes = shortTimes,
    plansEveryMs,
    ...given
  }: ServiceOptions = {},
): Promise<TestService> {
  const folder = given.folder ?? temporaryFolder()
  const callersFile = join(folder, 'callers.json')
  writeCallers(callersFile, callers)
  const auditFile = join(folder, 'audit.jsonl')
  const environment = environmentFor(sandbox, {
    QUALYS_STATE_DIR: folder,
    QUALYS_EXPORT_DIR: join(folder, 'exports'),
    ...(Object.keys(callers).length > 0 && { QUALYS_CALLERS_FILE: callersFile }),
    QUALYS_AUDIT_FILE: auditFile,
    QUALYS_UNVERIFIED: 'all',
    QUALYS_METRICS_PORT: '0',
    QUALYS_CALLS_PER_MINUTE: '1000000',
    QUALYS_APPROVE_BY: 'client,page,terminal',
    ...settings,
  })
  const ending = new AbortController()
  const watch: SessionWatch = {}
  const { base, log, close: closeParts } = partsOf(environment, watch, ending.signal, callTimes)
  const place = { host: 'localhost', port, pid: process.pid, isAlive: () => true }
  const start = { base, watch, environment, now, plansEveryMs, ...place }
  const service = await startService(start).catch(async (error: unknown) => {
    await closeParts()
    throw error
  })
  let isClosed = false
  const close = async (): Promise<void> => {
    if (isClosed) return
    isClosed = true
    await service.close()
    await closeParts()
  }
  onTestFinished(close)
  const auditText = (): string => textIn(auditFile)
  return {
    ...service,
    close,
    folder,
    log,
    lines: () => log.map((line) => JSON.parse(line) as LogLine),
    auditText,
    audit: () =>
      auditText()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    client: (name, options) => new ServiceClient(service.port, name, options),
    setCallers: (others) => replaceCallers(callersFile, others),
    writeCallersFile: (text) => writeFileSync(callersFile, text, { mode: 0o600 }),
    tellEnd: () => ending.abort(),
    metrics: async () => (await fetch(`http://127.0.0.1:${service.metricsPort}/metrics`)).text(),
  }
}
