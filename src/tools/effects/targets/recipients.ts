import type { Recipients } from '../../../operations/effects/effect-targets.ts'
import type { Input } from '../../../operations/operation.ts'
import { maxRecipients } from '../../../operations/saq/campaign-fields.ts'
import { searchUsers } from '../../../operations/saq/users.ts'
import { inSentence } from '../../../operations/sentences.ts'
import type { Row } from '../../../session/answer.ts'
import { DriftError, InputError } from '../../../shared/errors.ts'
import { formatNumber, texts } from '../../../shared/format.ts'
import { isObject } from '../../../shared/json.ts'
import { comparableName, quotation } from '../../../shared/safe-text.ts'
import { type LookupContext, readList, requireInList, type Target, toTarget } from './lookup.ts'

/** A group that people are found by. */
interface Group {
  /** As a sentence names it, such as `The company "Acme"`. */
  readonly name: string
  readonly where: Input
  readonly wanted: string
  /** What a record says of it: a company, or tags. */
  readonly noun: 'company' | 'tags'
  /** The texts of a record to compare; undefined if the record does not show them. */
  readonly textsOf: (row: Row) => readonly string[] | undefined
}

const companyOf = ({ company }: Row): readonly string[] | undefined =>
  typeof company === 'string' ? [company] : undefined

/** The names of a person's tags; undefined if they are not shown by name. */
function tagNamesOf({ tags }: Row): readonly string[] | undefined {
  if (!Array.isArray(tags)) return undefined
  const names = tags.map((tag: unknown) => (isObject(tag) ? tag['name'] : undefined))
  return names.every((name) => typeof name === 'string') ? names : undefined
}

function groupsIn({ company, tag }: Recipients): Group[] {
  return [
    ...(company === undefined
      ? []
      : [
          {
            name: `The company ${quotation(company)}`,
            where: { company },
            wanted: company,
            noun: 'company',
            textsOf: companyOf,
          } as const,
        ]),
    ...(tag === undefined
      ? []
      : [
          {
            name: `The tag ${quotation(tag)}`,
            where: { tagName: tag },
            wanted: tag,
            noun: 'tags',
            textsOf: tagNamesOf,
          } as const,
        ]),
  ]
}

/** A user whose id can be sent. Throws a DriftError for any other id. */
function toUser(context: LookupContext, row: Row): Target {
  const id = String(row['id'])
  if (/^\d{1,19}$/.test(id)) return toTarget(context, id, row)
  throw new DriftError('Qualys shows a user without an id that is one.', 'Pass ids instead, and report it.')
}

/** Throws a DriftError for the first person whose record shows another company, or other tags. */
function refuseOthers(group: Group, people: readonly Target[]): void {
  const { name, noun, wanted, textsOf } = group
  // If no record shows any, nothing can be compared. If others show theirs, a person without has none.
  if (isUnshown(group, people)) return
  const belongs = (text: string): boolean => comparableName(text) === comparableName(wanted)
  const other = people.find(({ raw }) => raw && !(textsOf(raw) ?? []).some(belongs))
  if (!other) return
  const { firstName, lastName } = other.row ?? {}
  const fullName = [firstName, lastName].filter((part) => typeof part === 'string').join(' ')
  const shown = textsOf(other.row ?? {}) ?? []
  const found =
    shown.length > 0 ? `the ${noun} ${shown.map((text) => quotation(text)).join(', ')}` : `no ${noun}`
  throw new DriftError(
    `${name} also finds user ${inSentence(other.id)}, ${quotation(fullName)}, whose record shows ${found}; nothing was sent.`,
    'Qualys answers with others than were asked for: report it, and pass the ids of the people who are meant.',
  )
}

/** True if no record shows what would have to be compared. */
const isUnshown = ({ textsOf }: Group, people: readonly Target[]): boolean =>
  people.every(({ raw }) => raw && textsOf(raw) === undefined)

/** All users that a search finds, each compared with what was asked. */
async function findGroup(context: LookupContext, group: Group): Promise<Target[]> {
  const { name, where } = group
  const found: Target[] = []
  for await (const { rows, resultLimit } of readList(context, searchUsers, where)) {
    if (resultLimit !== undefined)
      throw new DriftError(
        `${name} finds people whom Qualys does not show: ${resultLimit}`,
        'Pass ids instead.',
      )
    found.push(...rows.map((row) => toUser(context, row)))
    if (found.length > maxRecipients)
      throw new InputError(
        `${name} finds more than ${formatNumber(maxRecipients)} people, the most of one call.`,
        'Choose a smaller group, or pass ids.',
      )
  }
  refuseOthers(group, found)
  if (found.length > 0) return found
  throw new InputError(
    `${name} finds nobody.`,
    'Look with saq_search_users how it is spelled: company and tagName have to be equal.',
  )
}

/** What could not be compared, as one clause; undefined if everything was. */
function uncomparedIn(group: Group, people: readonly Target[]): string | undefined {
  if (!isUnshown(group, people)) return undefined
  const { name, noun } = group
  const records =
    people.length === 1
      ? 'the record of 1 person shows'
      : `the records of ${formatNumber(people.length)} people show`
  return `${records} no ${noun}, so ${name.charAt(0).toLowerCase()}${name.slice(1)} could not be compared`
}

/** The people who become recipients, without duplicates, however they are named. */
export async function findRecipients(
  context: LookupContext,
  recipients: Recipients,
): Promise<{ readonly people: readonly Target[]; readonly uncompared: string | undefined }> {
  const people = await requireInList(context, searchUsers, recipients.ids)
  const uncompared: string[] = []
  for (const group of groupsIn(recipients)) {
    const found = await findGroup(context, group)
    people.push(...found)
    uncompared.push(...texts(uncomparedIn(group, found)))
  }
  if (people.length > maxRecipients)
    throw new InputError(
      `These are ${formatNumber(people.length)} recipients; one call takes ${formatNumber(maxRecipients)}.`,
      'Choose fewer.',
    )
  return {
    people: [...new Map(people.map((person) => [person.id, person])).values()],
    uncompared: uncompared.length === 0 ? undefined : uncompared.join('; '),
  }
}
