import fc from 'fast-check'
import { TestRunner } from 'vitest'

// Every run has the same values: PROPERTY_SEED gives others, PROPERTY_TIMES multiplies their number. A failure
// prints its seed.

const { PROPERTY_SEED = '20261123', PROPERTY_TIMES = '1' } = process.env

/** Shrinking a failing value takes long: the failure is reported before the test times out. */
const timeLimit = (): { interruptAfterTimeLimit?: number } => {
  const timeout = TestRunner.getCurrentTest()?.timeout
  return timeout === undefined ? {} : { interruptAfterTimeLimit: timeout * 0.8 }
}

const parameters = (runs: number) => ({
  seed: Number(PROPERTY_SEED),
  numRuns: runs * Number(PROPERTY_TIMES),
  ...timeLimit(),
})

/** Checks this number of values; a failure shows the smallest failing value found. */
export function checkProperty<T>(arbitrary: fc.Arbitrary<T>, runs: number, check: (value: T) => void): void {
  fc.assert(
    fc.property(arbitrary, (value) => check(value)),
    parameters(runs),
  )
}

/** The same for an asynchronous check. */
export async function checkAsyncProperty<T>(
  arbitrary: fc.Arbitrary<T>,
  runs: number,
  check: (value: T) => Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (value) => check(value)),
    parameters(runs),
  )
}

/** Characters with a meaning in languages, protocols and terminals, and characters that are hard to see. */
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
  ...['<<', '>>', 'More: ', 'Note: ', 'sandbox: ', '[masked-by-qualys-mcp]', 'a', 'b', 'id', 'Windows'],
]

/** Any code units, lone surrogates included. */
const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 4 })

/** Any text of at most `most` pieces. */
export function anyText(most = 12): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...pieces) },
    { weight: 2, arbitrary: fc.string({ maxLength: 8 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
    { weight: 1, arbitrary: units.map((codes) => String.fromCharCode(...codes)) },
  )
  return fc.array(piece, { maxLength: most }).map((parts) => parts.join(''))
}

/** The same without lone surrogates, which no encoding can carry. */
export const wellFormed = (most = 12): fc.Arbitrary<string> =>
  anyText(most).map((text) => withoutLoneSurrogates(text))

/** Without lone surrogates. */
export const withoutLoneSurrogates = (text: string): string => text.replace(/\p{Cs}/gu, '')

/** A JSON value of any shape; its keys include the names of Object.prototype. */
export const anyJson: fc.Arbitrary<unknown> = fc
  .json({ maxDepth: 4, stringUnit: 'grapheme' })
  .map((text) => JSON.parse(text) as unknown)
