import { type Redact, type Redactor, redactor, type Secret, secretsIn } from '../shared/secrets.ts'

/** The redactor of all secrets in use: those of the settings, and those of the last logins. */
export class SecretsInUse implements Redactor {
  readonly #ofSettings: readonly Secret[]
  #redactor: Redactor

  constructor(settings: object) {
    this.#ofSettings = secretsIn(settings)
    this.#redactor = redactor(this.#ofSettings)
  }

  /** Removes them from a text. */
  readonly redact: Redact = (text) => this.#redactor.redact(text)

  /** Covers each of their characters: every other character keeps its place. */
  readonly cover: Redact = (text) => this.#redactor.cover(text)

  /** Besides those of the settings these are in use from now on, and no others. */
  setLogins(secrets: readonly Secret[]): void {
    this.#redactor = redactor([...this.#ofSettings, ...secrets])
  }
}
