import { closestMatch } from 'leven'
import type { Operation } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError } from '../../../shared/errors.ts'
import { isObject } from '../../../shared/json.ts'
import { quoted } from '../../replies/cells.ts'
import type { Key } from './groups.ts'

const mostNamed = 30

/** The top-level field of a column. */
export const topOf = (name: string): string => name.split('.')[0] ?? name

/** Names of the members at the end of a path, over all rows. */
function namesAt(rows: readonly Row[], path: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const row of rows) {
    const object = path.reduce<unknown>((part, name) => (isObject(part) ? part[name] : undefined), row)
    if (isObject(object)) for (const name of Object.keys(object)) names.add(name)
  }
  return names
}

/**
 * Throws for a column that no row of the first batch has: it is probably misspelled, and all pages need not
 * be read.
 */
export function refuseUnknown(operation: Operation, keys: readonly Key[], rows: readonly Row[]): void {
  const { record, mend, columns, rowTests = {}, testedFields = [] } = operation
  const documented = Object.keys(record.shape).filter((name) => !mend?.has(name))
  const known = [...Object.keys(rowTests), ...documented, ...[...testedFields, ...columns].map(topOf)]
  for (const { label, name } of keys) {
    const path = name.split('.')
    const found = path.map((_, depth) => namesAt(rows, path.slice(0, depth)))
    const unknown = path.findIndex((part, depth) => {
      const names = found[depth] ?? new Set()
      // If no row has the object, its members are unknown.
      const told = depth === 0 ? rows.length > 0 : names.size > 0
      return told && !names.has(part) && !(depth === 0 && known.includes(part))
    })
    if (unknown === -1) continue
    const before = path.slice(0, unknown)
    const there = [...(unknown === 0 ? known : []), ...(found[unknown] ?? [])]
    const fit = [...new Set(there)].map((part) => [...before, part].join('.'))
    const wrong = path.slice(0, unknown + 1).join('.')
    const near = closestMatch(wrong, fit, { maxDistance: Math.max(2, Math.floor(wrong.length / 3)) })
    throw new InputError(
      `No row has ${quoted(label)}.`,
      near === undefined
        ? `There are ${fit
            .slice(0, mostNamed)
            .map((one) => quoted(one))
            .join(', ')}.`
        : `Did you mean ${quoted(near)}?`,
    )
  }
}
