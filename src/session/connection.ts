import type { Settings } from '../config/settings.ts'
import { type Log, silentLog } from '../shared/log.ts'
import { type Redact, type Redactor, redactor, Secret, secretsIn } from '../shared/secrets.ts'
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
  readonly #findAccount: () => Promise<Account>
  readonly #log: Log
  #redactor: Redactor
  #opened: Promise<OpenConnection> | undefined

  constructor(settings: Settings, findAccount: () => Promise<Account>, log: Log = silentLog) {
    this.settings = settings
    this.#findAccount = findAccount
    this.#log = log
    this.#redactor = redactor(secretsIn(settings))
  }

  /** Removes the secrets of the settings and the current token from a text. */
  readonly redact: Redact = (text) => this.#redactor.redact(text)

  /** Covers each character of those secrets: every other character keeps its place. */
  readonly cover: Redact = (text) => this.#redactor.cover(text)

  /** Opens the connection, once. If that fails, the next call tries again. */
  open(): Promise<OpenConnection> {
    this.#opened ??= this.#connect().catch((error: unknown) => {
      this.#opened = undefined
      throw error
    })
    return this.#opened
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
    const secrets = [...secretsIn(this.settings), ...basicSecrets]
    this.#redactor = redactor(secrets)
    const client = new HttpClient(account, this.settings, this.redact, this.#log)
    let previousToken: Secret | undefined
    const tokens = new TokenKeeper(async (notify) => {
      const token = await login(account, client, new RetryBudget(this.settings.maxWaitSeconds, notify))
      // Redacted by value too: an opaque token, or one inside a base64 text, has no recognizable shape. The
      // previous token may still be in use by requests in flight.
      this.#redactor = redactor([...secrets, ...(previousToken ? [previousToken] : []), new Secret(token)])
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
