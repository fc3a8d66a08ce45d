import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isShort, redactor, Secret } from '../../../src/shared/secrets.ts'
import { leakSearch } from '../../support/leak-search.ts'
import { checkProperty, wellFormed } from '../../support/properties/property.ts'

// No piece of a secret remains, whatever it is, wherever it is and however it was encoded; all other text stays.

/** Letters, digits, and other characters of keyboards and generators. */
const anySecret = fc
  .oneof(
    fc.string({ minLength: 8, maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 8, maxLength: 24 }),
    wellFormed().map((text) => `${text}Zq7#xV2!`),
    fc.base64String({ minLength: 24, maxLength: 60 }),
    fc.uuid(),
    fc.stringMatching(/^[\\/+&=%"'<> a-z]{8,30}$/),
  )
  .map((text) => text.trim())
  // A run of blanks or of backslashes counts as one.
  .filter((text) => !isShort(text))

/** Control characters: see the last test about them. */
const strange = /(?![\t\n\r])\p{Cc}/u

const secret = anySecret.filter((text) => !strange.test(text))

const html = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
const named = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
const inAscii = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The encodings of texts on their way; none of them may let a part of a secret through. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'URL-encoded': encodeURIComponent,
  'URL-encoded in small letters': (text) =>
    encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  'URL-encoded as a whole address': encodeURI,
  'form-encoded': (text) => new URLSearchParams({ v: text }).toString().slice(2),
  'in JSON': (text) => JSON.stringify(text).slice(1, -1),
  'in JSON of ASCII alone': inAscii,
  'in JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  'in HTML by number': html,
  'in HTML by name': named,
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64url': (text) => Buffer.from(text).toString('base64url'),
  'in base64 behind one letter': (text) => Buffer.from(`:${text}`).toString('base64'),
  'in base64 behind two': (text) => Buffer.from(`u:${text}`).toString('base64'),
  'in base64url, with text around': (text) => Buffer.from(`user:${text};end`).toString('base64url'),
}

/** Text that is no part of any secret here, nor of an escape that a secret could begin or end with. */
const around = fc.stringMatching(/^(?:| |\n|\[|: |Wörter, |漢字 )$/)

const bound = '§'

/** The substrings of a text; shorter ones occur everywhere. */
function windows(text: string, size: number): string[] {
  return Array.from({ length: Math.max(0, text.length - size + 1) }, (_, at) => text.slice(at, at + size))
}

/** Checks that nothing of the secret remains in this spelling, and that the surrounding text does. */
function expectTakenOut(value: string, spell: (text: string) => string, before = '', after = ''): void {
  const [head, tail, spelled] = [before + bound, bound + after, spell(value)]
  // If the secret consists of characters of the placeholder, nothing can be checked.
  fc.pre(!windows('[masked-by-qualys-mcp]', 4).some((part) => spelled.includes(part)))
  const left = redactor([new Secret(value)]).redact(head + spelled + tail)
  for (const piece of windows(spelled, 6)) expect(left).not.toContain(piece)
  expect(left.startsWith(head) && left.endsWith(tail), left).toBe(true)
  // Text that was encoded along with it in base64 may stay.
  const rest = left.slice(head.length, left.length - tail.length).replaceAll('[masked-by-qualys-mcp]', '')
  expect(rest.length, left).toBeLessThan(12)
}

test.each(Object.entries(spellings))('%s', (_name, spell) => {
  checkProperty(fc.tuple(secret, around, around), 120, ([value, before, after]) =>
    expectTakenOut(value, spell, before, after),
  )
})

test.each([
  ['URL-encoded', encodeURIComponent],
  ['form-encoded', spellings['form-encoded']],
  ['in JSON of ASCII alone', inAscii],
] as const)('with a blank beyond ASCII, %s', (_name, spell = String) => {
  const blank = fc.constantFrom('\u00a0', '\u2028', '\u3000', '\ufeff')
  checkProperty(fc.tuple(secret, blank), 50, ([value, between]) =>
    expectTakenOut(`${value}${between}${value}`, spell),
  )
})

// JSON has short escapes for these two.
test('with a backspace or a form feed, in JSON', () => {
  checkProperty(fc.tuple(secret, fc.constantFrom('\b', '\f')), 50, ([value, between]) =>
    expectTakenOut(`${value}${between}${value}`, (text) => JSON.stringify(text).slice(1, -1)),
  )
})

test('several secrets in one text, one of them part of another', () => {
  checkProperty(
    fc.tuple(secret, secret, fc.shuffledSubarray(Object.values(spellings), { minLength: 3 })),
    60,
    ([a, b, ways]) => {
      const secrets = [a, b, `${a}${b}`]
      const redact = redactor(secrets.map((value) => new Secret(value))).redact
      const text = ways.flatMap((spell) => secrets.map(spell)).join(bound)
      fc.pre(!windows('[masked-by-qualys-mcp]', 4).some((part) => text.includes(part)))
      for (const piece of secrets.flatMap((value) => windows(value, 8)))
        expect(redact(text)).not.toContain(piece)
    },
  )
})

test('JWTs, Bearer and Basic values of any claims', () => {
  const part = fc
    .base64String({ minLength: 12, maxLength: 80 })
    .map((text) => Buffer.from(text).toString('base64url'))
  const claims = fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 20 }), {
    minKeys: 1,
    maxKeys: 4,
  })
  checkProperty(fc.tuple(claims, part, around, around), 150, ([claim, signature, before, after]) => {
    const head = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url')
    const jwt = `${head}.${Buffer.from(JSON.stringify(claim)).toString('base64url')}.${signature}`
    const redact = redactor([]).redact
    // Only letters after "Basic" may be an ordinary word.
    const basic = Buffer.from(`user:${signature}7`).toString('base64')
    fc.pre(/[\d=+/]/.test(basic))
    for (const text of [jwt, `Bearer ${jwt}`, `Basic ${basic}`]) {
      const left = redact(before + bound + text + bound + after)
      for (const piece of windows(text.replace(/^\w+ /, ''), 8)) expect(left).not.toContain(piece)
      expect(leakSearch([signature])(left)).toEqual([])
    }
  })
})

/** What a credential begins with: text that holds it may be one. An address with a user is redacted whatever it holds. */
const credential = /eyJ|ZXlK|bearer|basic|:\\*\/\\*\//i

test('text without a secret is unchanged', () => {
  const strange = new Secret('Kq9$wT!x3Lm#pZ7v')
  const redact = redactor([strange, new Secret('https://user:Vb6^nR%40d8Yc@proxy.example.com:3128')]).redact
  checkProperty(wellFormed(30), 400, (text) => {
    fc.pre(!credential.test(text))
    expect(redact(text)).toBe(text)
  })
})

test('a secret that is too short to be distinguished from words changes no text', () => {
  checkProperty(fc.tuple(fc.string({ maxLength: 7 }), wellFormed(20)), 250, ([value, text]) => {
    fc.pre(!credential.test(text))
    expect(redactor([new Secret(value)]).redact(text)).toBe(text)
  })
})

test('redacting twice changes nothing', () => {
  const text = fc.tuple(secret, wellFormed(), wellFormed(), fc.constantFrom(...Object.values(spellings)))
  checkProperty(text, 300, ([value, before, after, spell]) => {
    const redact = redactor([new Secret(value)]).redact
    const once = redact(before + spell(value) + after)
    expect(redact(once)).toBe(once)
  })
})
