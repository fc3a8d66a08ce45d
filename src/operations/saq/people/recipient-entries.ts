import { normalizedName, recipientInTitle } from './names.ts'
import type { Person } from './person.ts'
import { SharedValues } from './shared-values.ts'

type Row = Readonly<Record<string, unknown>>

/** A person of a campaign, with the questionnaires that bear their name. */
export interface RecipientEntry {
  readonly person: Person
  /**
   * None if nothing was sent. A questionnaire shows only the name of its recipient, so namesakes have all
   * questionnaires of that name in common.
   */
  readonly questionnaires: readonly Row[]
  /** Number of people of the campaign with this name, this one included. */
  readonly namesakes: number
}

/** The people of a campaign and its questionnaires, brought together by name. */
export interface RecipientEntries {
  /** In the order of the campaign's record. */
  readonly entries: readonly RecipientEntry[]
  /** Questionnaires whose titles name somebody who is not among the people. */
  readonly strangers: readonly Row[]
  /** Questionnaires whose titles name nobody. */
  readonly nameless: readonly Row[]
}

/** The name in the title of a questionnaire, on one line; undefined if it names nobody. */
export const recipientNameOf = ({ title }: Row, campaignName: string): string | undefined =>
  typeof title === 'string' ? recipientInTitle(title, campaignName)?.replace(/\s+/g, ' ').trim() : undefined

function addTo<Item>(groups: Map<string, Item[]>, key: string, item: Item): void {
  const group = groups.get(key)
  if (group) group.push(item)
  else groups.set(key, [item])
}

/** Brings the people of a campaign and its questionnaires together. */
export function recipientEntries(
  people: readonly Person[],
  questionnaires: Iterable<Row>,
  campaignName: string,
): RecipientEntries {
  const named = new Map<string, Row[]>()
  const nameless: Row[] = []
  for (const row of questionnaires) {
    const name = recipientNameOf(row, campaignName)
    if (name === undefined) nameless.push(row)
    else addTo(named, normalizedName(name), row)
  }
  const namesakes = new Map<string, Person[]>()
  const seen = new Set<string>()
  const unique = people.filter(({ id }) => id === '' || (!seen.has(id) && seen.add(id)))
  for (const person of unique) if (person.name !== '') addTo(namesakes, normalizedName(person.name), person)
  const entries = unique.map((person) => {
    const key = normalizedName(person.name)
    return {
      person,
      questionnaires: person.name === '' ? [] : (named.get(key) ?? []),
      namesakes: namesakes.get(key)?.length ?? 1,
    }
  })
  const strangers = [...named].flatMap(([key, rows]) => (namesakes.has(key) ? [] : rows))
  return { entries, strangers, nameless }
}

/**
 * What holds for a person's questionnaire. Of namesakes it is known only if each has one, and it holds for all of them;
 * undefined if it is not known, or the person has none.
 */
export function agreedValue<Value>(
  { questionnaires, namesakes }: RecipientEntry,
  read: (row: Row) => Value,
): Value | undefined {
  const values = new SharedValues<Value>()
  for (const row of questionnaires) values.add(read(row))
  return values.agreed(namesakes)
}
