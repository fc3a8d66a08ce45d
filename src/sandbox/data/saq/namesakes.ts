import type { User } from './rows.ts'

/** How many groups of each kind a campaign has. */
const groupsOfKind = 4

/**
 * Users who share their names: pairs within one company, then pairs in two companies, then a group of more, where there
 * are such. The two of a pair stand side by side.
 */
export function pickNamesakes(users: readonly User[]): User[] {
  const byName = new Map<string, User[]>()
  for (const user of users) {
    const name = `${user.firstName} ${user.lastName}`.toLowerCase()
    byName.set(name, [...(byName.get(name) ?? []), user])
  }
  const groups = [...byName.values()].filter((group) => group.length > 1)
  const companiesIn = (group: readonly User[]): number => new Set(group.map(({ company }) => company)).size
  const pairs = groups.filter(({ length }) => length === 2)
  return [
    ...pairs.filter((pair) => companiesIn(pair) === 1).slice(0, groupsOfKind),
    ...pairs.filter((pair) => companiesIn(pair) === 2).slice(0, groupsOfKind),
    ...groups.filter((group) => group.length > 2 && companiesIn(group) > 1).slice(0, 1),
  ].flat()
}
