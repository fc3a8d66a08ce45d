import { describe, expect, test } from 'vitest'
import { isCovered, redactor, Secret } from '../../../src/shared/secrets.ts'

// Secrets in which any character is escaped, in any way and up to three times, are taken out of a text.

const plain = 'hunter-two-2031'
const odd = 'Vb6^nR%40d8&amp;"Yc\\n/+'
const withBlanks = 'pass word\ttwelve\\x'
const passwords = [plain, odd, withBlanks, 'Grüße-漢字-😀']

type Spell = (character: string) => string

const bytes = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const units = (character: string, prefix = '\\u'): string =>
  character
    .split('')
    .map((unit) => `${prefix}${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
const code = (character: string): number => character.codePointAt(0) ?? 0

const spellings: Readonly<Record<string, Spell>> = {
  'decimal entities': (x) => `&#${code(x)};`,
  'decimal entities with zeros': (x) => `&#000${code(x)};`,
  'hexadecimal entities': (x) => `&#x${code(x).toString(16)};`,
  'hexadecimal entities in capitals, with zeros': (x) => `&#X00${code(x).toString(16).toUpperCase()};`,
  '\\u escapes': (x) => units(x),
  '\\u escapes in capitals': (x) => units(x).toUpperCase().replaceAll('U', 'u'),
  '%u escapes': (x) => units(x, '%u'),
  'percent escapes': bytes,
  'percent escapes in capitals': (x) => bytes(x).toUpperCase(),
}
const all = Object.values(spellings)

const each =
  (spell: Spell) =>
  (text: string): string =>
    [...text].map(spell).join('')
const mixed = (text: string): string => [...text].map((x, at) => all[at % all.length]?.(x) ?? x).join('')
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)
const inHtml = (text: string): string => text.replace(/[&<>"']/g, (x) => `&#${x.charCodeAt(0)};`)
const byName = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

const escapings: Readonly<Record<string, (text: string) => string>> = {
  ...Object.fromEntries(Object.entries(spellings).map(([name, spell]) => [name, each(spell)])),
  'a different escape for each character': mixed,
  'percent of percent': (text) => encodeURIComponent(encodeURIComponent(text)),
  'percent of percent of percent': (text) => encodeURIComponent(encodeURIComponent(encodeURIComponent(text))),
  'percent of every percent escape': (text) => encodeURIComponent(each(bytes)(text)),
  'entities of entities': (text) => inHtml(inHtml(text)),
  'names of names': (text) => byName(byName(text)),
  'entities of every entity': (text) => byName(each((x) => `&#${code(x)};`)(text)),
  'JSON in JSON in JSON': (text) => inJson(inJson(inJson(text))),
  'JSON of every \\u escape': (text) => inJson(each((x) => units(x))(text)),
  'percent of JSON': (text) => encodeURIComponent(inJson(text)),
  'entities of percent': (text) => each((x) => `&#${code(x)};`)(encodeURIComponent(text)),
  'JSON of entities': (text) => inJson(inHtml(text)),
  'a form in a URL': (text) => encodeURIComponent(new URLSearchParams({ v: text }).toString().slice(2)),
}

const cases = passwords.flatMap((password) =>
  Object.entries(escapings).map(([name, spell]) => [name, password, spell] as const),
)

test.each(cases)('%s: %j', (_name, password, spell) => {
  const { redact, cover } = redactor([new Secret(password)])
  const spelled = spell(password)
  expect(redact(`before [${spelled}] after`)).toBe('before [[masked-by-qualys-mcp]] after')
  const covered = cover(`before [${spelled}] after`)
  expect(covered).toHaveLength(`before [${spelled}] after`.length)
  expect([...covered.slice(8, -7)].every(isCovered)).toBe(true)
  expect([covered.slice(0, 8), covered.slice(-7)]).toEqual(['before [', '] after'])
})

test.each([
  ['a letter less', plain.slice(0, -1)],
  ['another letter', plain.replace('t', 'T')],
  ['the beginning', 'Vb6^nR'],
])('%s stays, however it is escaped', (_what, text) => {
  for (const spell of Object.values(escapings)) {
    const spelled = `before [${spell(text)}] after`
    expect(redactor(passwords.map((one) => new Secret(one))).redact(spelled)).toBe(spelled)
  }
})

test('letters alone are no secret whose backslashes make it long', () => {
  const { redact } = redactor([new Secret('a\\b\\c\\d\\e')])
  expect(redact('abcde, a\\b\\c\\d\\e and a\\\\b\\\\c\\\\d\\\\e')).toBe(
    'abcde, [masked-by-qualys-mcp] and [masked-by-qualys-mcp]',
  )
})

describe('a text longer than a window of the search', () => {
  const { redact } = redactor(passwords.map((one) => new Secret(one)))
  const escaped = mixed(plain)

  test.each([0, 1, escaped.length / 2, escaped.length])(
    'keeps nothing across its edge (%d before)',
    (before) => {
      const lead = 'x'.repeat(2 ** 20 - Math.floor(before))
      expect(redact(`${lead}${escaped}${lead}`)).toBe(`${lead}[masked-by-qualys-mcp]${lead}`)
    },
  )
})

// A search that goes back for each near miss would take minutes for two megabytes.
test.each([
  '&#92;',
  '&#92;&#32;',
  '%5C%20',
  '\\u005c',
  '%2525',
  '&amp;amp;#97;',
  '&#0',
  '\\u{0',
  '&aaaa',
  '+',
  'hunter-two-203',
  each((x) => `&#${code(x)};`)('hunter-two-203'),
  mixed('pass word\ttwelve\\'),
])('two megabytes of %j', (piece) => {
  const { redact, cover } = redactor(passwords.map((one) => new Secret(one)))
  const text = piece.repeat(Math.ceil(2_000_000 / piece.length))
  expect(cover(text) === text).toBe(true)
  expect(redact(`${text} ${mixed(odd)} end`) === `${text} [masked-by-qualys-mcp] end`).toBe(true)
})
