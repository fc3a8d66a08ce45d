import { isNothing, isObject } from '../../../src/shared/json.ts'
import { safeText } from '../../../src/shared/safe-text.ts'
import type { PythonRow } from './python.ts'

// The rows of an exported file as docs/exports.md says that they are.

/** A value without what nobody sees: no file has it. */
export function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return safeText(value)
  if (Array.isArray(value)) return value.map(cleaned)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cleaned(part)]))
}

/** Objects within each other of which each field has a column (columns.ts). */
const maxLevels = 8

/** The fields of a row by their dotted names. What is empty has no cell. */
function fieldsOf(row: PythonRow, prefix = '', level = 1): [name: string, value: unknown][] {
  return Object.entries(row).flatMap(([name, value]): [string, unknown][] => {
    if (isNothing(value)) return []
    if (isObject(value) && level < maxLevels) return fieldsOf(value, `${prefix}${name}.`, level + 1)
    return [[prefix + name, value]]
  })
}

/** Text that a spreadsheet would read as a formula begins with `'`. */
const withoutFormula = (text: string): string =>
  /^(?:[\t\n]|\s*[-=+@＝＋－＠])/.test(text) ? `'${text}` : text

function cellOf(value: unknown): string {
  if (typeof value === 'string') return withoutFormula(value)
  return isObject(value) || Array.isArray(value) ? withoutFormula(JSON.stringify(value)) : String(value)
}

/** The filled cells of a row of CSV, and the members of its last column. */
export function filledCells({ other, ...cells }: PythonRow): PythonRow {
  const filled = Object.entries(cells).filter(([, cell]) => cell !== '')
  return { cells: Object.fromEntries(filled), other: JSON.parse(String(other || '{}')) }
}

/** The same for a row as it should be in a file with these columns. */
export function expectedCells(row: PythonRow, columns: readonly string[]): PythonRow {
  const fields = fieldsOf(row)
  const hasColumn = ([name]: readonly [string, unknown]): boolean => columns.includes(name)
  return {
    cells: Object.fromEntries(fields.filter(hasColumn).map(([name, value]) => [name, cellOf(value)])),
    other: Object.fromEntries(fields.filter((field) => !hasColumn(field))),
  }
}
