import type { Operation } from '../../../operations/operation.ts'
import type { Lists } from '../../lists.ts'
import type { GroupKey } from './group-key.ts'
import { notShown } from './group-values.ts'
import type { Group, Groups } from './groups.ts'

/** For each key the column that is the title of its ids; undefined if it holds no ids. */
export function titleColumns({ titles = {} }: Operation, keys: readonly GroupKey[]): (string | undefined)[] {
  const names = keys.map(({ name }) => name)
  return keys.map(({ name, bucket }) => {
    const title = bucket === undefined && Object.hasOwn(titles, name) ? titles[name] : undefined
    return title === undefined || names.includes(title) ? undefined : title
  })
}

/** The titles beside one column of ids. */
export interface TitleColumn {
  readonly name: string
  readonly byId: ReadonlyMap<string, string>
}

/** For each key the titles of the groups that are shown, and what the reply must say about them. */
export interface Titles {
  readonly columns: readonly (TitleColumn | undefined)[]
  readonly notes: readonly string[]
}

/** The titles of one column of ids: those of the rows, and the others in one lookup. */
async function titlesAt(
  at: number,
  name: string,
  { joinedColumns }: Operation,
  { safe }: Groups,
  shown: readonly Group[],
  lists: Lists,
): Promise<TitleColumn | undefined> {
  const byId = new Map(shown.map(({ values, titles }) => [values[at] ?? '', titles?.[at] ?? '']))
  const missing = [...byId].flatMap(([id, title]) =>
    title === '' && id !== '' && id !== notShown ? [id] : [],
  )
  if (missing.length === 0 || !joinedColumns?.find) return { name, byId }
  const { find } = joinedColumns
  const found = await lists.attempt(() => find(name, missing, lists))
  for (const [id, title] of found ?? []) if (typeof title === 'string') byId.set(id, safe(title))
  return found || missing.length < byId.size ? { name, byId } : undefined
}

/** The titles beside the ids of the groups that are shown. */
export async function findTitles(
  operation: Operation,
  groups: Groups,
  shown: readonly Group[],
  lists: Lists,
): Promise<Titles> {
  const names = titleColumns(operation, groups.keys)
  const columns = await Promise.all(
    names.map(async (name, at) =>
      name === undefined ? undefined : titlesAt(at, name, operation, groups, shown, lists),
    ),
  )
  const unread = names.flatMap((name, at) => (name !== undefined && !columns[at] ? [name] : []))
  const isShown = (column: TitleColumn | undefined): boolean =>
    [...(column?.byId.values() ?? [])].some((title) => title !== '')
  return {
    columns: columns.map((column) => (isShown(column) ? column : undefined)),
    notes: unread.map((name) => `${name} is not shown: its list cannot be read.`),
  }
}
