import type { Settings } from '../config/settings.ts'
import { type Log, silent } from '../shared/log.ts'
import { type Redact, redactor, Secret, secretsIn } from '../shared/secrets.ts'
import { type Access, basicOf, passwordAccess, tokenAccess } from './auth/access.ts'
import { type Account, loginOf } from './auth/account.ts'
import { login } from './auth/login.ts'
import { TokenKeeper } from './auth/token.ts'
import type { Wire } from './http/client.ts'
import { Caller } from './http/retry-budget.ts'

/** All that is needed to talk to Qualys for one account. */
export interface Link {
  readonly account: Account
  readonly wire: Wire
  readonly tokens: TokenKeeper
  readonly byToken: Access
  readonly byPassword: Access | undefined
}

/** The link of an account, made at the first call: listing tools needs neither account nor network. */
export class Connection {
  readonly settings: Settings
  readonly #findAccount: () => Promise<Account>
  readonly #log: Log
  #redact: Redact
  #link: Promise<Link> | undefined

  constructor(settings: Settings, findAccount: () => Promise<Account>, log: Log = silent) {
    this.settings = settings
    this.#findAccount = findAccount
    this.#log = log
    this.#redact = redactor(secretsIn(settings))
  }

  /** Removes the secrets of the settings and the current token from a text. */
  readonly redact: Redact = (text) => this.#redact(text)

  /** The link. If making it fails, the next call tries again. */
  open(): Promise<Link> {
    this.#link ??= this.#make().catch((error: unknown) => {
      this.#link = undefined
      throw error
    })
    return this.#link
  }

  /** Closes every connection to Qualys. */
  async close(): Promise<void> {
    if (this.#link) await (await this.#link).wire.close()
  }

  async #make(): Promise<Link> {
    const account = await this.#findAccount()
    // The HTTP stack is half of the program's size, so it is loaded only when it is needed.
    const { Wire } = await import('./http/client.ts')
    const known = loginOf(account)
    const header = known ? [new Secret(basicOf(known))] : []
    const secrets = [...secretsIn(this.settings), ...header]
    this.#redact = redactor(secrets)
    const wire = new Wire(account, this.settings, this.redact, this.#log)
    let before: Secret | undefined
    const tokens = new TokenKeeper(async (tell) => {
      const token = await login(account, wire, new Caller(this.settings.maxWaitSeconds, tell))
      // Redacted by value too: an opaque token, or one inside a base64 text, has no recognizable shape. The
      // previous token may still be in use by requests in flight.
      this.#redact = redactor([...secrets, ...(before ? [before] : []), new Secret(token)])
      before = new Secret(token)
      return token
    })
    return {
      account,
      wire,
      tokens,
      byToken: tokenAccess(tokens),
      byPassword: known && passwordAccess(known),
    }
  }
}
