import fc from 'fast-check'
import { TestRunner } from 'vitest'

// The same values in every run: PROPERTY_SEED gives others, PROPERTY_TIMES so many times as many. What fails prints its seed.

const { PROPERTY_SEED = '20261123', PROPERTY_TIMES = '1' } = process.env

/** To find the smallest value that fails takes long: what was found is told before the test runs out of its time. */
const timeLimit = (): { interruptAfterTimeLimit?: number } => {
  const timeout = TestRunner.getCurrentTest()?.timeout
  return timeout === undefined ? {} : { interruptAfterTimeLimit: timeout * 0.8 }
}

const parameters = (runs: number) => ({
  seed: Number(PROPERTY_SEED),
  numRuns: runs * Number(PROPERTY_TIMES),
  ...timeLimit(),
})

/** Holds for so many values; the smallest one found for which it does not is shown. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, runs: number, check: (value: T) => void): void {
  fc.assert(
    fc.property(arbitrary, (value) => check(value)),
    parameters(runs),
  )
}

/** The same of what takes time. */
export async function holdsLater<T>(
  arbitrary: fc.Arbitrary<T>,
  runs: number,
  check: (value: T) => Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (value) => check(value)),
    parameters(runs),
  )
}

/** What languages, protocols and terminals have a meaning for, and what is hard to see. */
const pieces = [
  ...[
    '"',
    "'",
    '`',
    '\\',
    '\\"',
    '\\u0022',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ':',
    ',',
    ';',
    '*',
    '%',
    '%2F',
    '&',
  ],
  ...['<', '>', '</', ']]>', '<![CDATA[', '<!--', '-->', '<?', '?>', '&amp;', '&#60;', '&lt', '<!DOCTYPE a>'],
  ...[
    '../',
    '/',
    '?',
    '#',
    '@',
    '..',
    'http://',
    '//',
    '\r\n',
    '\n',
    '\r',
    '\t',
    ' ',
    '  ',
    '\u00a0',
    '\u2028',
  ],
  ...['\u0000', '\u0001', '\u001b[31m', '\u007f', '\u0085', '\u009b', '\u200b', '\u202e', '\ufeff', '\ufffe'],
  ...['é', 'ß', 'ﬀ', '漢字', '😀', '👩‍👩‍👧', 'e\u0301', '\ud800', '\udc00', '\u{10ffff}', '\u{e0041}'],
  ...[' AND ', ' or ', 'NOT ', 'null', 'true', '0', '007', '-1', '1e3', '__proto__', 'constructor', 'toJSON'],
  ...['<<', '>>', 'More: ', 'Note: ', 'sandbox: ', '[secret]', 'a', 'b', 'id', 'Windows'],
]

/** Any code units at all, halves of pairs included. */
const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 4 })

/** Any text; `most`: of how many pieces. */
export function anyText(most = 12): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...pieces) },
    { weight: 2, arbitrary: fc.string({ maxLength: 8 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
    { weight: 1, arbitrary: units.map((codes) => String.fromCharCode(...codes)) },
  )
  return fc.array(piece, { maxLength: most }).map((parts) => parts.join(''))
}

/** The same without halves of pairs, which no encoding can carry. */
export const wellFormed = (most = 12): fc.Arbitrary<string> => anyText(most).map((text) => whole(text))

/** Without halves of pairs. */
export const whole = (text: string): string => text.replace(/\p{Cs}/gu, '')

/** A JSON value of any shape, with the names that JavaScript knows among its keys. */
export const anyJson: fc.Arbitrary<unknown> = fc
  .json({ maxDepth: 4, stringUnit: 'grapheme' })
  .map((text) => JSON.parse(text) as unknown)
