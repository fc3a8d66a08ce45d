import fc from 'fast-check'
import { z } from 'zod'
import type { Operation } from '../../../src/operations/operation.ts'
import { isObject } from '../../../src/shared/json.ts'
import { unwrapSchema, wordsIn } from './reference-documented-fields.ts'

// Rows of any read operation, made from its schema, with and without deviations from it.

/** Spellings of the values that the schemas accept, and some that they refuse: each schema takes its own. */
const scalars: readonly unknown[] = [
  ...[
    0,
    1,
    -1,
    1.5,
    19218,
    Number.MAX_SAFE_INTEGER,
    '0',
    '19218',
    '9007199254740993',
    '',
    ' ',
    'text',
    'Ä\n"é,',
  ],
  ...[true, false, 'true', 'false', 'TRUE', 'Yes', 'no', 'Y', 'N', null],
  ...[
    '2026-03-01T10:11:12Z',
    '2026-03-01T10:11:12.123456Z',
    '2026-03-01T10:11:12+02:00',
    '2026-03-01T10:11:12.5+0530',
  ],
  ...[
    '2026-03-01 10:11:12',
    '2026-03-01',
    '2026-02-31T00:00:00Z',
    1772359872,
    1772359872000,
    '1772359872000',
  ],
  ...[
    'U3VjY2Vzcw==',
    'not base64',
    'Mar 1, 2026 10:11:12 AM',
    'SUCCESS',
    'WINDOWS',
    'COMPLETED',
    '=1+1',
    '\u202e',
    '\ud800',
  ],
]

const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...scalars) },
  fc.array(fc.constantFrom(...scalars), { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('id', 'name', 'value', '__proto__', 'x'), fc.constantFrom(...scalars), {
    maxKeys: 3,
  }),
)

/** Values that a schema accepts. */
function acceptedBy(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const inner = unwrapSchema(schema)
  if (inner instanceof z.ZodObject) return objectsOf(inner)
  if (inner instanceof z.ZodArray) return fc.array(acceptedBy(inner.element), { maxLength: 3 })
  const words = inner instanceof z.ZodEnum ? inner.options : []
  const accepted = [...scalars, ...words].filter((value) => z.safeParse(schema, value).success)
  return accepted.length > 0 ? fc.constantFrom(...accepted) : anyValue
}

const objectsOf = (schema: z.ZodObject): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(
    Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, acceptedBy(field)])),
  )

/** An own member of any name, `__proto__` included. */
const withMember = (row: object, name: string, value: unknown): Record<string, unknown> =>
  Object.fromEntries([...Object.entries(row).filter(([other]) => other !== name), [name, value]])

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
const camel = ([first = '', ...rest]: readonly string[]): string => [first, ...rest.map(capital)].join('')

/** Names that a field may get when Qualys renames it. */
const newNames: readonly ((name: string) => string)[] = [
  (name) => wordsIn(name).join('_'),
  (name) => wordsIn(name).join('-'),
  (name) => camel(wordsIn(name).toReversed()),
  (name) => `new${capital(name)}`,
  (name) => `${name}V2`,
  (name) => name.toUpperCase(),
  (name) => wordsIn(name)[0] ?? name,
  (name) => `${name}${'x'.repeat(70)}`,
  () => 'renamed',
]

const nested = (levels: number): unknown =>
  levels === 0 ? 'end' : levels % 2 ? [nested(levels - 1)] : { in: nested(levels - 1) }

const wide = (fields: number): object =>
  Object.fromEntries(Array.from({ length: fields }, (_, at) => [`field${at}`, at]))

/** One way in which a row is not as documented, drawn for a batch so that several of its rows share it. */
type Change = (row: Record<string, unknown>) => unknown

function moved(row: Record<string, unknown>, name: string, to: string): unknown {
  if (!Object.hasOwn(row, name)) return row
  const { [name]: value, ...others } = row
  return withMember(others, to, value)
}

function movedInto(row: Record<string, unknown>, name: string, object: string): unknown {
  if (!Object.hasOwn(row, name) || name === object) return row
  const { [name]: value, ...others } = row
  const inner = others[object]
  return withMember(others, object, withMember(isObject(inner) ? inner : {}, name, value))
}

function changesOf({ record, fieldAliases }: Operation): fc.Arbitrary<Change> {
  const names = Object.keys(record.shape)
  const aliases = [...(fieldAliases?.keys() ?? []), ...(fieldAliases?.values() ?? [])]
  const field = fc.constantFrom(...names, 'id')
  const unknown = fc.constantFrom('unknown', '__proto__', 'constructor', 'state_new', ...aliases)
  return fc.oneof(
    fc.constant<Change>((row) => row),
    field.map(
      (name): Change =>
        (row) =>
          Object.fromEntries(Object.entries(row).filter(([n]) => n !== name)),
    ),
    fc.tuple(field, anyValue).map(
      ([name, value]): Change =>
        (row) =>
          withMember(row, name, value),
    ),
    fc.tuple(field, fc.constantFrom(...newNames)).map(
      ([name, to]): Change =>
        (row) =>
          moved(row, name, to(name)),
    ),
    fc.tuple(field, fc.constantFrom(...names, 'details')).map(
      ([name, to]): Change =>
        (row) =>
          movedInto(row, name, to),
    ),
    fc.tuple(unknown, anyValue).map(
      ([name, value]): Change =>
        (row) =>
          withMember(row, name, value),
    ),
    fc.constant<Change>((row) => withMember(row, 'id', '')),
  )
}

/** Rare and large: rows beyond the bounds, and rows that are no objects. */
const extreme: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>((row) => ({ ...wide(3_000), ...row })),
  fc.constant<Change>((row) => withMember(row, 'deep', nested(40))),
  fc.constantFrom<Change>(
    ...['text', 7, null, true, []].map(
      (value): Change =>
        () =>
          value,
    ),
  ),
)

/** Batches of 1 to 30 rows of an operation; some rows deviate, several of them in the same way. */
export function batchesOf(operation: Operation): fc.Arbitrary<readonly unknown[]> {
  const changes = fc.array(changesOf(operation), { minLength: 1, maxLength: 4 })
  return changes.chain((shared) => {
    const change = fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...shared) },
      { weight: 20, arbitrary: fc.constant<Change>((row) => row) },
      { weight: 1, arbitrary: extreme },
    )
    const drawn = fc.tuple(objectsOf(operation.record), change, change).map(([row, first, second]) => {
      const changed = first(row)
      return isObject(changed) ? second(changed) : changed
    })
    return fc.array(drawn, { minLength: 1, maxLength: 30 })
  })
}
