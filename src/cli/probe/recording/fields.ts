import { z } from 'zod'
import { type Kind, kinds } from './kinds.ts'
import { type Sightings, tellableWords, untellable } from './name-privacy.ts'
import { joined, type Shape } from './shape.ts'

/** Stands for every name that may be data. */
const anyName = '{*}'

const count = z.int().min(0)

/** A field with more kinds of values than this tells nothing. */
const mostKinds = 8

/** The most frequent kinds. */
const commonest = (forms: Shape['kinds']): Partial<Record<Kind, number>> =>
  Object.fromEntries([...forms].sort(([, one], [, other]) => other - one).slice(0, mostKinds))

/**
 * One field of the rows of an answer, by its dotted path: how often it occurs, its kinds, and words of
 * Qualys.
 */
const field = z.strictObject({
  path: z.string().regex(/^[\w$@#{}*[\].-]{1,400}$/),
  present: count,
  /** How often its parent occurs. */
  of: count,
  kinds: z
    .partialRecord(z.enum(kinds), count)
    .refine((of) => Object.keys(of).length <= mostKinds, { error: 'has more forms than a field has' }),
  values: z
    .array(z.string().regex(/^[A-Za-z0-9 _-]{1,30}$/))
    .max(20)
    .optional(),
})

export type Field = z.output<typeof field>

const mostFields = 400

/** The fields of one answer, without duplicates. */
export const fields = z
  .array(field)
  .max(mostFields)
  .refine((all) => new Set(all.map(({ path }) => path)).size === all.length, { error: 'has a field twice' })

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1

/** The fields of an object. Names that must not be published are merged into one field. */
function named(shape: Shape, path: readonly string[], seen: Sightings): [string, Shape][] {
  const hidden = untellable(shape, path, seen)
  const told = [...shape.fields].filter(([name]) => !hidden.has(name))
  const rest = [...shape.fields].filter(([name]) => hidden.has(name)).map(([, inner]) => inner)
  const [first, ...others] = rest
  return [
    ...told.sort(byName),
    ...(first ? [[anyName, others.reduce(joined, first)] satisfies [string, Shape]] : []),
  ]
}

function* below(shape: Shape, path: readonly string[], seen: Sightings): Generator<Field> {
  for (const [name, inner] of named(shape, path, seen)) {
    const here = [...path, name]
    yield* one(inner, here, shape.kinds.get('object') ?? 0, seen)
  }
  if (shape.item && shape.item.count > 0) yield* one(shape.item, [...path, '[]'], shape.item.count, seen)
}

function* one(shape: Shape, path: readonly string[], of: number, seen: Sightings): Generator<Field> {
  const values = path.includes(anyName) ? [] : tellableWords(shape, path, seen)
  yield {
    path: path.join('.').replaceAll('.[]', '[]'),
    present: shape.count,
    of,
    kinds: commonest(shape.kinds),
    ...(values.length > 0 && { values }),
  }
  yield* below(shape, path, seen)
}

/** The fields of some objects, one line each. */
export function fieldsOf(shape: Shape, seen: Sightings): Field[] {
  const all: Field[] = []
  for (const found of below(shape, [], seen)) {
    if (all.length >= mostFields) break
    if (field.shape.path.safeParse(found.path).success) all.push(found)
  }
  return all
}
