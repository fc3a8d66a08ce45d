import packageJson from '../../../package.json' with { type: 'json' }
import { readSettings, type Settings } from '../../config/settings.ts'
import { stateDirOf } from '../../config/state-dir.ts'
import { SecretsInUse } from '../../session/secrets-in-use.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { SettingsError } from '../../shared/errors.ts'
import { factsOf, openLog } from '../../shared/log.ts'
import type { Command, CommandContext } from '../context.ts'
import { serveToEnd } from '../serve.ts'

/** The settings; a flag of this command is the variable of the same meaning. */
function settingsOf({ invocation: { settings, flags }, environment }: CommandContext) {
  const { 'token-file': tokenFile, 'client-id': clientId } = flags
  return readSettings(
    settings,
    {
      ...environment,
      ...(typeof tokenFile === 'string' && { QUALYS_CONNECT_TOKEN_FILE: tokenFile }),
      ...(typeof clientId === 'string' && { QUALYS_CONNECT_CLIENT_ID: clientId }),
    },
    { isStartedByClient: true },
  )
}

function refuseTwoTokens({ connectTokenFile, connectClientId }: Settings): void {
  if (connectTokenFile !== undefined && connectClientId !== undefined)
    throw new SettingsError(
      'Both QUALYS_CONNECT_TOKEN_FILE (--token-file) and QUALYS_CONNECT_CLIENT_ID (--client-id) are set: keep the file with a token, or the client id to log in with.',
    )
}

/** `qualys-mcp connect URL`: serves a client over stdio with a service over HTTP. */
export const connectCommand: Command = async (context) => {
  const { invocation, stdin, stdout, warn, writeLog, cleanup, reportBy } = context
  const [address] = invocation.operands
  if (address === undefined)
    throw new SettingsError(
      `Name the address of the service: ${ownCommand('connect https://qualys-mcp.example.com/mcp')}.`,
    )
  const { settings, normalized } = settingsOf(context)
  refuseTwoTokens(settings)
  const [{ serviceAddress }, { connectClient }] = await Promise.all([
    import('../../service/connect/address.ts'),
    import('../../service/connect/connect.ts'),
  ])
  const url = serviceAddress(address)
  const secrets = new SecretsInUse(settings)
  const log = openLog(settings.logLevel, secrets.redact, writeLog)
  reportBy({ redact: secrets.redact, report: (error) => log.error(factsOf(error), 'unexpected') })
  if (normalized.length > 0) log.warn({}, `settings were normalized: ${normalized.join('; ')}`)
  const connection = connectClient({
    url,
    settings,
    tokenFile: settings.connectTokenFile,
    clientId: settings.connectClientId,
    stateDir: stateDirOf(settings),
    input: stdin,
    output: stdout,
    announce: warn,
    onTokens: (tokens) => secrets.setLogins(tokens),
    log,
  })
  cleanup.add(connection.close)
  log.info({ version: packageJson.version, url: url.href }, 'started')
  return serveToEnd(context, connection, log)
}
