import { oneLine } from '../../../shared/safe-text.ts'
import { cell, firstCell, quoted } from '../../replies/cells.ts'
import { driftNote, firstGuess, fitted, type Reply } from '../../replies/reply.ts'
import type { Groups } from './groups.ts'

/** The result of counting a list. */
export interface Counted {
  readonly groups: Groups
  /** Number of rows scanned. */
  readonly scanned: number
  /** True if a filter drops rows. */
  readonly sifted: boolean
  /** Number of rows of the list, if Qualys reports it. */
  readonly total?: number
  /** Why further rows were not scanned; absent if all were. */
  readonly wall?: string
  readonly drift: readonly string[]
}

const number = (value: number): string => value.toLocaleString('en')
const plural = (count: number, word: string): string => `${number(count)} ${word}${count === 1 ? '' : 's'}`

/** The first line: number of rows counted and scanned, and whether that is all. */
function headline(noun: string, { groups, scanned, sifted, total, wall }: Counted): string {
  if (scanned === 0 && wall === undefined) return `no ${noun} found`
  const missing = total !== undefined && scanned < total
  const whole =
    missing || wall !== undefined
      ? `NOT all of ${total === undefined ? 'them' : number(total)}`
      : 'all of them'
  const what = sifted
    ? `${number(groups.rows)} of ${number(scanned)} ${noun} match`
    : `${number(scanned)} ${noun} counted`
  return sifted ? `${what}; looked at ${whole}` : `${what}, ${whole}`
}

/** The groups as a table, largest or latest first, and the sum of the rest. */
export function countReply(noun: string, counted: Counted, top: number, budget: number): Reply {
  const { groups, wall, total, drift } = counted
  const { keys } = groups
  const all = keys.length === 0 ? [] : groups.sorted()
  const head = keys.map(({ label }) => cell(label))
  const countName = head.includes('count') ? 'rows' : 'count'
  const table = all.slice(0, top).map(({ values, count }) => {
    const row = { ...Object.fromEntries(head.map((name, at) => [name, values[at]])), [countName]: count }
    const line = firstCell([...values, count].join('\t'))
    return { row, line, size: Math.max(line.length, JSON.stringify(row).length) + 1 }
  })
  const by = all.length === 0 ? '' : `; ${plural(all.length, 'group')} by ${head.join(', ')}`
  const empty = head.filter((_, at) => all.length > 0 && all.every(({ values }) => values[at] === ''))
  const remarks = [
    ...empty.map((name) => `No row has a value in ${quoted(name)}.`),
    ...(wall === undefined ? [] : [`Not all was looked at: ${oneLine(wall, 600)}`]),
    driftNote(drift),
  ].filter((text) => text !== undefined)

  const rows = firstGuess(table, budget)
  return fitted({ rows, longest: 1, width: 1 }, budget, (extent) => {
    const shown = table.slice(0, extent.rows)
    const rest = all.slice(extent.rows)
    const left = rest.reduce((sum, { count }) => sum + count, 0)
    const notes = [
      ...(rest.length > 0 ? [`the rest: ${plural(rest.length, 'group')} with ${number(left)} ${noun}`] : []),
      ...remarks,
    ]
    const note = notes.join(' ')
    return {
      summary: headline(noun, counted) + by,
      body: [
        ...(shown.length > 0 ? [[...head, countName].join('\t'), ...shown.map(({ line }) => line)] : []),
        ...notes.map((text) => `Note: ${text}`),
      ].join('\n'),
      rows: keys.length === 0 ? [{ count: groups.rows }] : shown.map(({ row }) => row),
      ...(total !== undefined && { total }),
      ...(note !== '' && { note }),
    }
  })
}
