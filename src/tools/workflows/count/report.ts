import type { Deviations } from '../../../session/answer.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { cell, quoteIfNeeded } from '../../replies/cells.ts'
import { deviationsNote } from '../../replies/deviations.ts'
import { rowLine } from '../../replies/line-start.ts'
import { estimateRows, fitToBudget, type Reply } from '../../replies/reply.ts'
import { distinctCell, maxDistinct, unknown } from './distinct.ts'
import { type Group, type Groups, sizeOf } from './groups.ts'
import type { Ranking } from './rank.ts'
import type { Titles } from './titles.ts'

/** The result of counting a list. */
export interface CountResult {
  readonly groups: Groups
  /** Number of rows scanned. */
  readonly scanned: number
  /** True if a filter drops rows. */
  readonly isFiltered: boolean
  /** Number of rows that do not show whether they match. */
  readonly unknown: number
  /** Number of rows of the list, if Qualys reports it. */
  readonly total?: number
  /** Why further rows were not scanned; absent if all were. */
  readonly incompleteReason?: string
  readonly deviations: Deviations
  /** What the reply must say besides, one sentence each. */
  readonly notes: readonly string[]
}

/** `1 job`, `2 jobs`, of the noun `jobs`. */
export const rowsOf = (count: number, noun: string): string => counted(count, noun.replace(/s$/, ''))

const rowsIn = (groups: readonly Group[]): number => groups.reduce((sum, { count }) => sum + count, 0)

/** The first line: number of rows counted and scanned, and whether that is all. */
function headline(
  noun: string,
  { groups, scanned, isFiltered, unknown, total, incompleteReason }: CountResult,
): string {
  if (scanned === 0 && incompleteReason === undefined) return `no ${noun} found`
  const isShort = total !== undefined && scanned < total
  const extent =
    isShort || incompleteReason !== undefined
      ? `NOT all of ${total === undefined ? 'them' : formatNumber(total)}`
      : 'all of them'
  const open = unknown > 0 ? `, ${formatNumber(unknown)} unknown` : ''
  const what = isFiltered
    ? `${formatNumber(groups.rows)} of ${formatNumber(scanned)} ${noun} match${open}`
    : `${rowsOf(scanned, noun)} counted`
  return isFiltered ? `${what}; looked at ${extent}` : `${what}, ${extent}`
}

/** What the numbers of different values leave out. */
function distinctNotes({ distinct, valueless, isFull }: Groups, noun: string): string[] {
  if (!distinct) return []
  const name = quoteIfNeeded(distinct.label)
  return [
    ...(valueless > 0
      ? [`${rowsOf(valueless, noun)} without ${name} ${valueless === 1 ? 'is' : 'are'} in no number of it.`]
      : []),
    ...(isFull
      ? [
          `There are more than ${formatNumber(maxDistinct)} values to keep: narrow the search for exact numbers.`,
        ]
      : []),
  ]
}

/** A column of the table. */
interface TableColumn {
  readonly name: string
  readonly read: (group: Group) => string | number
}

/** The columns of the groups: each key with the title of its ids, then the numbers. */
function columnsOf({ keys, distinct }: Groups, titles: Titles): readonly TableColumn[] {
  const names = keys.map(({ label }) => cell(label))
  const keyColumns = names.flatMap((name, at): TableColumn[] => {
    const title = titles.columns[at]
    return [
      { name, read: ({ values }) => values[at] ?? '' },
      ...(title
        ? [{ name: title.name, read: ({ values }: Group) => title.byId.get(values[at] ?? '') ?? '' }]
        : []),
    ]
  })
  return [
    ...keyColumns,
    { name: names.includes('count') ? 'rows' : 'count', read: ({ count }) => count },
    ...(distinct
      ? [
          {
            name: `different ${cell(distinct.label)}`,
            read: (group: Group) => (group.distinct ? distinctCell(group.distinct) : ''),
          },
        ]
      : []),
  ]
}

