import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isShort, redactor, Secret } from '../../../src/shared/secrets.ts'
import { leakSearch } from '../../support/leak-search.ts'
import { holds, wellFormed } from '../../support/properties/property.ts'

// No piece of a secret is left, whatever it is, wherever it stands and however it was encoded; all else stays.

/** Letters and digits, and whatever else a keyboard or a generator gives. */
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

/** Controls: the last test of them tells more. */
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

/** How texts are encoded on their way; none of them leaves anything of a secret. */
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

/** Text that is no part of any secret here, nor of an escape that one could begin or end with. */
const around = fc.stringMatching(/^(?:| |\n|\[|: |Wörter, |漢字 )$/)

const bound = '§'

/** The windows of a text; shorter ones occur everywhere. */
function windows(text: string, size: number): string[] {
  return Array.from({ length: Math.max(0, text.length - size + 1) }, (_, at) => text.slice(at, at + size))
}

/** Holds that nothing of a secret is left of its spelling, and all of what stands around. */
function taken(value: string, spell: (text: string) => string, before = '', behind = ''): void {
  const [head, tail, spelled] = [before + bound, bound + behind, spell(value)]
  // Where the secret itself is made of what stands instead of it, nothing can be told.
  fc.pre(!windows('[secret]', 4).some((part) => spelled.includes(part)))
  const left = redactor([new Secret(value)])(head + spelled + tail)
  for (const piece of windows(spelled, 6)) expect(left).not.toContain(piece)
  expect(left.startsWith(head) && left.endsWith(tail), left).toBe(true)
  // What was packed along with it in base64 may stay.
  const rest = left.slice(head.length, left.length - tail.length).replaceAll('[secret]', '')
  expect(rest.length, left).toBeLessThan(12)
}

test.each(Object.entries(spellings))('%s', (_name, spell) => {
  holds(fc.tuple(secret, around, around), 120, ([value, before, behind]) =>
    taken(value, spell, before, behind),
  )
})

test.each([
  ['URL-encoded', encodeURIComponent],
  ['form-encoded', spellings['form-encoded']],
  ['in JSON of ASCII alone', inAscii],
] as const)('with a blank beyond ASCII, %s', (_name, spell = String) => {
  const blank = fc.constantFrom('\u00a0', '\u2028', '\u3000', '\ufeff')
  holds(fc.tuple(secret, blank), 50, ([value, between]) => taken(`${value}${between}${value}`, spell))
})

// JSON has letters for these two.
test('with a backspace or a form feed, in JSON', () => {
  holds(fc.tuple(secret, fc.constantFrom('\b', '\f')), 50, ([value, between]) =>
    taken(`${value}${between}${value}`, (text) => JSON.stringify(text).slice(1, -1)),
  )
})

test('several secrets in one text, one of them part of another', () => {
  holds(
    fc.tuple(secret, secret, fc.shuffledSubarray(Object.values(spellings), { minLength: 3 })),
    60,
    ([a, b, ways]) => {
      const secrets = [a, b, `${a}${b}`]
      const redact = redactor(secrets.map((value) => new Secret(value)))
      const text = ways.flatMap((spell) => secrets.map(spell)).join(bound)
      fc.pre(!windows('[secret]', 4).some((part) => text.includes(part)))
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
  holds(fc.tuple(claims, part, around, around), 150, ([claim, signature, before, behind]) => {
    const head = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url')
    const jwt = `${head}.${Buffer.from(JSON.stringify(claim)).toString('base64url')}.${signature}`
    const redact = redactor([])
    // Of letters alone, what follows "Basic" may be a word.
    const basic = Buffer.from(`user:${signature}7`).toString('base64')
    fc.pre(/[\d=+/]/.test(basic))
    for (const text of [jwt, `Bearer ${jwt}`, `Basic ${basic}`]) {
      const left = redact(before + bound + text + bound + behind)
      for (const piece of windows(text.replace(/^\w+ /, ''), 8)) expect(left).not.toContain(piece)
      expect(leakSearch([signature])(left)).toEqual([])
    }
  })
})

/** What a credential begins with: text that holds it may be one. */
const credential = /eyJ|ZXlK|bearer|basic/i

test('text without a secret stays as it is', () => {
  const strange = new Secret('Kq9$wT!x3Lm#pZ7v')
  const redact = redactor([strange, new Secret('https://user:Vb6^nR%40d8Yc@proxy.example.com:3128')])
  holds(wellFormed(30), 400, (text) => {
    fc.pre(!credential.test(text))
    expect(redact(text)).toBe(text)
  })
})

test('a secret that is too short to be told from words takes none away', () => {
  holds(fc.tuple(fc.string({ maxLength: 7 }), wellFormed(20)), 250, ([value, text]) => {
    fc.pre(!credential.test(text))
    expect(redactor([new Secret(value)])(text)).toBe(text)
  })
})

test('what is redacted once stays so', () => {
  const text = fc.tuple(secret, wellFormed(), wellFormed(), fc.constantFrom(...Object.values(spellings)))
  holds(text, 300, ([value, before, behind, spell]) => {
    const redact = redactor([new Secret(value)])
    const once = redact(before + spell(value) + behind)
    expect(redact(once)).toBe(once)
  })
})
