import packageJson from '../../../package.json' with { type: 'json' }
import type { SessionWatch } from '../../session/session-watch.ts'
import { SettingsError } from '../../shared/errors.ts'
import { factsOf } from '../../shared/log.ts'
import type { Command, CommandContext } from '../context.ts'
import { serverOptionsFor } from '../setup/server-options.ts'
import { waitAtMost } from '../shutdown.ts'

/** The port of a flag. */
function portOf(given: string | true | undefined): number | undefined {
  if (given === undefined) return undefined
  const port = /^\d{1,5}$/.test(String(given)) ? Number(given) : Number.NaN
  if (port <= 65_535) return port
  throw new SettingsError('--port must be a whole number from 0 to 65535.')
}

/** Settings of flags of this command, which the environment has under other names. */
function placeOf(
  { invocation: { flags } }: CommandContext,
  settings: { httpHost: string; httpPort: number },
) {
  const host = flags['host']
  return {
    host: typeof host === 'string' ? host.trim().toLowerCase() : settings.httpHost,
    port: portOf(flags['port']) ?? settings.httpPort,
  }
}

/** `qualys-mcp http`: serves a team over HTTP until it is told to end. */
export const httpCommand: Command = async (context) => {
  const { environment, shutdown, cleanup, reportBy, pid, isAlive, onHangup } = context
  const watch: SessionWatch = {}
  const base = serverOptionsFor(context, true, { watch, movesPlans: true })
  const { log, manifests, configuration } = base
  const { settings } = configuration
  const { mode, sandbox, drainSeconds } = settings
  reportBy({ report: (error) => log.error(factsOf(error), 'unexpected') })
  const { startService } = await import('../../service/service.ts')
  const service = await startService({
    base,
    watch,
    ...placeOf(context, settings),
    environment,
    pid,
    isAlive,
  })
  cleanup.add(service.close)
  onHangup(service.reload)
  const { port, url, metricsPort } = service
  const facts = { version: packageJson.version, mode, sandbox, tools: manifests.length, port, metricsPort }
  log.info({ ...facts, url: `${url}/mcp` }, 'started')
  const first = await shutdown.requested
  log.info({ reason: first.reason }, 'ending')
  if (first.broken) return 1
  const second = await waitAtMost(drainSeconds * 1000, Promise.race([service.drain(), shutdown.forced]))
  return second?.broken ? 1 : 0
}
