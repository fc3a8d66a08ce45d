import { searchUsers } from '../../operations/saq/users.ts'
import { redacted } from '../../secrets.ts'
import { QualysError } from '../../session/errors.ts'
import { isObject } from '../../session/json.ts'
import type { Row } from '../../session/record.ts'
import type { Running } from '../tool.ts'

/** Somebody, as far as Qualys tells who it is. */
export interface Person {
  readonly name: string
  readonly company?: string
  readonly emailAddress?: string
  /** Set where several people bear the name: their ids. */
  readonly ambiguous?: readonly string[]
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const folded = (name: string): string => name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()

/** First and last name. */
export function fullName(row: Row): string {
  return [text(row['firstName']), text(row['lastName'])].filter((part) => part !== '').join(' ')
}

/** A user as one of the people of a campaign. */
export function personOf(row: Row): Person {
  const [company, emailAddress] = [text(row['company']), text(row['emailAddress'])]
  return { name: fullName(row), ...(company && { company }), ...(emailAddress && { emailAddress }) }
}

/** The recipient that a questionnaire's title names: "<campaign> - <first> <last>" (search_questionnaires.htm). Undefined in another form. */
export function nameIn(title: string, campaign: string): string | undefined {
  const start = `${campaign} - `
  const name = title.startsWith(start) ? title.slice(start.length).trim() : ''
  return name === '' ? undefined : name
}

/** More calls than these would take too long for one answer. */
const mostSearches = 50

/**
 * Tells who bears a name. A questionnaire holds no id of its recipient, so that the name in its title is all there is:
 * it is looked for among the campaign's recipients where Qualys shows them, else among all users.
 */
export class People {
  readonly #running: Running
  readonly #recipients: ReadonlyMap<string, readonly Row[]> | undefined
  readonly #asked = new Map<string, Promise<readonly Row[] | undefined>>()
  /** Names that were not looked up, since there were too many, or since users cannot be searched. */
  unasked = 0

  constructor(running: Running, recipients: unknown) {
    this.#running = running
    if (!Array.isArray(recipients)) return
    const byName = new Map<string, Row[]>()
    for (const row of redacted(recipients.filter(isObject), running.session.redact)) {
      const name = folded(fullName(row))
      byName.set(name, [...(byName.get(name) ?? []), row])
    }
    this.#recipients = byName
  }

  /** True when the campaign's own record says who its recipients are. */
  get fromRecipients(): boolean {
    return this.#recipients !== undefined
  }

  async find(name: string): Promise<Person> {
    const among = this.#recipients?.get(folded(name))
    const whole = among?.every((row) => text(row['emailAddress']) !== '')
    const rows = whole ? among : ((await this.#search(name)) ?? among)
    if (!rows) return { name }
    const [first] = rows
    if (!first) return { name }
    return rows.length > 1
      ? { name, ambiguous: rows.map(({ id }) => String(id)) }
      : { ...personOf(first), name }
  }

  #search(name: string): Promise<readonly Row[] | undefined> {
    const known = this.#asked.get(folded(name))
    if (known) return known
    if (this.#asked.size >= mostSearches) {
      this.unasked++
      return Promise.resolve(undefined)
    }
    const search = this.#usersCalled(name)
    this.#asked.set(folded(name), search)
    return search
  }

  async #usersCalled(name: string): Promise<readonly Row[] | undefined> {
    const { session, signal } = this.#running
    const parts = name.split(/\s+/)
    const where = { firstNameContains: parts[0], lastNameContains: parts.at(-1), pageSize: 200 }
    try {
      const answer = await session.call(searchUsers, where, { signal })
      const rows = answer.kind === 'page' ? redacted(answer.rows, session.redact) : []
      return rows.filter((row) => folded(fullName(row)) === folded(name))
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof QualysError)) throw error
      this.unasked++
      return undefined
    }
  }
}
