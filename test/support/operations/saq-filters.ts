import { operations } from '../../../src/operations/index.ts'

// The inputs of SAQ's searches and counts: accepted and refused values.

type Inputs = readonly (readonly [tool: string, argument: string])[]

const saqReadOperations = operations.filter(
  ({ name, effect }) => name.startsWith('saq_') && effect === 'read',
)
const filterOperations = saqReadOperations.filter(({ name }) => /_(search|count)_/.test(name))
export const getOperations = saqReadOperations.filter(({ name }) => /_get_(?!version)/.test(name))

const idNames = /^(id|tagId|campaignId)$/
const numberNames = /^(revision|questionCnt)$/
const wordNames = /^(state|status|workflowType|risk)$/
const flagNames = /^isLibrary$/
const inputsOf = (wanted: (argument: string) => boolean): Inputs =>
  filterOperations.flatMap(({ name, input }) =>
    Object.keys(input)
      .filter(wanted)
      .map((argument) => [name, argument] as const),
  )

export const everyInput = inputsOf(() => true)
export const idInputs = inputsOf((argument) => idNames.test(argument))
export const numberInputs = inputsOf((argument) => numberNames.test(argument))
export const wordInputs = inputsOf((argument) => wordNames.test(argument))
export const flagInputs = inputsOf((argument) => flagNames.test(argument))
export const textInputs = inputsOf(
  (argument) => ![idNames, numberNames, wordNames, flagNames].some((others) => others.test(argument)),
)

/** An address is sent without what stands around it (test/unit/operations/addresses.test.ts). */
export const plainTextInputs = textInputs.filter(([, argument]) => argument !== 'emailAddress')

/** Sent unchanged. */
export const validSearchTexts: readonly string[] = [
  'R&D <b> "c" \'d\' ]]> #1 100% a+b; a,b/c\\d',
  '&amp; &lt; &#65; &#x41; &nbsp;',
  '<![CDATA[x]]> <!-- y --> <?z ?> <!DOCTYPE a>',
  'Grün ß € 漢字 ‏עברית 😀👩‍👩‍👧 \u{10ffff}',
  'one\ntwo\tthree\r\nfour\rfive',
  '  blanks around  ',
  '__proto__',
  'true',
  'null',
  '007',
  'é\u0301\u00a0\u2028\u0085\u007f',
  'x'.repeat(256),
]

export const invalidSearchTexts: readonly (readonly [name: string, value: unknown, says: RegExp])[] = [
  ['blanks', ' \n\t', /must not be empty/],
  ['100 kB', 'x'.repeat(100_000), /must be at most 256 characters/],
  ['one letter too many', 'x'.repeat(257), /must be at most 256 characters/],
  ['100 kB of pictures', '😀'.repeat(25_000), /must be at most 256 characters/],
  ['NUL', 'a\0b', /must be text, not bytes/],
  ['half a character', 'a\ud800b', /must be text, not bytes/],
  ['ESC', 'a\u001b[31mb', /control characters, which XML cannot carry/],
  ['a bell', '\u0007', /control characters/],
  ['a form feed', 'a\fb', /control characters/],
  ['what XML has no place for', 'a\uffffb', /control characters/],
  ['a fraction with an exponent', 7.5e-9, /must be text; write "0\.0000000075"$/],
  ['null in a list', [null], /must be text/],
  ['a list', ['a'], /must be text/],
  ['an object', { value: 'a' }, /must be text/],
]

/** An optional id that is one of these counts as not given. */
export const emptyIds: readonly unknown[] = ['', null]

export const invalidIds: readonly unknown[] = [
  'abc',
  ' ',
  '7 7',
  '1.5',
  1.5,
  -1,
  '-1',
  '+7',
  '007',
  '0x7',
  '7e0',
  '1,2',
  '../1',
  '1/2',
  '1%2F2',
  '1?x=1',
  '1#',
  '１２',
  'Infinity',
  Number.MAX_SAFE_INTEGER + 1,
  '12345678901234567890',
  '9'.repeat(100_000),
  '640002<id>',
  '1&2',
  '😀',
  true,
  { id: 1 },
  '5d3c9a70-93b4-4f0a-b1f7-7c1a0be35c22',
]

export const invalidNumbers: readonly unknown[] = [
  '5.',
  ' ',
  -1,
  1.5,
  1e300,
  '1e1',
  ['+5'],
  [1, -1],
  [null],
  true,
  { word: 1 },
  [[1]],
  'x',
]

export const invalidWords: readonly unknown[] = [
  'drafted',
  'activ',
  'lowest',
  ' ',
  'ANY',
  'ACTIVE,INACTIVE',
  'CLOSED!',
  7,
  true,
  ['x'],
  [null],
  { word: 1 },
]

export const invalidFlags: readonly unknown[] = ['yes', 'on', '1', ' ', 1, 0, [null], [true], { on: true }]
