import { z } from 'zod'
import { isObject } from '../../../shared/json.ts'
import { type Kind, kindOf, kinds } from './kinds.ts'
import { joinPath, splitPath } from './known-fields.ts'

const count = z.int().min(0)

const fieldSchema = z.strictObject({
  present: count,
  /** How often its parent occurs. */
  of: count,
  kinds: z.partialRecord(z.enum(kinds), count),
})
export type Field = z.output<typeof fieldSchema>

/** The known fields of some objects by path, and the number of fields beside them. */
export const formSchema = z.strictObject({
  fields: z.record(z.string().max(400), fieldSchema),
  unknown: count,
})
export type Form = z.output<typeof formSchema>

function kindCounts(values: readonly unknown[]): Field['kinds'] {
  const counts: Partial<Record<Kind, number>> = {}
  for (const kind of values.map(kindOf)) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** The number of unknown names in objects that have known ones. Objects without any are not looked into. */
function countUnknown(valuesByPath: ReadonlyMap<string, readonly unknown[]>): number {
  const parents = new Set([...valuesByPath.keys()].map((path) => splitPath(path)[0]))
  const names = [...parents].flatMap((parent) => {
    const objects = (valuesByPath.get(parent) ?? []).filter(isObject)
    return [...new Set(objects.flatMap(Object.keys))].map((name) => joinPath(parent, name))
  })
  return names.filter((path) => !valuesByPath.has(path)).length
}

/** The form of some objects. A name that is not among the known paths only counts. */
export function formOf(objects: readonly unknown[], knownPaths: readonly string[]): Form {
  const valuesByPath = new Map([['', objects]])
  const fields: Record<string, Field> = {}
  for (const path of knownPaths) {
    const [parent, name] = splitPath(path)
    const around = valuesByPath.get(parent) ?? []
    const holders = around.filter(isObject)
    const values: readonly unknown[] =
      name === '[]'
        ? around.filter(Array.isArray).flat()
        : holders.filter((holder) => Object.hasOwn(holder, name)).map((holder) => holder[name])
    valuesByPath.set(path, values)
    if (values.length === 0) continue
    const of = name === '[]' ? values.length : holders.length
    fields[path] = { present: values.length, of, kinds: kindCounts(values) }
  }
  return { fields, unknown: countUnknown(valuesByPath) }
}
