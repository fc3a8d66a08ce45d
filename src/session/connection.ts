import type { Settings } from '../config/settings.ts'
import { type Log, silentLog } from '../shared/log.ts'
import { Secret } from '../shared/secrets.ts'
import { type Account, loginOf } from './auth/account.ts'
import {
  type Authenticator,
  basicOf,
  passwordAuthenticator,
  tokenAuthenticator,
} from './auth/authenticator.ts'
import { login } from './auth/login.ts'
import { TokenKeeper } from './auth/token.ts'
import type { HttpClient } from './http/client.ts'
import type { HostLimits } from './http/host.ts'
import { RetryBudget } from './http/retry-budget.ts'
import type { SecretsInUse } from './secrets-in-use.ts'
import type { SessionWatch } from './session-watch.ts'

/** All that is needed to send requests for one account. */
export interface OpenConnection {
  readonly account: Account
  readonly client: HttpClient
  readonly tokens: TokenKeeper
  readonly tokenAuthenticator: Authenticator
  readonly passwordAuthenticator: Authenticator | undefined
}

/** Who is logged in, and for how long. */
export interface ConnectionState {
  readonly account: Account
  /** Minutes until the token is renewed. */
  readonly minutesLeft?: number | undefined
}

/** The last reported limits of each host. */
export interface AccountLimits {
  readonly gateway?: HostLimits
  readonly apiServer?: HostLimits
}

/** The connection of an account, opened at the first call: listing tools needs neither account nor network. */
export class Connection {
  readonly settings: Settings
  readonly secrets: SecretsInUse
  readonly #findAccount: () => Promise<Account>
  readonly #log: Log
  readonly #watch: SessionWatch
  #opened: Promise<OpenConnection> | undefined

  constructor(
    settings: Settings,
    findAccount: () => Promise<Account>,
    secrets: SecretsInUse,
    log: Log = silentLog,
    watch: SessionWatch = {},
  ) {
    this.#watch = watch
    this.settings = settings
    this.#findAccount = findAccount
    this.secrets = secrets
    this.#log = log
  }

  /** Opens the connection, once. If that fails, the next call tries again. */
  open(): Promise<OpenConnection> {
    this.#opened ??= this.#connect().catch((error: unknown) => {
      this.#opened = undefined
      throw error
    })
    return this.#opened
  }

  /** The last reported limits of each host; none before the first call. Opens and sends nothing. */
  async limits(): Promise<AccountLimits> {
    if (!this.#opened) return {}
    const { account, client } = await this.#opened
    const { gatewayUrl, apiUrl } = account
    return {
      ...(gatewayUrl && { gateway: client.limitsAt(gatewayUrl) }),
      ...(apiUrl && { apiServer: client.limitsAt(apiUrl) }),
    }
  }

  /** Closes every connection to Qualys. */
  async close(): Promise<void> {
    if (this.#opened) await (await this.#opened).client.close()
  }

  async #connect(): Promise<OpenConnection> {
    const account = await this.#findAccount()
    // The HTTP stack is half of the program's size, so it is loaded only when it is needed.
    const { HttpClient } = await import('./http/client.ts')
    const basicLogin = loginOf(account)
    const basicSecrets = basicLogin ? [new Secret(basicOf(basicLogin))] : []
    this.secrets.setLogins(basicSecrets)
    const client = new HttpClient(account, this.settings, this.secrets.redact, this.#log, this.#watch)
    let previousToken: Secret | undefined
    const tokens = new TokenKeeper(async (notify) => {
      const budget = new RetryBudget(this.settings.maxWaitSeconds, notify)
      const token = await login(account, client, budget).catch((error: unknown) => {
        this.#watch.onLogin?.(error)
        throw error
      })
      this.#watch.onLogin?.()
      // Redacted by value too: an opaque token, or one inside a base64 text, has no recognizable shape. The
      // previous token may still be in use by requests in flight.
      const inUse = [...(previousToken ? [previousToken] : []), new Secret(token)]
      this.secrets.setLogins([...basicSecrets, ...inUse])
      previousToken = new Secret(token)
      return token
    })
    return {
      account,
      client,
      tokens,
      tokenAuthenticator: tokenAuthenticator(tokens),
      passwordAuthenticator: basicLogin && passwordAuthenticator(basicLogin),
    }
  }
}
