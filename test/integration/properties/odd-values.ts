import fc from 'fast-check'
import { anyJson, anyText } from '../../support/properties/property.ts'

// Values that no page of Qualys shows, and alterations of an answer.

const fieldNames = [
  ...[
    'id',
    'list',
    'body',
    'totalCount',
    'errorCode',
    'message',
    'sortValues',
    'data',
    'created',
    'dateTime',
    'title',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'toJSON',
    'hasOwnProperty',
    'length',
    'then',
    '',
    '*',
    'a.b',
    '#text',
    '$',
  ],
  ...[
    'ServiceResponse',
    'responseCode',
    'count',
    'hasMoreRecords',
    'lastId',
    'scriptResult',
    'output',
    'code',
    'text',
  ],
]

/** A value for any place: of an unexpected type, or far too large. */
export const oddValue = fc.oneof(
  anyJson,
  anyText(6),
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    0,
    -1,
    0.5,
    1e308,
    2 ** 53,
    '9007199254740993',
    [],
    {},
    [[]],
    [null],
  ),
  fc.constantFrom<unknown>(
    'x'.repeat(50_000),
    'SGVsbG8=',
    '////',
    '2026-01-01T00:00:00Z',
    '1674216006119',
    8.64e15 + 1,
  ),
  fc.dictionary(fc.constantFrom(...fieldNames), anyJson, { maxKeys: 6 }),
  fc.array(fc.dictionary(fc.constantFrom(...fieldNames), anyJson, { maxKeys: 6 }), { maxLength: 5 }),
)

export type Change = readonly [
  where: number,
  how: 'replace' | 'drop' | 'rename' | 'double',
  name: string,
  value: unknown,
]
export const change: fc.Arbitrary<Change> = fc.tuple(
  fc.nat(),
  fc.constantFrom('replace', 'drop', 'rename', 'double'),
  fc.oneof(fc.constantFrom(...fieldNames), anyText(2)),
  oddValue,
)

/** Every place in a value: the object or list, and the key. */
function places(value: unknown): { holder: Record<string, unknown>; name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...places(holder[name])])
}

/** A copy with one place changed. */
export function applyChange(value: unknown, [where, how, name, other]: Change): unknown {
  const copy: unknown = structuredClone(value)
  const all = places(copy)
  const place = all[where % Math.max(1, all.length)]
  if (!place) return other
  const { holder, name: old } = place
  const was = holder[old]
  if (how === 'drop' || how === 'rename') delete holder[old]
  const isLength = Array.isArray(holder) && name === 'length'
  const key = (how === 'rename' || how === 'double') && !isLength ? name : old
  if (how !== 'drop')
    Object.defineProperty(holder, key, {
      value: how === 'rename' ? was : other,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  return copy
}