const differentValues = (number: number | string, name: string): string =>
  number === unknown ? `different ${name} ${unknown}` : `${number.toLocaleString('en')} different ${name}`

/** How many groups there are, and how many different values over all of them. */
function summaryOf(noun: string, result: CountResult, { kept, small, min }: Ranking): string {
  const { groups } = result
  const names = groups.keys.map(({ label }) => cell(label)).join(', ')
  const all = kept.length + small.length
  const number =
    min === undefined ? counted(all, 'group') : `${formatNumber(kept.length)} of ${counted(all, 'group')}`
  const { distinct, whole } = groups
  const different = distinct && whole ? `; ${differentValues(distinctCell(whole), cell(distinct.label))}` : ''
  return `${headline(noun, result)}${all === 0 ? '' : `; ${number} by ${names}`}${different}`
}

/** What the reply says below its groups. */
function remarksOf(noun: string, result: CountResult, ranking: Ranking, titles: Titles): string[] {
  const { groups, incompleteReason, deviations } = result
  const { kept, small, min } = ranking
  const all = [...kept, ...small]
  const empty = groups.keys.filter((_, at) => all.length > 0 && all.every(({ values }) => values[at] === ''))
  return [
    ...(small.length > 0
      ? [
          `min ${min} leaves out ${counted(small.length, 'group')} with ${rowsOf(rowsIn(small), noun)}, the largest of ${formatNumber(Math.max(...small.map(sizeOf)))}.`,
        ]
      : []),
    ...empty.map(({ label }) => `No row has a value in ${quoteIfNeeded(cell(label))}.`),
    ...(groups.repeated > 0
      ? [`${rowsOf(groups.repeated, noun)} with several values: counted once under each.`]
      : []),
    ...distinctNotes(groups, noun),
    ...(incompleteReason === undefined ? [] : [`Not all was looked at: ${oneLine(incompleteReason, 600)}`]),
    deviationsNote(deviations),
    ...result.notes,
    ...titles.notes,
  ].filter((text) => text !== undefined)
}

/** The groups as a table, largest or latest first, and the sum of the rest. */
export function countReply(
  noun: string,
  result: CountResult,
  ranking: Ranking,
  titles: Titles,
  budget: number,
): Reply {
  const { groups, total } = result
  const { kept, top } = ranking
  const columns = columnsOf(groups, titles)
  const table = kept.slice(0, top).map((group) => {
    const cells = columns.map(({ name, read }) => [name, read(group)] as const)
    const row = Object.fromEntries(cells)
    const line = rowLine(cells.map(([, value]) => value).join('\t'))
    return { row, line, size: Math.max(line.length, JSON.stringify(row).length) + 1 }
  })
  const remarks = remarksOf(noun, result, ranking, titles)
  const summary = summaryOf(noun, result, ranking)
  const whole = {
    count: groups.rows,
    ...(result.unknown > 0 && { unknown: result.unknown }),
    ...(groups.distinct &&
      groups.whole && { [`different ${cell(groups.distinct.label)}`]: distinctCell(groups.whole) }),
  }
  const rows = estimateRows(table, budget)
  return fitToBudget({ rows, maxTextLength: 1, maxColumns: 1 }, budget, (extent) => {
    const shown = table.slice(0, extent.rows)
    const rest = kept.slice(extent.rows)
    const notes = [
      ...(rest.length > 0
        ? [`the rest: ${counted(rest.length, 'group')} with ${rowsOf(rowsIn(rest), noun)}`]
        : []),
      ...remarks,
    ]
    const note = notes.join(' ')
    return {
      summary,
      body: [
        ...(shown.length > 0
          ? [columns.map(({ name }) => name).join('\t'), ...shown.map(({ line }) => line)]
          : []),
        ...notes.map((text) => `Note: ${text}`),
      ].join('\n'),
      rows: groups.keys.length === 0 ? [whole] : shown.map(({ row }) => row),
      ...(total !== undefined && { total }),
      ...(note !== '' && { note }),
    }
  })
}
