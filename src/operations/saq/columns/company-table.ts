import { normalizedName } from './recipients.ts'

/** People with one name who belong to different companies. */
export const several: unique symbol = Symbol('several')

/** The companies of people by their names. */
export class CompanyTable {
  readonly #companies = new Map<string, string | typeof several>()

  /** Adds a person; `company` is empty if no record shows it. */
  add(name: string, company: string): void {
    const key = normalizedName(name)
    const known = this.#companies.get(key)
    this.#companies.set(key, known === undefined || known === company ? company : several)
  }

  /** The company of everybody with this name; undefined if nobody has it, empty if no record shows it. */
  find(name: string): string | typeof several | undefined {
    return this.#companies.get(normalizedName(name))
  }
}
