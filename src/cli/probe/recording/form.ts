import { z } from 'zod'
import { isObject } from '../../../shared/json.ts'
import { type Kind, kindOf, kinds } from './kinds.ts'
import { joinPath, type KnownField } from './known-fields.ts'

const count = z.int().min(0)

const fieldSchema = z.strictObject({
  present: count,
  /** How often its parent occurs. */
  of: count,
  kinds: z.partialRecord(z.enum(kinds), count),
})
type Field = z.output<typeof fieldSchema>

/** The known fields of some objects by path, and the number of fields beside them. */
export const formSchema = z.strictObject({ fields: z.record(z.string(), fieldSchema), unknown: count })
export type Form = z.output<typeof formSchema>

function kindCounts(values: readonly unknown[]): Field['kinds'] {
  const counts: Partial<Record<Kind, number>> = {}
  for (const kind of values.map(kindOf)) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** The form of some objects. Names that are not known only count, and objects without a known name do not. */
export function formOf(objects: readonly unknown[], knownFields: readonly KnownField[]): Form {
  const valuesByPath = new Map([['', objects]])
  const fields: Record<string, Field> = {}
  for (const { path, parent, name } of knownFields) {
    const around = valuesByPath.get(parent) ?? []
    const holders = name === '[]' ? around.filter(Array.isArray).flat() : around.filter(isObject)
    const values =
      name === '[]'
        ? holders
        : holders.flatMap((holder) => (Object.hasOwn(holder, name) ? [holder[name]] : []))
    valuesByPath.set(path, values)
    if (values.length > 0)
      fields[path] = { present: values.length, of: holders.length, kinds: kindCounts(values) }
  }
  const parents = new Set(['', ...knownFields.map(({ parent }) => parent)])
  const names = [...parents].flatMap((parent) => {
    const holders = valuesByPath.get(parent)?.filter(isObject) ?? []
    return [...new Set(holders.flatMap(Object.keys))].map((name) => joinPath(parent, name))
  })
  return { fields, unknown: names.filter((path) => !valuesByPath.has(path)).length }
}
