import type { Configuration } from '../../config/settings.ts'
import { type Account, accountOf } from '../../session/auth/account.ts'
import { openSession, type Session } from '../../session/session.ts'
import type { Log } from '../../shared/log.ts'
import { Secret } from '../../shared/secrets.ts'
import type { Cleanup, CommandContext } from '../context.ts'

/** The account of the embedded sandbox, which starts at the first call that needs it. */
async function sandboxAccount(cleanup: Cleanup): Promise<Account> {
  const { startSandbox } = await import('../../sandbox/sandbox.ts')
  const { gatewayUrl, apiUrl, username, password, close } = await startSandbox()
  cleanup.addLast(close)
  return {
    platform: 'sandbox',
    gatewayUrl,
    apiUrl,
    credentials: { kind: 'password', username, password: new Secret(password) },
    sandbox: true,
  }
}

/** Opens the session that the settings describe. Errors are redacted by its secrets from now on. */
export function sessionFor(
  { settings }: Configuration,
  { cleanup, reportBy }: CommandContext,
  log?: Log,
): Session {
  const findAccount = async () => (settings.sandbox ? sandboxAccount(cleanup) : accountOf(settings))
  const session = openSession(settings, findAccount, log)
  cleanup.add(() => session.close())
  reportBy({ redact: session.redact })
  return session
}
