import { searchUsers } from '../../../operations/saq/users.ts'
import type { Row } from '../../../session/answer.ts'
import { QualysError } from '../../../shared/errors.ts'
import { isObject } from '../../../shared/json.ts'
import { redacted } from '../../../shared/secrets.ts'
import type { Running } from '../../tool.ts'

/** A person, as far as Qualys identifies them. */
export interface Person {
  readonly name: string
  readonly company?: string
  readonly emailAddress?: string
  /** True if the campaign's record lists recipients and none has this name. */
  readonly outside?: true
  /**
   * Ids of all users with this name: several if it is ambiguous, none if nobody has it; absent if nobody was
   * searched for.
   */
  readonly ids?: readonly string[]
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const folded = (name: string): string => name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()

function fullName(row: Row): string {
  return [text(row['firstName']), text(row['lastName'])].filter((part) => part !== '').join(' ')
}

/** A user as a person of a campaign. */
export function personOf(row: Row): Person {
  const [company, emailAddress] = [text(row['company']), text(row['emailAddress'])]
  return {
    name: fullName(row),
    ...(company && { company }),
    ...(emailAddress && { emailAddress }),
    ids: row['id'] === undefined ? [] : [String(row['id'])],
  }
}

/**
 * The recipient in a questionnaire's title: "<campaign> - <first> <last>" (search_questionnaires.htm).
 * Undefined if the title has another form.
 */
export function nameIn(title: string, campaign: string): string | undefined {
  const [whole, start] = [title.trim(), campaign.trim()]
  if (!whole.startsWith(start)) return undefined
  const [dash = '', name] = /^\s*-\s+(.*)$/s.exec(whole.slice(start.length)) ?? []
  return dash === '' || name === '' ? undefined : name
}

/** Maximum number of searches for one answer. */
const mostSearches = 50
/** Longer than any name. */
const longestName = 256
/** Maximum number of users that one search for a name may return. */
const mostNamesakes = 5_000

/**
 * Identifies people by name. A questionnaire does not hold its recipient's id, only the name in its title: it
 * is looked up among the campaign's recipients if Qualys shows them, otherwise among all users.
 */
export class People {
  readonly #running: Running
  readonly #recipients: ReadonlyMap<string, readonly Row[]> | undefined
  readonly #asked = new Map<string, Promise<readonly Row[] | undefined>>()

  constructor(running: Running, recipients: unknown) {
    this.#running = running
    if (!Array.isArray(recipients)) return
    const byName = new Map<string, Row[]>()
    for (const row of redacted(recipients.filter(isObject), running.session.redact)) {
      const name = folded(fullName(row))
      const namesakes = byName.get(name)
      if (namesakes) namesakes.push(row)
      else byName.set(name, [row])
    }
    this.#recipients = byName
  }

  /** True if the campaign's record lists its recipients. */
  get fromRecipients(): boolean {
    return this.#recipients !== undefined
  }

  async find(name: string): Promise<Person> {
    const among = this.#recipients?.get(folded(name))
    const whole = among?.every((row) => text(row['emailAddress']) !== '')
    const found = whole ? undefined : await this.#search(name)
    const rows = found && found.length > 0 ? found : (among ?? found)
    const outside = this.#recipients && !among ? { outside: true as const } : {}
    if (!rows) return { name, ...outside }
    const [first] = rows
    const ids = rows.map(({ id }) => String(id))
    return first && rows.length === 1
      ? { ...personOf(first), name, ids, ...outside }
      : { name, ids, ...outside }
  }

  #search(name: string): Promise<readonly Row[] | undefined> {
    const known = this.#asked.get(folded(name))
    if (known) return known
    if (this.#asked.size >= mostSearches || name.length > longestName) return Promise.resolve(undefined)
    const search = this.#usersCalled(name)
    this.#asked.set(folded(name), search)
    return search
  }

  /** Users with exactly this name; undefined if the search fails or finds too many. */
  async #usersCalled(name: string): Promise<readonly Row[] | undefined> {
    const { session, signal } = this.#running
    const parts = name.trim().split(/\s+/)
    const where = {
      firstNameContains: parts[0],
      ...(parts.length > 1 && { lastNameContains: parts.at(-1) }),
    }
    const found: Row[] = []
    let seen = 0
    try {
      for await (const { rows, wall } of session.walk(searchUsers, where, { signal })) {
        seen += rows.length
        if (seen > mostNamesakes || wall !== undefined) return undefined
        found.push(...redacted(rows, session.redact).filter((row) => folded(fullName(row)) === folded(name)))
      }
      return found
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof QualysError) return undefined
      throw error
    }
  }
}
