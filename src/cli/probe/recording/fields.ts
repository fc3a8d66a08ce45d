import { z } from 'zod'
import { type Kind, kinds } from './kinds.ts'
import { type ObservedValues, privateNames, publishableWords } from './name-privacy.ts'
import { mergeShapes, type Shape } from './shape.ts'

/** Replaces every name that may be data. */
const hiddenName = '{*}'

const count = z.int().min(0)

/** Maximum number of kinds of a field. With more of them, they say nothing about the field. */
const maxKinds = 8

/** The most frequent kinds. */
const mostFrequentKinds = (counts: Shape['kinds']): Partial<Record<Kind, number>> =>
  Object.fromEntries([...counts].sort(([, one], [, other]) => other - one).slice(0, maxKinds))

/**
 * One field of the rows of an answer, by its dotted path: how often it occurs, its kinds, and words of
 * Qualys.
 */
const fieldSchema = z.strictObject({
  path: z.string().regex(/^[\w$@#{}*[\].-]{1,400}$/),
  present: count,
  /** How often its parent occurs. */
  of: count,
  kinds: z
    .partialRecord(z.enum(kinds), count)
    .refine((of) => Object.keys(of).length <= maxKinds, { error: 'has more forms than a field has' }),
  values: z
    .array(z.string().regex(/^[A-Za-z0-9 _-]{1,30}$/))
    .max(20)
    .optional(),
})

export type Field = z.output<typeof fieldSchema>

const maxFields = 400

/** The fields of one answer, without duplicates. */
export const fieldsSchema = z
  .array(fieldSchema)
  .max(maxFields)
  .refine((all) => new Set(all.map(({ path }) => path)).size === all.length, { error: 'has a field twice' })

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1

/** The fields of an object. Names that must not be published are merged into one field. */
function publishableFields(
  shape: Shape,
  path: readonly string[],
  observed: ObservedValues,
): [string, Shape][] {
  const hidden = privateNames(shape, path, observed)
  const published = [...shape.fields].filter(([name]) => !hidden.has(name))
  const rest = [...shape.fields].filter(([name]) => hidden.has(name)).map(([, inner]) => inner)
  const [first, ...others] = rest
  return [
    ...published.sort(byName),
    ...(first ? [[hiddenName, others.reduce(mergeShapes, first)] satisfies [string, Shape]] : []),
  ]
}

/** The fields inside the objects and lists of a shape, at any depth. */
function* fieldsInside(shape: Shape, path: readonly string[], observed: ObservedValues): Generator<Field> {
  for (const [name, inner] of publishableFields(shape, path, observed)) {
    yield* fieldAndInside(inner, [...path, name], shape.kinds.get('object') ?? 0, observed)
  }
  if (shape.item && shape.item.count > 0)
    yield* fieldAndInside(shape.item, [...path, '[]'], shape.item.count, observed)
}

function* fieldAndInside(
  shape: Shape,
  path: readonly string[],
  of: number,
  observed: ObservedValues,
): Generator<Field> {
  const values = path.includes(hiddenName) ? [] : publishableWords(shape, path, observed)
  yield {
    path: path.join('.').replaceAll('.[]', '[]'),
    present: shape.count,
    of,
    kinds: mostFrequentKinds(shape.kinds),
    ...(values.length > 0 && { values }),
  }
  yield* fieldsInside(shape, path, observed)
}

/** The fields of some objects, one line each. */
export function fieldsOf(shape: Shape, observed: ObservedValues): Field[] {
  const all: Field[] = []
  for (const field of fieldsInside(shape, [], observed)) {
    if (all.length >= maxFields) break
    if (fieldSchema.shape.path.safeParse(field.path).success) all.push(field)
  }
  return all
}
