import { requireStopFolder } from '../../config/limits/stop-folder.ts'
import { type Configuration, readSettings } from '../../config/settings.ts'
import type { SessionWatch } from '../../session/session-watch.ts'
import { openLog } from '../../shared/log.ts'
import { minSecretLength } from '../../shared/secrets.ts'
import { auditFileNotes } from '../../tools/effects/audit/audit-file.ts'
import { budgetPath, budgetPlace } from '../../tools/effects/budgets/budget-place.ts'
import { safeguardsOf } from '../../tools/effects/safeguards.ts'
import { SentRuns } from '../../tools/sent-runs.ts'
import { catalogueOf } from '../../tools/server/catalogue.ts'
import type { ServerOptions } from '../../tools/server/server-options.ts'
import { localCaller, type Tool } from '../../tools/tool.ts'
import type { CommandContext } from '../context.ts'
import { localPageFor } from './local-page.ts'
import { secretsFor, sessionOpener } from './session.ts'

/** Loads the tools, which are needed with the first call. */
async function loadTools(): Promise<ReadonlyMap<string, Tool>> {
  const [{ limitHeapGrowth }, { toolRegistry }] = await Promise.all([
    import('../../shared/memory/heap-growth.ts'),
    import('../../tools/server/tool-registry.ts'),
  ])
  limitHeapGrowth()
  return toolRegistry
}

/** Says what was normalized, what is wrong with the audit log, which variables do nothing, and which secrets are too short to be redacted. */
function warnOf(
  { settings, unknown, weakSecrets: weak, normalized }: Configuration,
  warn: (line: string) => void,
): void {
  if (normalized.length > 0) warn(`settings were normalized: ${normalized.join('; ')}`)
  for (const name of unknown) warn(`${name} is no setting of this program and does nothing`)
  for (const name of weak)
    warn(
      `${name} holds a secret of less than ${minSecretLength} characters, which is not taken out of texts by its value`,
    )
  if (settings.auditFile !== undefined && settings.mode !== 'read-only')
    for (const note of auditFileNotes(settings.auditFile)) warn(note)
}

/** What a command decides about its server. */
interface OwnOptions {
  /** Told of what the session does. */
  readonly watch?: SessionWatch
  /** True if calls wait for a person at once, since whoever calls sees their progress. */
  readonly waitsAtOnce?: boolean
  /** True if the command moves plans on by itself. */
  readonly movesPlans?: boolean
  /** True if the command tells in words what went wrong: unless a level is set, the log has only what is unexpected. */
  readonly tellsProblems?: boolean
  /** True if the command ends at once: a page of its own would be gone before anybody opens it. */
  readonly endsAtOnce?: boolean
}

/**
 * What a server is made of, from flags and environment. `serves`: a client has started it, warnings go to the
 * log, and the log has more than errors.
 */
export function serverOptionsFor(
  context: CommandContext,
  serves: boolean,
  { watch, waitsAtOnce, movesPlans, tellsProblems, endsAtOnce }: OwnOptions = {},
): ServerOptions {
  const { invocation, environment, warn, writeLog, onExit, shutdown } = context
  const configuration = readSettings(invocation.settings, environment, { isStartedByClient: serves })
  const { settings, origins } = configuration
  const catalogue = catalogueOf(settings)
  requireStopFolder(settings.stopFile)
  // A command reports its end itself.
  const usualOfCommand = tellsProblems ? 'error' : 'warn'
  const threshold = !serves && origins.logLevel === 'default' ? usualOfCommand : settings.logLevel
  const secrets = secretsFor(configuration, context)
  const log = openLog(threshold, secrets.redact, writeLog)
  warnOf(configuration, serves ? (line) => log.warn({}, line) : warn)
  const ending = new AbortController()
  void shutdown.requested.then(() => ending.abort())
  const page = localPageFor(context, { settings, log, audit: () => safeguards.audit })
  const safeguards = safeguardsOf(settings, secrets.redact, {
    ending: ending.signal,
    page: endsAtOnce ? undefined : page,
    waitsAtOnce,
    movesPlans,
  })
  const budgets = budgetPath(settings, safeguards.stateDir)
  if (budgets !== undefined) log.info({}, `budgets are ${budgetPlace(budgets)}`)
  // Closed last: calls that the shutdown interrupts are logged too, however the program ends.
  onExit(() => safeguards.audit?.close())
  return {
    ...catalogue,
    loadTools,
    redact: secrets.redact,
    openSession: sessionOpener(configuration, context, secrets, log, watch),
    configuration,
    safeguards,
    hostCounts: new Map(),
    sentRuns: new SentRuns(),
    caller: localCaller,
    log,
  }
}
