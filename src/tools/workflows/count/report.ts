import type { Deviations } from '../../../session/answer.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { cell, quoteIfNeeded } from '../../replies/cells.ts'
import { deviationsNote } from '../../replies/deviations.ts'
import { rowLine } from '../../replies/line-start.ts'
import { estimateRows, fitToBudget, type Reply } from '../../replies/reply.ts'
import type { Groups } from './groups.ts'

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
  const what = isFiltered
    ? `${formatNumber(groups.rows)} of ${formatNumber(scanned)} ${noun} match${unknown > 0 ? `, ${formatNumber(unknown)} unknown` : ''}`
    : `${rowsOf(scanned, noun)} counted`
  return isFiltered ? `${what}; looked at ${extent}` : `${what}, ${extent}`
}

/** The groups as a table, largest or latest first, and the sum of the rest. */
export function countReply(noun: string, result: CountResult, top: number, budget: number): Reply {
  const { groups, incompleteReason, total, deviations, unknown } = result
  const { keys } = groups
  const all = keys.length === 0 ? [] : groups.sorted()
  const headers = keys.map(({ label }) => cell(label))
  const countName = headers.includes('count') ? 'rows' : 'count'
  const table = all.slice(0, top).map(({ values, count }) => {
    const row = {
      ...Object.fromEntries(headers.map((name, index) => [name, values[index]])),
      [countName]: count,
    }
    const line = rowLine([...values, count].join('\t'))
    return { row, line, size: Math.max(line.length, JSON.stringify(row).length) + 1 }
  })
  const by = all.length === 0 ? '' : `; ${counted(all.length, 'group')} by ${headers.join(', ')}`
  const empty = headers.filter(
    (_, index) => all.length > 0 && all.every(({ values }) => values[index] === ''),
  )
  const remarks = [
    ...empty.map((name) => `No row has a value in ${quoteIfNeeded(name)}.`),
    ...(incompleteReason === undefined ? [] : [`Not all was looked at: ${oneLine(incompleteReason, 600)}`]),
    deviationsNote(deviations),
    ...result.notes,
  ].filter((text) => text !== undefined)

  const rows = estimateRows(table, budget)
  return fitToBudget({ rows, maxTextLength: 1, maxColumns: 1 }, budget, (extent) => {
    const shown = table.slice(0, extent.rows)
    const rest = all.slice(extent.rows)
    const remainingRows = rest.reduce((sum, { count }) => sum + count, 0)
    const notes = [
      ...(rest.length > 0
        ? [`the rest: ${counted(rest.length, 'group')} with ${rowsOf(remainingRows, noun)}`]
        : []),
      ...remarks,
    ]
    const note = notes.join(' ')
    return {
      summary: headline(noun, result) + by,
      body: [
        ...(shown.length > 0 ? [[...headers, countName].join('\t'), ...shown.map(({ line }) => line)] : []),
        ...notes.map((text) => `Note: ${text}`),
      ].join('\n'),
      rows:
        keys.length === 0
          ? [{ count: groups.rows, ...(unknown > 0 && { unknown }) }]
          : shown.map(({ row }) => row),
      ...(total !== undefined && { total }),
      ...(note !== '' && { note }),
    }
  })
}
