import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isObject } from '../../../src/shared/json.ts'
import { safeText } from '../../../src/shared/safe-text.ts'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { createCleaner } from '../../../src/tools/exports/row-cleaner.ts'
import { canary } from '../../support/canary.ts'
import { commonSpellings, leakSearch, someJwt } from '../../support/leak-search.ts'
import { checkProperty } from '../../support/properties/property.ts'

// Rows prepared for a file: no secrets, and no invisible characters; types and names stay.

const secret = canary('clean')
const find = leakSearch([secret])
const { cleanRow: row, cleanLine, cleanName: name } = createCleaner(redactor([new Secret(secret)]).redact)

describe('a row', () => {
  test('keeps its types, at any depth', () => {
    const given = { a: 1, b: null, c: true, d: ['x', 2, { e: 'f' }], g: { h: [] }, i: undefined }
    expect(row(given)).toEqual(given)
  })

  test.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['a\r\nb\rc', 'a\nb\nc'],
    ['zero\u200bwidth \u202egpj', 'zerowidth gpj'],
    ['half \ud800 pair', 'half  pair'],
    ['tab\tand line\n', 'tab\tand line\n'],
    ['Größe 🔒', 'Größe 🔒'],
    ['plain ~ text', 'plain ~ text'],
  ])('has %j as %j, in values and in names', (given, clean) => {
    expect(row({ [given]: given, deep: { list: [given] } })).toEqual({
      [clean]: clean,
      deep: { list: [clean] },
    })
    expect(name(given)).toBe(clean)
  })

  test.each([
    ...Object.entries(commonSpellings),
    ['with invisible signs', (text: string) => [...text].join('\u200b')] as const,
    ['coloured in the middle', (text: string) => `${text.slice(0, 9)}\u001b[1m${text.slice(9)}`] as const,
  ])('holds no secret, %s', (_how, spell) => {
    const cleaned = JSON.stringify(
      row({ [spell(secret)]: `before ${spell(secret)} behind`, deep: [{ x: spell(secret) }] }),
    )
    expect(find(cleaned), cleaned).toEqual([])
    expect(cleaned).toContain('[masked-by-qualys-mcp]')
  })
})

test('more names than Qualys has are still cleaned', () => {
  const many = Object.fromEntries(Array.from({ length: 10_050 }, (_, at) => [`f${at}\u200b`, at]))
  const clean = row(many)
  expect(Object.keys(clean)).toHaveLength(10_050)
  expect(clean['f10049']).toBe(10_049)
  expect(name('f0\u200b')).toBe('f0')
})

/** The slow way, value by value. */
function reference(value: unknown): unknown {
  const { redact } = redactor([new Secret(secret)])
  const clean = (text: string): string => {
    const visible = safeText(text)
    return visible === text ? redact(text) : redact(safeText(redact(text)))
  }
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map(reference)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [clean(key), reference(inner)]))
}

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '__proto__',
    'a\u200bb',
    'a\x7fb',
    'Größe',
    '100%',
    '%41',
    'Basic ',
    'dXNlcjpw',
    'x://',
    ':@',
    someJwt,
  ),
  fc.constantFrom(...Object.values(commonSpellings).map((spell) => spell(secret))),
)

const anyRow = fc.dictionary(
  anyText,
  fc.oneof(anyText, fc.double(), fc.boolean(), fc.array(anyText), fc.dictionary(anyText, anyText)),
)

test('a row and its JSON are the same as if every value were cleaned alone', () => {
  checkProperty(anyRow, 2_000, (given) => {
    const expected = JSON.stringify(reference(given))
    expect(JSON.stringify(row(given))).toBe(expected)
    expect(cleanLine(given)).toBe(expected)
  })
})
