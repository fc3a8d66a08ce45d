import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Binding, Cursor } from '../../../src/session/answer.ts'
import { decodeCursor, encodeCursor } from '../../../src/session/paging/continuation.ts'
import { InputError } from '../../../src/shared/errors.ts'
import { anyJson, anyText, checkProperty } from '../../support/properties/property.ts'

// A token opens to exactly the position it was issued for, for exactly that query, and for no other.

const count = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 127, 128, 2 ** 53 - 1))

/** A sort value that JSON can carry. */
const sortValue: fc.Arbitrary<unknown> = fc.oneof(
  count,
  count.map(String),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt().map(String),
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  anyText(),
  anyJson,
)

const position = (most: number): fc.Arbitrary<Cursor> =>
  fc.tuple(count, fc.array(sortValue, { maxLength: most })).map(([before, rest]) => [before, ...rest])

const binding: fc.Arbitrary<Binding> = fc.record({
  tool: fc.oneof(fc.constantFrom('car_search_jobs', 'car_search_assets'), anyText(3)),
  account: fc.oneof(fc.constantFrom('https://gateway.example.com acme_ab1'), anyText(3)),
  query: fc.dictionary(anyText(2), anyJson, { maxKeys: 4 }),
})

/** As it is sent in the next request: there, 1 and "1" differ, and 0 and -0 are the same. */
const onWire = (value: unknown): string => JSON.stringify(value)

/** The same for a JSON reader, whatever the order of its members. */
const isSame = (a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(JSON.parse(onWire(a)), JSON.parse(onWire(b)))

const refused = (token: string, bound: Binding): void => {
  expect(() => decodeCursor(token, bound)).toThrow(InputError)
}

test('every position is read back, with its types', () => {
  checkProperty(fc.tuple(position(4), binding), 150, ([place, bound]) => {
    const token = encodeCursor(place, bound)
    expect(token).toMatch(/^[\w-]+$/)
    const opened = decodeCursor(token, bound)
    // Far too large sort values are left out: the number of rows before is a position, too.
    const tooLong = Buffer.byteLength(onWire(place)) > 900 && opened.length === 1
    expect(onWire(opened)).toBe(onWire(tooLong ? place.slice(0, 1) : place))
  })
})

test('no position makes a token that is too long to be passed back', () => {
  const long = fc
    .tuple(position(2), fc.nat(3_000))
    .map(([[before, ...rest], more]): Cursor => [before, ...rest, 'x'.repeat(more)])
  checkProperty(long, 150, (place) => {
    const bound = { tool: 'car_search_jobs', account: 'a', query: {} }
    const token = encodeCursor(place, bound)
    expect(token.length).toBeLessThanOrEqual(2_000)
    expect(decodeCursor(token, bound)[0]).toBe(place[0])
  })
})

test('a position of CAR takes at most 64 characters', () => {
  const before = fc.nat(99_999_999)
  const moment = fc.integer({ min: 0, max: 4_102_444_800_000 })
  const name = fc.oneof(count, count.map(String), fc.uuid())
  checkProperty(fc.tuple(before, moment, name), 500, (place) => {
    expect(encodeCursor(place, { tool: 'car_search_jobs', account: 'a', query: {} }).length).toBeLessThan(65)
  })
})

/** What a model may do to a text. */
const damage = fc.tuple(
  fc.constantFrom('change', 'drop', 'insert', 'swap', 'cut', 'repeat'),
  fc.nat(),
  fc.oneof(fc.constantFrom(...'Aa0-_=+/ \n'), anyText(1)),
)

type TokenDamage = typeof damage extends fc.Arbitrary<infer D> ? D : never

function applyDamage(token: string, [how, where, what]: TokenDamage): string {
  const at = where % token.length
  const [before, letter, after] = [token.slice(0, at), token.charAt(at), token.slice(at + 1)]
  switch (how) {
    case 'change':
      return before + what + after
    case 'drop':
      return before + after
    case 'insert':
      return before + what + letter + after
    case 'swap':
      return before + after.charAt(0) + letter + after.slice(1)
    case 'cut':
      return before
    default:
      return token + token.slice(at)
  }
}

test('any damage is an input error', () => {
  checkProperty(fc.tuple(position(2), binding, damage), 600, ([place, bound, damaging]) => {
    const token = encodeCursor(place, bound)
    const other = applyDamage(token, damaging)
    fc.pre(other !== token)
    refused(other, bound)
  })
})

test('any text that is no token is an input error', () => {
  const text = fc.oneof(
    anyText(),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    // A valid version, followed by meaningless bytes.
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from([1, ...bytes]).toString('base64url')),
  )
  checkProperty(fc.tuple(text, binding), 600, ([token, bound]) => refused(token, bound))
})

test('for any other tool, account or query it is an input error', () => {
  checkProperty(fc.tuple(position(2), binding, binding), 600, ([place, bound, other]) => {
    const token = encodeCursor(place, bound)
    for (const part of ['tool', 'account', 'query'] as const) {
      if (isSame(other[part], bound[part])) continue
      refused(token, { ...bound, [part]: other[part] })
    }
  })
})

test('for the same query with one thing changed, added or omitted it is an input error', () => {
  const change = fc.tuple(fc.nat(), anyText(2), anyJson, fc.boolean())
  checkProperty(fc.tuple(position(1), binding, change), 500, ([place, bound, [at, name, value, drop]]) => {
    const token = encodeCursor(place, bound)
    const entries = Object.entries(bound.query)
    const [chosen = name] = entries[at % Math.max(1, entries.length)] ?? []
    const query = Object.fromEntries([
      ...entries.filter(([key]) => key !== chosen),
      ...(drop ? [] : [[chosen, value]]),
    ])
    fc.pre(!isSame(query, bound.query))
    refused(token, { ...bound, query })
  })
})

test('the order of the arguments does not matter', () => {
  checkProperty(fc.tuple(position(1), binding), 150, ([place, bound]) => {
    const query = Object.fromEntries(Object.entries(bound.query).reverse())
    expect(onWire(decodeCursor(encodeCursor(place, bound), { ...bound, query }))).toBe(onWire(place))
  })
})
