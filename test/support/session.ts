import type { Environment } from '../../src/config/settings.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { type Account, accountOf } from '../../src/session/auth/account.ts'
import { openSession, type Session } from '../../src/session/session.ts'
import { Secret } from '../../src/shared/secrets.ts'
import { environmentFor, settingsFrom } from './environment.ts'

/** The real session on a sandbox, over HTTP. */
export function sessionOn(sandbox: Sandbox, extra: Environment = {}): Session {
  const settings = settingsFrom(environmentFor(sandbox, extra))
  return openSession(settings, async () => accountOf(settings))
}

/** A password account on a sandbox, for the parts below the session. */
export function accountOn(sandbox: Sandbox, password = sandbox.password): Account {
  const { gatewayUrl, apiUrl, username } = sandbox
  return {
    platform: 'test',
    gatewayUrl,
    apiUrl,
    credentials: { kind: 'password', username, password: new Secret(password) },
    sandbox: false,
  }
}
