import type { Parts } from '../../../operations/long-records.ts'
import type { Row } from '../../../session/answer.ts'
import { jsonLine } from '../../../shared/json.ts'

// Groups of items as one row of units, between which a reply may end: an item, or a group without items.

/** One unit, and where it stands. */
export interface Unit {
  readonly group: number
  /** Undefined for a group without items. */
  readonly item: number | undefined
}

const itemsOf = (group: Row, { items }: Parts): readonly unknown[] => {
  const list = group[items]
  return Array.isArray(list) ? list : []
}

/** The units of all groups, in their order. */
export const unitsOf = (groups: readonly Row[], parts: Parts): readonly Unit[] =>
  groups.flatMap((group, at): Unit[] => {
    const items = itemsOf(group, parts)
    return items.length === 0
      ? [{ group: at, item: undefined }]
      : items.map((_, item) => ({ group: at, item }))
  })

/** The number of items before each group. */
export function itemsBefore(groups: readonly Row[], parts: Parts): readonly number[] {
  let count = 0
  return groups.map((group) => {
    const before = count
    count += itemsOf(group, parts).length
    return before
  })
}

/**
 * The groups that some units make up. A group that began before them has its name alone, and says that it is
 * continued. `cut`: the item that is shown instead of the one in the first unit.
 */
export function groupsOf(groups: readonly Row[], units: readonly Unit[], parts: Parts, cut?: Row): Row[] {
  const made: Row[] = []
  let last: number | undefined
  for (const [at, { group, item }] of units.entries()) {
    const source = groups[group] ?? {}
    const value = at === 0 && cut ? cut : item === undefined ? undefined : itemsOf(source, parts)[item]
    const open = made.at(-1)
    if (group === last && open) (open[parts.items] as unknown[]).push(value)
    else if (item === undefined) made.push(source)
    else {
      const { name } = source
      const head = item === 0 ? source : { name, continued: true }
      made.push({ ...head, [parts.items]: [value] })
    }
    last = group
  }
  return made
}

/** A list of groups as JSON that can be passed on: a line for each group, and for each item. */
export function groupsText(groups: readonly Row[], { items }: Parts): string {
  const texts = groups.map((group) => {
    const list = group[items]
    if (!Array.isArray(list)) return jsonLine(group)
    const { [items]: _, ...head } = group
    const start = jsonLine(head).slice(0, -1)
    return `${start}${start === '{' ? '' : ','}${jsonLine(items)}:[\n${list.map(jsonLine).join(',\n')}]}`
  })
  return `[${texts.join(',\n')}]`
}

/** Marks a cut item. No input takes it, so that a part is never stored as the whole. */
const cutMark = 'cut'

/** An item that no reply holds: its longest member is shortened until it is at most `max` characters long. */
export function cutItem(item: unknown, max: number): Row {
  let row: Record<string, unknown> = { ...(item as Row) }
  const sizeOf = (value: unknown): number => (value === undefined ? 0 : JSON.stringify(value).length)
  const shortened = new Set<string>()
  while (sizeOf(row) > max) {
    const [name = '', value] = Object.entries(row).sort(([, a], [, b]) => sizeOf(b) - sizeOf(a))[0] ?? []
    if (typeof value !== 'string' && !Array.isArray(value)) break
    if (value.length < 2) break
    row = { ...row, [name]: value.slice(0, Math.floor(value.length / 2)) }
    shortened.add(name)
  }
  const left = [...shortened].map((name) => {
    const [all, kept] = [(item as Row)[name], row[name]] as readonly { readonly length: number }[]
    return `${name}: ${kept?.length} of ${all?.length}`
  })
  return { ...row, [cutMark]: left.join(', ') }
}
