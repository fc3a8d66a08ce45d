import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isShort, mask, redactor, Secret } from '../../../src/shared/secrets.ts'
import { commonSpellings, someJwt } from '../../support/leak-search.ts'
import { checkProperty } from '../../support/properties/property.ts'

// A text in which the quick check sees nothing is returned as it is. A backslash makes the check look closer, so the
// full search of the same text shows that nothing is missed.

const secrets = fc
  .oneof(
    fc.string({ minLength: 8, maxLength: 24 }),
    fc.stringMatching(/^[ -~]{8,24}$/),
    fc.stringMatching(/^[ab +%&\\t\t]{8,20}$/),
    fc.constantFrom('two words here', 'a  b\tc  defg', 'tab\\there is', 'https://user:passw0rd@host/x'),
  )
  .filter((text) => !isShort(text.trim()))
  .map((text) => text.trim())

const credentials = fc.constantFrom(
  someJwt,
  `Bearer ${'a1'.repeat(10)}`,
  'Basic ..~~abcd=1234',
  'basic dXNlcjpwYXNzd29yZA==',
  'bASIC Ojpw',
  'https://user:password@host',
  'x://:@h',
  'https://token-of-twenty-letters@host',
  `ZXlK${'a'.repeat(44)}`,
  'eyJabcdefgh.',
)

const spellings = Object.values(commonSpellings)
const blanks = fc.constantFrom(' ', '  ', '\t', '\n ', '+', '%20', '\\n', '&#32;')

/** A secret in some spelling, with its blanks in another. */
const spelled = (secret: string) =>
  fc
    .tuple(fc.nat(spellings.length), blanks)
    .map(([at, blank]) => (spellings[at] ?? String)(secret.replace(/\s+/g, () => blank)))

/** Secrets that begin alike, and one that holds another. */
const related = (secret: string): string[] => [
  secret,
  `user:${secret}`,
  `${secret.slice(0, 5)}-of-another`,
  `${Buffer.from(secret).toString('base64')}`,
]

const trials = secrets.chain((secret) =>
  fc.record({
    all: fc.constant(related(secret)),
    parts: fc.array(fc.oneof(...related(secret).map(spelled), credentials, fc.string(), blanks), {
      maxLength: 5,
    }),
  }),
)

test('the quick check misses nothing that the full search masks', () => {
  checkProperty(trials, 2_000, ({ all, parts }) => {
    const { redact } = redactor(all.map((secret) => new Secret(secret)))
    const text = parts.join('')
    if (redact(text) === text) expect(redact(`${text} \\`)).toBe(`${text} \\`)
  })
})

test('a secret whose blanks differ in a text is masked', () => {
  const { redact } = redactor([new Secret('two words here')])
  for (const text of ['two words here', 'two  words\nhere', 'two+words+here', 'two%20words%20here'])
    expect(redact(text)).toBe(mask)
  expect(redact('two other words')).toBe('two other words')
})
