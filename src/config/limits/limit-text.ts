import { isObject } from '../../shared/json.ts'

/** A pattern as the operator wrote it: the source has marks around it, and escapes slashes. */
const patternText = ({ source }: RegExp): string =>
  source.replace(/^\^\(\?:(.*)\)\$$/s, '$1').replaceAll('\\/', '/')

const partText = (part: unknown): string => (part instanceof RegExp ? patternText(part) : String(part))

/** An entry of a table: `19218`, `19218@<pin>`, `19218 (path=/tmp/[a-z]+)`. */
function entryText([key, value]: readonly [unknown, unknown]): string {
  if (value === undefined) return String(key)
  if (!(value instanceof Map)) return `${String(key)}@${partText(value)}`
  const parts = [...value].map(([name, pattern]) => `${String(name)}=${partText(pattern)}`)
  return `${String(key)} (${parts.join(', ')})`
}

/** The value of a limit in printable form; undefined for an object of another kind. */
export function limitText(value: unknown, separator = ', '): string | undefined {
  if (value instanceof Map) return [...value].map(entryText).join(separator)
  if (value instanceof Set || Array.isArray(value)) return [...value].map(partText).join(separator)
  return isObject(value) ? undefined : String(value)
}
