import { type Log, silent } from '../log.ts'
import { type Redact, redactor, Secret, secretsIn } from '../secrets.ts'
import type { Settings } from '../settings.ts'
import { type Access, basicOf, passwordAccess, tokenAccess } from './access.ts'
import { type Account, loginOf } from './account.ts'
import { Caller } from './caller.ts'
import { login } from './login.ts'
import { TokenKeeper } from './token.ts'
import type { Wire } from './wire.ts'

/** What stands between this program and Qualys, for one account. */
export interface Link {
  readonly account: Account
  readonly wire: Wire
  readonly tokens: TokenKeeper
  readonly byToken: Access
  readonly byPassword: Access | undefined
}

/** The one link of an account, made at the first call: listing tools needs neither account nor network. */
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

  /** Takes the secrets of the settings, and the token in force, out of a text. */
  readonly redact: Redact = (text) => this.#redact(text)

  /** The link; one that did not come about is tried again with the next call. */
  open(): Promise<Link> {
    this.#link ??= this.#make().catch((error: unknown) => {
      this.#link = undefined
      throw error
    })
    return this.#link
  }

  /** Ends every exchange with Qualys. */
  async close(): Promise<void> {
    if (this.#link) await (await this.#link).wire.close()
  }

  async #make(): Promise<Link> {
    const account = await this.#findAccount()
    // The HTTP stack is half of the program's size: a server that only lists its tools never loads it.
    const { Wire } = await import('./wire.ts')
    const known = loginOf(account)
    const header = known ? [new Secret(basicOf(known))] : []
    const secrets = [...secretsIn(this.settings), ...header]
    this.#redact = redactor(secrets)
    const wire = new Wire(account, this.settings, this.redact, this.#log)
    let before: Secret | undefined
    const tokens = new TokenKeeper(async (tell) => {
      const token = await login(account, wire, new Caller(this.settings.maxWaitSeconds, tell))
      // By its value too: an opaque token, or one inside a base64 text, has no shape that tells it. The one before may
      // still be under way.
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
