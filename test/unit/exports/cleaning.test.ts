import { describe, expect, test } from 'vitest'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { createCleaner } from '../../../src/tools/exports/row-cleaner.ts'
import { canary } from '../../support/canary.ts'
import { commonSpellings, leakSearch } from '../../support/leak-search.ts'

// Rows prepared for a file: no secrets, and no invisible characters; types and names stay.

const secret = canary('clean')
const find = leakSearch([secret])
const { cleanRow: row, cleanName: name } = createCleaner(redactor([new Secret(secret)]).redact)

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
