import { normalizedName } from '../../../../operations/saq/people/names.ts'
import type { Bearers, People } from '../../../../operations/saq/people/people.ts'
import type { Person } from '../../../../operations/saq/people/person.ts'
import { SharedValues } from '../../../../operations/saq/people/shared-values.ts'

/** People of one name, and what is known of their questionnaires. */
interface Group<Value> {
  readonly people: readonly Person[]
  /** Each value, and how many of their questionnaires have it. */
  readonly counts: ReadonlyMap<Value, number>
  /** What holds for each of them; undefined if that is not known. */
  readonly agreed: Value | undefined
}

/** Namesakes of one campaign, whose questionnaires are read one by one. Keeps only counts. */
export class Namesakes<Value> {
  readonly #people: People
  readonly #groups = new Map<string, { readonly bearers: Bearers; readonly values: SharedValues<Value> }>()

  constructor(people: People) {
    this.#people = people
  }

  /** Adds a questionnaire that bears the name. */
  add(name: string, bearers: Bearers, value: Value): void {
    const key = normalizedName(name)
    const group = this.#groups.get(key) ?? { bearers, values: new SharedValues<Value>() }
    group.values.add(value)
    this.#groups.set(key, group)
  }

  /** All groups, after the last questionnaire. Forgets them. */
  *settle(): Iterable<Group<Value>> {
    for (const { bearers, values } of this.#groups.values()) {
      const { people, isByName } = bearers
      // A user who was not read may have the name as well.
      const areAll = !isByName || this.#people.notes.length === 0
      yield { people, counts: values.counts, agreed: areAll ? values.agreed(people.length) : undefined }
    }
    this.#groups.clear()
  }
}
