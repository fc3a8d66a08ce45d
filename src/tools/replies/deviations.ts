import type { Deviations } from '../../session/answer.ts'
import { maxFields, maxLevels, maxValues } from '../../session/records/row-bounds.ts'
import { formatNumber, texts } from '../../shared/format.ts'
import { oneLine } from '../../shared/safe-text.ts'

const maxDriftEntries = 8

/** The note about fields that are not as documented. Names each operation once. */
function changedFieldsNote({ drift }: Deviations): string | undefined {
  const [first] = drift
  if (first === undefined) return undefined
  const operationOf = (entry: string): string => /^(\w+): /.exec(entry)?.[1] ?? ''
  const named = drift.slice(0, maxDriftEntries).map((entry, at) => {
    const operation = operationOf(entry)
    const field = oneLine(entry.replace(/^\w+: /, ''), 80)
    return operation === operationOf(drift[at - 1] ?? first) ? field : `in ${operation} ${field}`
  })
  const more = drift.length - named.length
  const rest = more > 0 ? [`${formatNumber(more)} more`] : []
  const where = operationOf(first) === '' ? '' : ` in ${operationOf(first)}`
  return `Qualys' rows${where} differ from their documentation: ${[...named, ...rest].join(', ')}.`
}

const beyond = (count: number, noun: string, most: number): string[] =>
  count === 0
    ? []
    : [
        `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'} beyond the first ${formatNumber(most)} of a row`,
      ]

/** What is left out of rows, in one sentence; undefined if nothing is. */
export function leftOutNote({ leftOut }: Deviations): string | undefined {
  if (!leftOut) return undefined
  const { fields, values, isTooDeep } = leftOut
  const parts = [
    ...beyond(fields, 'field', maxFields),
    ...beyond(values, 'value', maxValues),
    ...(isTooDeep ? [`what lies deeper than ${maxLevels} levels`] : []),
  ]
  const last = parts.pop()
  if (last === undefined) return undefined
  const isOne = parts.length === 0 && fields + values <= 1
  const all = parts.length === 0 ? last : `${parts.join(', ')}, and ${last},`
  return `${all[0]?.toUpperCase()}${all.slice(1)} ${isOne ? 'is' : 'are'} left out.`
}

/** The note about fields that are not as documented, and about what is left out of rows. */
export function deviationsNote(deviations: Deviations): string | undefined {
  return texts(changedFieldsNote(deviations), leftOutNote(deviations)).join(' ') || undefined
}
