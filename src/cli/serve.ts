import packageJson from '../../package.json' with { type: 'json' }
import { SettingsError } from '../shared/errors.ts'
import { factsOf, type Log } from '../shared/log.ts'
import { startTicker } from '../tools/plans/ticker.ts'
import { type ClientConnection, serve } from '../tools/server/stdio.ts'
import type { Command, CommandContext } from './context.ts'
import { serverOptionsFor } from './setup/server-options.ts'
import { type ShutdownReason, waitAtMost } from './shutdown.ts'

/** Running calls get 4 s to finish; together with closing it is 5 s (README). */
const drainMs = 4_000

/** Serves a client until it is gone or the program is told to end, and returns the exit code. */
export async function serveToEnd(
  { shutdown, parentExited }: CommandContext,
  { closed, drain }: ClientConnection,
  log: Log,
): Promise<number> {
  const gone = Promise.race([closed, parentExited()]).then((reason): ShutdownReason => ({ reason, code: 0 }))
  const first = await Promise.race([gone, shutdown.requested])
  log.info({ reason: first.reason }, 'ending')
  if (first.broken) return 1
  const next = first.code === 0 ? shutdown.requested : shutdown.forced
  const second = await waitAtMost(drainMs, Promise.race([drain(), next]))
  return second?.broken ? 1 : 0
}

/** Serves a client. After a disconnect or a signal, running calls may finish; a second signal ends them. */
export const serveCommand: Command = async (context) => {
  const { stdin, stdout, cleanup, reportBy } = context
  const options = serverOptionsFor(context, true, { movesPlans: true })
  const { log, manifests, configuration } = options
  const { mode, sandbox, fourEyes } = configuration.settings
  if (fourEyes)
    throw new SettingsError(
      'QUALYS_FOUR_EYES is set, but over stdio there is one person: unset it, or serve with `http`, which knows who asks and who approves.',
    )
  reportBy({ report: (error) => log.error(factsOf(error), 'unexpected') })
  const ticker = startTicker(options)
  cleanup.add(ticker.close)
  const connection = serve(options, stdin, stdout)
  cleanup.add(connection.close)
  log.info({ version: packageJson.version, mode, sandbox, tools: manifests.length }, 'started')
  // A wave that is being sent may be answered, as a call may.
  const drain = async (): Promise<void> => {
    await Promise.all([connection.drain(), ticker.close()])
  }
  return serveToEnd(context, { ...connection, drain }, log)
}
