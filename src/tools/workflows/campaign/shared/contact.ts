import { fullName } from '../../../../operations/saq/people/names.ts'
import type { Absence, Bearers } from '../../../../operations/saq/people/people.ts'
import { type Person, personOf } from '../../../../operations/saq/people/person.ts'
import type { Row } from '../../../../session/answer.ts'

/** Why nobody is known by a name. `unread`: the users were not looked at. */
export type Missing = Absence | 'unread'

/** A person of a campaign, as far as Qualys identifies them. */
export interface Contact {
  readonly name: string
  readonly company?: string
  readonly emailAddress?: string
  /** Ids of all people with this name: several if it is ambiguous; those whose records show no id are left out. */
  readonly ids: readonly string[]
  /** Number of people with this name. */
  readonly bearers: number
  /** True if the name alone led to users. */
  readonly isByName?: true
  /** Present if nobody is known by the name. */
  readonly missing?: Missing
}

const idsOf = (people: readonly Person[]): readonly string[] =>
  people.flatMap(({ id }) => (id === '' ? [] : [id]))

function contactOfPerson({ name, company, emailAddress, id }: Person): Contact {
  return {
    name,
    ...(company && { company }),
    ...(emailAddress && { emailAddress }),
    ids: id === '' ? [] : [id],
    bearers: 1,
  }
}

/** The user in a record as a contact. */
export const contactOf = (row: Row): Contact => contactOfPerson({ ...personOf(row), name: fullName(row) })

/** Why nobody is known by a name. */
export function missingFrom({ absence, isByName }: Bearers, hasRecipients: boolean): Missing | undefined {
  // Without recipients the users are looked at, unless they were not read.
  return absence === 'nobody' && !isByName && !hasRecipients ? 'unread' : absence
}

/** Who is meant by a name. */
export function contactNamed(name: string, bearers: Bearers, hasRecipients: boolean): Contact {
  const { people, isByName } = bearers
  const missing = missingFrom(bearers, hasRecipients)
  const [first] = people
  return {
    ...(first && people.length === 1
      ? { ...contactOfPerson(first), name }
      : { name, ids: idsOf(people), bearers: people.length }),
    ...(isByName && { isByName }),
    ...(missing && { missing }),
  }
}
