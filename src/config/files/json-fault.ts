import { closestMatch } from 'leven'
import type { z } from 'zod'
import { isObject } from '../../shared/json.ts'
import { quotation } from '../../shared/safe-text.ts'

/** The form of a JSON file that is a list of entries. */
interface ListForm {
  readonly file: z.ZodObject
  readonly entry: z.ZodObject
  /** The member of the file that holds the list. */
  readonly list: string
  /** The member of an entry that names it. */
  readonly name: string
}

/** A place in the file, such as `callers[2].role`. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${String(part)}`))
    .join('')

const memberOf = (value: unknown, part: PropertyKey): unknown =>
  isObject(value) || Array.isArray(value) ? Reflect.get(value, part) : undefined

/** The name of the entry at a place, if it has a good one: a number alone is hard to find in a long file. */
function nameAt(value: unknown, [member, index]: readonly PropertyKey[], form: ListForm): string {
  if (member !== form.list || typeof index !== 'number') return ''
  const name = memberOf(memberOf(memberOf(value, member), index), form.name)
  const schema = form.entry.shape[form.name] as z.ZodType | undefined
  return schema?.safeParse(name).success ? ` (of ${String(name)})` : ''
}

function unknownMember(names: readonly string[], known: readonly string[]): string {
  const [name = ''] = names
  const near = closestMatch(name, known, { maxDistance: 3 })
  return `has the unknown member ${quotation(name.slice(0, 40))}, but may have ${near ?? known.join(', ')}`
}

/** What is wrong with a parsed file, as a clause with the place. It repeats no value. */
export function jsonFault(value: unknown, issue: z.core.$ZodIssue, form: ListForm): string {
  const { path, code, message } = issue
  const where = path.length > 0 ? `${placeOf(path)}${nameAt(value, path, form)}` : 'it'
  if (code === 'unrecognized_keys') {
    const { shape } = path.length > 0 ? form.entry : form.file
    return `${where} ${unknownMember(issue.keys, Object.keys(shape))}`
  }
  const given = path.reduce(memberOf, value)
  if (given === undefined) return `${where} is missing, and ${message}`
  return `${where} ${code === 'invalid_type' && !message.startsWith('must') ? 'must be an object' : message}`
}
