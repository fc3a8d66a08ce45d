import type { Configuration } from '../../config/settings.ts'
import type { Account } from '../../session/auth/account.ts'
import { SecretsInUse } from '../../session/secrets-in-use.ts'
import type { Session } from '../../session/session.ts'
import type { SessionWatch } from '../../session/session-watch.ts'
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

/** The secrets that the settings hold. Errors are redacted by them from now on. */
export function secretsFor({ settings }: Configuration, { reportBy }: CommandContext): SecretsInUse {
  const secrets = new SecretsInUse(settings)
  reportBy({ redact: secrets.redact })
  return secrets
}

/** Opens the session that the settings describe, once, when it is first needed: its code is loaded then. */
export function sessionOpener(
  { settings }: Configuration,
  { cleanup }: CommandContext,
  secrets: SecretsInUse,
  log?: Log,
  watch?: SessionWatch,
): () => Promise<Session> {
  let opened: Promise<Session> | undefined
  const open = async (): Promise<Session> => {
    const [{ openSession }, { accountOf }] = await Promise.all([
      import('../../session/session.ts'),
      import('../../session/auth/account.ts'),
    ])
    const findAccount = async () => (settings.sandbox ? sandboxAccount(cleanup) : accountOf(settings))
    return openSession(settings, findAccount, log, secrets, watch)
  }
  cleanup.add(async () => (await opened)?.close())
  return () => {
    opened ??= open()
    return opened
  }
}
