import type { Redact } from '../../secrets.ts'
import { oneLine } from '../../session/untrusted.ts'
import { cell, firstCell, quoted } from '../cells.ts'
import { fitted, type Reply } from '../reply.ts'
import type { Groups } from './groups.ts'

/** What a walk over a list counted. */
export interface Counted {
  readonly groups: Groups
  /** Rows looked at. */
  readonly scanned: number
  /** True when only some of those count. */
  readonly sifted: boolean
  /** Rows of the list, where Qualys says it. */
  readonly total?: number
  /** Why rows beyond were not looked at, where that is so. */
  readonly wall?: string
  readonly drift: readonly string[]
}

const number = (value: number): string => value.toLocaleString('en')
const plural = (count: number, word: string): string => `${number(count)} ${word}${count === 1 ? '' : 's'}`

/** Stands for a row without a value. */
const none = '-'
const longestCell = 80

/** How many were counted, of how many, and whether that is all. */
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

/** The groups as a table, the largest or latest first, and what the rest comes to. */
export function countReply(
  noun: string,
  counted: Counted,
  top: number,
  budget: number,
  redact: Redact,
): Reply {
  const { groups, wall, total, drift } = counted
  const { keys } = groups
  const all = groups.sorted()
  const by =
    keys.length === 0
      ? ''
      : `; ${plural(all.length, 'group')} by ${keys.map(({ label }) => cell(label)).join(', ')}`
  return fitted({ rows: Math.min(top, all.length), longest: 1, width: 1 }, budget, (extent) => {
    const shown = keys.length === 0 ? [] : all.slice(0, extent.rows)
    const rest = keys.length === 0 ? [] : all.slice(extent.rows)
    const left = rest.reduce((sum, { count }) => sum + count, 0)
    const notes = [
      ...(rest.length > 0 ? [`the rest: ${plural(rest.length, 'group')} with ${number(left)} ${noun}`] : []),
      ...keys.flatMap(({ label }, at) =>
        all.length > 0 && all.every(({ values }) => values[at] === '')
          ? [`No row has a value in ${quoted(label)}.`]
          : [],
      ),
      ...(wall === undefined ? [] : [`Not all was looked at: ${oneLine(wall, 600)}`]),
      ...(drift.length === 0
        ? []
        : [
            `Qualys' rows differ from their documentation: ${drift
              .map((name) => oneLine(name, 80))
              .slice(0, 8)
              .join(', ')}.`,
          ]),
    ]
    const texts = shown.map(({ values, count }) => ({
      values: values.map((value) => cell(redact(value), longestCell) || none),
      count,
    }))
    const lines = texts.map(({ values, count }) => firstCell([...values, count].join('\t')))
    const head = keys.map(({ label }) => cell(label))
    const note = notes.join(' ')
    return {
      summary: headline(noun, counted) + by,
      body: [
        ...(shown.length > 0 ? [[...head, 'count'].join('\t'), ...lines] : []),
        ...notes.map((text) => `Note: ${text}`),
      ].join('\n'),
      rows:
        keys.length === 0
          ? [{ count: groups.rows }]
          : texts.map(({ values, count }) => ({
              ...Object.fromEntries(head.map((name, index) => [name, values[index]])),
              count,
            })),
      ...(total !== undefined && { total }),
      ...(note !== '' && { note }),
    }
  })
}
