import { fullName } from './names.ts'

type Row = Readonly<Record<string, unknown>>

/** A user as far as some record shows them; what no record shows is empty. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly company: string
  readonly emailAddress: string
}

/** The fields of a user's record that a person is read from. */
export const personFields = ['id', 'firstName', 'lastName', 'company', 'emailAddress'] as const

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The person in the record of a user, or in the shorter one that a campaign holds. */
export const personOf = (row: Row): Person => ({
  id: row['id'] === undefined || row['id'] === null ? '' : String(row['id']),
  name: fullName(row),
  company: textOf(row['company']),
  emailAddress: textOf(row['emailAddress']),
})

/** One object for each person, however many records show them: most users are recipients of many campaigns. */
export class SharedPeople {
  readonly #byId = new Map<string, Person>()

  /** The person before with this id, if all is alike; otherwise this one. */
  shared(person: Person): Person {
    if (person.id === '') return person
    const known = this.#byId.get(person.id)
    if (known && isSame(known, person)) return known
    this.#byId.set(person.id, person)
    return person
  }
}

const isSame = (one: Person, other: Person): boolean =>
  one.name === other.name && one.company === other.company && one.emailAddress === other.emailAddress

/** A person with what a second record of the same user shows besides. */
export const completedPerson = (person: Person, other: Person): Person => ({
  id: person.id || other.id,
  name: person.name || other.name,
  company: person.company || other.company,
  emailAddress: person.emailAddress || other.emailAddress,
})
