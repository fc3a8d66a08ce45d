import { normalizedName } from './names.ts'
import type { Person } from './person.ts'

/** People by their names. Those who bear one name are told apart by their ids, where records show them. */
export class PersonTable {
  readonly #people = new Map<string, Person[]>()

  constructor(people: Iterable<Person> = []) {
    for (const person of people) this.add(person)
  }

  /** Adds a person; the same id under the same name counts once. */
  add(person: Person): void {
    const key = normalizedName(person.name)
    const known = this.#people.get(key)
    if (!known) this.#people.set(key, [person])
    else if (person.id === '' || known.every(({ id }) => id !== person.id)) known.push(person)
  }

  /** Everybody with this name. */
  find(name: string): readonly Person[] {
    return this.#people.get(normalizedName(name)) ?? []
  }
}
