import { fullName, normalizedName } from '../../../operations/saq/people/names.ts'
import { searchUsers } from '../../../operations/saq/users.ts'
import type { Row } from '../../../session/answer.ts'
import { QualysError } from '../../../shared/errors.ts'
import { groupBy } from '../../../shared/group.ts'
import { isObject } from '../../../shared/json.ts'
import { redactJson } from '../../../shared/secrets.ts'
import type { ToolContext } from '../../tool.ts'

/** A person of a campaign, as far as Qualys identifies them. */
export interface Contact {
  readonly name: string
  readonly company?: string
  readonly emailAddress?: string
  /** True if the campaign's record lists recipients and none has this name. */
  readonly isUnlisted?: true
  /** Ids of all users with this name: several if it is ambiguous, none if no user has it; absent if not searched. */
  readonly ids?: readonly string[]
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A user as a contact. */
export function contactOf(row: Row): Contact {
  const [company, emailAddress] = [textOf(row['company']), textOf(row['emailAddress'])]
  return {
    name: fullName(row),
    ...(company && { company }),
    ...(emailAddress && { emailAddress }),
    ids: row['id'] === undefined ? [] : [String(row['id'])],
  }
}

/** Maximum number of searches for one answer. */
const maxSearches = 50
/** Longer than any name. */
const maxNameLength = 256
/** Maximum number of users to scan in one search for a name. */
const maxScanned = 5_000

/**
 * Looks up people by name. A questionnaire has no id of its recipient, only the name in its title. The name is
 * looked up among the campaign's recipients if Qualys shows them, otherwise among all users.
 */
export class ContactLookup {
  readonly #context: ToolContext
  readonly #recipients: ReadonlyMap<string, readonly Row[]> | undefined
  readonly #searches = new Map<string, Promise<readonly Row[] | undefined>>()

  constructor(context: ToolContext, recipients: unknown) {
    this.#context = context
    if (!Array.isArray(recipients)) return
    const rows: readonly Row[] = redactJson(recipients.filter(isObject), context.session.redact)
    this.#recipients = groupBy(rows, (row) => normalizedName(fullName(row)))
  }

  /** True if the campaign's record lists its recipients. */
  get hasRecipients(): boolean {
    return this.#recipients !== undefined
  }

  async find(name: string): Promise<Contact> {
    const recipients = this.#recipients?.get(normalizedName(name))
    const hasEmails = recipients?.every((row) => textOf(row['emailAddress']) !== '')
    const users = hasEmails ? undefined : await this.#search(name)
    const rows = users && users.length > 0 ? users : (recipients ?? users)
    const unlisted = this.#recipients && !recipients ? { isUnlisted: true as const } : {}
    if (!rows) return { name, ...unlisted }
    const [first] = rows
    const ids = rows.map(({ id }) => String(id))
    return first && rows.length === 1
      ? { ...contactOf(first), name, ids, ...unlisted }
      : { name, ids, ...unlisted }
  }

  #search(name: string): Promise<readonly Row[] | undefined> {
    const cached = this.#searches.get(normalizedName(name))
    if (cached) return cached
    if (this.#searches.size >= maxSearches || name.length > maxNameLength) return Promise.resolve(undefined)
    const search = this.#searchUsers(name)
    this.#searches.set(normalizedName(name), search)
    return search
  }

  /** Users with exactly this name; undefined if the search fails or finds too many. */
  async #searchUsers(name: string): Promise<readonly Row[] | undefined> {
    const { session, signal } = this.#context
    const parts = name.trim().split(/\s+/)
    const filter = {
      firstNameContains: parts[0],
      ...(parts.length > 1 && { lastNameContains: parts.at(-1) }),
    }
    const users: Row[] = []
    let scanned = 0
    try {
      for await (const { rows, resultLimit } of session.walk(searchUsers, filter, { signal })) {
        scanned += rows.length
        if (scanned > maxScanned || resultLimit !== undefined) return undefined
        users.push(
          ...redactJson(rows, session.redact).filter(
            (row) => normalizedName(fullName(row)) === normalizedName(name),
          ),
        )
      }
      return users
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof QualysError) return undefined
      throw error
    }
  }
}
